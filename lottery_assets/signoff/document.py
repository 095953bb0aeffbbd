"""`decision.json`: one decision about one week's recommendation."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.jackpot.recommendation import Rounded, Rule


class SignOff(BaseModel):
    """Money in millions of the country's currency. It names the recommendation and the decision before it by their digests."""

    model_config = ConfigDict(frozen=True)

    country: str
    week_start: date
    currency: str
    decision: Literal["approved", "overridden"]
    jackpot: Rounded = Field(description="to be announced")
    recommended_jackpot: Rounded
    by: str
    reason: str | None = None
    decided_at: datetime
    rules: tuple[Rule, ...] = Field(description="at the jackpot to be announced")
    broken: tuple[str, ...] = Field(
        (), description="rules that it breaks, or that cannot be checked for one country alone"
    )
    despite_rules: bool = False
    expected_net_revenue: Rounded
    expected_difference: Rounded = Field(
        description="expected net revenue of the week, less that at the recommended jackpot"
    )
    difference_80: tuple[Rounded, Rounded] = Field(description="its band, over what the demand curve may be")
    recommendation_sha256: str
    previous_sha256: str | None = Field(None, description="of the decision before this one, where there is one")

    def as_bytes(self) -> bytes:
        """The file's content."""
        return self.model_dump_json(indent=1).encode() + b"\n"
