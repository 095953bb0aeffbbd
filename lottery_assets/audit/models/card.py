"""What is kept of a fit beside its state: where it came from, how well it does, and what the gates said."""

from datetime import date, datetime
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.demand.card import Calibration, Coefficient, Elasticity, LeftOut
from lottery_assets.demand.carrying import Ageing
from lottery_assets.demand.natural_experiments import NaturalExperiments

Stage = Literal["champion", "retired", "refused", "rolled back"]
REJECTED = "people rejected it in the model registry"
"""Why a fit that passed every gate does not recommend."""
FORECAST = ("week_start", "tickets_sold", "median", "lower_80", "upper_80", "lower_95", "upper_95")


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Version(_Kept):
    """The name of a fit. `version`: SHA-256 of its state; `trained_until`: Monday of the last week it has learnt."""

    country: str
    trained_until: date
    version: str

    @property
    def short(self) -> str:
        """As people read it."""
        return self.version[:12]


class Gate(_Kept):
    """One condition for becoming champion; it holds where `value` is within `limit`, see `gates`."""

    name: str
    passed: bool
    value: float
    limit: float
    unit: str
    reason: str


class Verdict(_Kept):
    """What the gates said of a fit, once and for all. `champion`: the version that it was compared with; None: there was none."""

    champion: Version | None
    gates: tuple[Gate, ...]
    elasticity_change: float | None = Field(description="against the champion's")
    forecast_change: float | None = Field(
        description="of the coming week's log tickets at the champion's usual jackpot, against its own forecast"
    )

    @property
    def passed(self) -> bool:
        """Every gate."""
        return all(gate.passed for gate in self.gates)

    @property
    def why(self) -> tuple[str, ...]:
        """Of the gates that it failed."""
        return tuple(gate.reason for gate in self.gates if not gate.passed)


class Forecast(_Kept):
    """Tickets of one past week: sold, as the fit knew them, and forecast one week ahead from the weeks before it."""

    week_start: date
    tickets_sold: float
    median: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float


class ModelCard(_Kept):
    """Of one version; never changed."""

    version: Version
    registered_at: datetime
    data_version: str | None
    trained_from: date
    weeks: int
    left_out: tuple[LeftOut, ...]
    calibration: Calibration = Field(description="of the rolling forecasts below")
    elasticity: Elasticity
    noise_sd: float
    coefficients: tuple[Coefficient, ...]
    ageing: Ageing
    forecasts: tuple[Forecast, ...] = Field(description="one week ahead, rolling over the last two years")
    verdict: Verdict
    natural_experiments: NaturalExperiments | None = Field(
        None,
        description="weeks announced otherwise than recommended, as far as they were known; null where there were none",
    )

    def as_frame(self) -> pd.DataFrame:
        """Its forecasts, with the columns of `FORECAST`."""
        frame = pd.DataFrame([row.model_dump() for row in self.forecasts], columns=list(FORECAST))
        return frame.assign(week_start=pd.to_datetime(frame["week_start"]))


class Decision(_Kept):
    """What people decided about the champion. `since`: the newest training end that was known then; it holds from fits until then on.

    `replaced`: the champion before; `previous_sha256`: of the file of the decision before.
    """

    kind: Literal["promote", "rollback"]
    champion: Version
    replaced: Version | None
    since: date
    reason: str
    by: str
    at: datetime
    previous_sha256: str | None = None
