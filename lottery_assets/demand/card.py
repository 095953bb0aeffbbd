"""The model's card: what was learnt, from what, how sure it is, how well it would have done."""

from datetime import date

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy.special import bdtr

UNLIKELY = 1e-4


class Coefficient(BaseModel):
    """One term of log tickets: what is believed now, and what was before any data."""

    model_config = ConfigDict(frozen=True)

    name: str
    mean: float
    sd: float
    prior_mean: float
    prior_sd: float


class LeftOut(BaseModel):
    """A week that was not learnt from."""

    model_config = ConfigDict(frozen=True)

    week_start: date
    reason: str


class Calibration(BaseModel):
    """How the model would have done: one-week-ahead forecasts of the last weeks, each made from the weeks before it."""

    model_config = ConfigDict(frozen=True)

    weeks: int
    wape: float | None = Field(description="sum of |sold - expected| over sum of sold, a fraction")
    wape_without_specials: float | None = Field(description="the same over the weeks without a special draw")
    crps: float | None = Field(description="continuous ranked probability score [tickets]")
    inside_80: int = Field(description="weeks inside their 80 % band")
    inside_95: int = Field(description="weeks inside their 95 % band")

    @property
    def least_inside_80(self) -> int:
        """Fewest weeks inside the 80 % band that chance explains, at 1 in 10,000 on each side."""
        return int(np.argmax(self._at_most > UNLIKELY))

    @property
    def most_inside_80(self) -> int:
        """Most weeks, likewise."""
        return int(np.argmax(1 - self._at_most <= UNLIKELY))

    @property
    def _at_most(self) -> np.ndarray:
        """P(at most k weeks inside), k = 0 .. weeks."""
        return bdtr(np.arange(self.weeks + 1), self.weeks, 0.80)

    @property
    def sane(self) -> bool:
        """The 80 % band held a share of weeks that chance explains."""
        return self.least_inside_80 <= self.inside_80 <= self.most_inside_80


class Elasticity(BaseModel):
    """Relative change of tickets for a relative change of the jackpot, at the usual jackpot."""

    model_config = ConfigDict(frozen=True)

    mean: float
    sd: float
    prior_mean: float
    prior_sd: float
    borrowed: float = Field(
        description="share of what is known of it that comes from the prior, the other countries' word"
    )
    identified: bool


class Memory(BaseModel):
    """Stocks of past jackpots: stock next week = memory x stock + (1 - memory) x log jackpot of this week.

    For the slow one, jackpots below `tires_above` of the features count as that.
    """

    model_config = ConfigDict(frozen=True)

    fast: float = Field(description="weekly memory of `fast_stock`, habit")
    slow: float = Field(description="weekly memory of `slow_stock`, fatigue")


class UsualPath(BaseModel):
    """How a week with several draws usually gets to its jackpot, over two years.

    A decision takes the path that is usual at each jackpot, not the one from last week's: in the weeks seen it was partly sales
    that made a jackpot rise, so what such a rise sold is not what an announced one would sell.
    """

    model_config = ConfigDict(frozen=True)

    lowest: float = Field(description="x from which on the path changes with the jackpot")
    highest: float = Field(description="x up to which it does")
    columns: dict[str, tuple[float, float]] = Field(
        description="each column of the path: its value at x = 0, and its slope"
    )
    spread: float = Field(description="standard deviation of log tickets from paths that are not the usual one")

    def at(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """The columns [n] at log jackpots `x` [n] from the usual one."""
        within = np.clip(x, self.lowest, self.highest)
        return {name: level + slope * within for name, (level, slope) in self.columns.items()}


class DatedBreak(BaseModel):
    """Sales stopped following what had been learnt: the week it began, and the week after whose sales it was noticed."""

    model_config = ConfigDict(frozen=True)

    begun: date
    noticed: date
