"""`decision.json`: one decision about one week's recommendation."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.audit import Code
from lottery_assets.jackpot.recommendation import Rounded, Rule


class JudgedFrom(Code):
    """What a jackpot was judged from where there is no record that names it. `available_cash`: millions, None where it is a line of the
    configuration.
    """

    data_version: str
    data_source: str
    data_remote: str | None
    config_sha256: str
    available_cash: float | None
    model_version: str


class SignOff(BaseModel):
    """Money in millions of the country's currency. It names the recommendation and the decision before it by their digests."""

    model_config = ConfigDict(frozen=True)

    country: str
    week_start: date
    currency: str
    decision: Literal["approved", "overridden", "without_advice"]
    jackpot: Rounded = Field(description="to be announced")
    recommended_jackpot: Rounded | None = None
    not_recommended: str | None = Field(None, description="why nothing was recommended, where nothing was")
    by: str
    reason: str | None = None
    decided_at: datetime
    rules: tuple[Rule, ...] = Field(description="at the jackpot to be announced")
    broken: tuple[str, ...] = Field(
        (), description="rules that it breaks, or that cannot be checked for one country alone"
    )
    despite_rules: bool = False
    expected_net_revenue: Rounded
    expected_difference: Rounded | None = Field(
        None, description="expected net revenue of the week, less that at the recommended jackpot"
    )
    difference_80: tuple[Rounded, Rounded] | None = Field(
        None, description="its band, over what the demand curve may be"
    )
    judged_from: JudgedFrom | None = None
    recommendation_sha256: str | None = None
    previous_sha256: str | None = Field(None, description="of the decision before this one, where there is one")

    def as_bytes(self) -> bytes:
        """The file's content."""
        return self.model_dump_json(indent=1).encode() + b"\n"
