"""The fitted demand model: a readable document that forecasts without executing code."""

from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field
from scipy.special import bdtr

from lottery_assets.complaints import Caution
from lottery_assets.demand.bands import Tails, nodes
from lottery_assets.demand.curve import Curve, density, lattice
from lottery_assets.demand.design import Centre, design
from lottery_assets.demand.tickets import Tickets

FEW_WEEKS = 104
RECENT_DAYS = 364
"""A break is news for a year."""
UNLIKELY = 1e-4
IDENTIFIED = 0.6
"""The elasticity counts as learnt when its spread fell below this share of what was believed before any data."""


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
    prior_sd: float
    identified: bool


class DatedBreak(BaseModel):
    """Sales stopped following what had been learnt: the week it began, and the week after whose sales it was noticed."""

    model_config = ConfigDict(frozen=True)

    begun: date
    noticed: date


class SalesModel(BaseModel):
    """log tickets = level + coefficients x columns + error; the columns are those of `demand.design`."""

    model_config = ConfigDict(frozen=True)

    trained_from: date
    trained_until: date
    weeks: int
    left_out: tuple[LeftOut, ...]
    breaks: tuple[DatedBreak, ...] = Field(
        description="changes of level or elasticity; both were learnt anew from there on"
    )
    usual_log_jackpot: float = Field(description="log of millions: the zero of x")
    usual_log_price: float = Field(description="log of local currency")
    usual_draws: float
    lowest_jackpot: float = Field(description="millions, of the weeks learnt from")
    highest_jackpot: float = Field(description="millions, of the weeks learnt from")
    jackpots_seen: tuple[float, ...] = Field(description="log of millions, deciles of the last 104 weeks")
    coefficients: tuple[Coefficient, ...]
    covariance: tuple[tuple[float, ...], ...] = Field(description="of the coefficients, in their order")
    noise_sd: float = Field(description="standard deviation of log tickets, given the coefficients")
    tail_scale: float
    tail_power: float
    member_weights: tuple[float, ...]
    elasticity: Elasticity
    calibration: Calibration

    def tickets(self, jackpots: np.ndarray, features: pd.DataFrame, week: int = 0) -> Tickets:
        """Distribution of tickets at each jackpot [G, millions, ascending] in planned week `week` (0: the coming one)."""
        planned = features[features["tickets_sold"].isna()]
        log_jackpots = np.log(np.asarray(jackpots, float))
        curve = self.curve(planned.iloc[[week]], log_jackpots)
        place, weight = curve.between(log_jackpots)
        futures = curve.futures(Tails(self.tail_scale, self.tail_power).at(nodes()))
        draws = np.exp(futures[:, place] * (1 - weight) + futures[:, place + 1] * weight)
        return Tickets(np.asarray(jackpots, float), draws)

    def curve(self, row: pd.DataFrame, log_jackpots: np.ndarray) -> Curve:
        """Median and spread of log tickets of the week described by one row of the features."""
        return rising_curve(
            row, log_jackpots, self.centre, self._mean, self._covariance, self.noise_sd, np.array(self.jackpots_seen)
        )

    def cautions(self, jackpots: "np.typing.ArrayLike") -> list[Caution]:
        """What to keep in mind about the curve at these jackpots [millions]."""
        asked = np.atleast_1d(np.asarray(jackpots, float))
        found = []
        outside = asked[(asked < self.lowest_jackpot * (1 - 1e-9)) | (asked > self.highest_jackpot * (1 + 1e-9))]
        if outside.size:
            found.append(
                Caution(
                    code="outside_observed_range",
                    message=f"jackpot {', '.join(f'{j:g}' for j in outside)} lies outside {self.lowest_jackpot:g} to "
                    f"{self.highest_jackpot:g} million, the range learnt from: there the elasticity is taken as constant and "
                    "the band is wider",
                )
            )
        if not self.elasticity.identified:
            found.append(
                Caution(
                    code="elasticity_not_identified",
                    message="the jackpots so far say too little about how sales answer to them: elasticity "
                    f"{self.elasticity.mean:.2f} +- {self.elasticity.sd:.2f} is mostly the prior ({self.elasticity.prior_sd:.2f})",
                )
            )
        recent = [found for found in self.breaks if (self.trained_until - found.noticed).days < RECENT_DAYS]
        found += [
            Caution(
                code="demand_break",
                message=f"sales changed in the week of {news.begun} (noticed {news.noticed}); level and elasticity were learnt "
                "anew since, and are less sure than usual",
            )
            for news in recent
        ]
        if self.weeks < FEW_WEEKS:
            found.append(
                Caution(
                    code="few_weeks",
                    message=f"learnt from {self.weeks} weeks only; bands lean on what is usual elsewhere",
                )
            )
        return found

    @property
    def centre(self) -> Centre:
        """The zero of the columns."""
        seen = (float(np.log(self.lowest_jackpot)), float(np.log(self.highest_jackpot)))
        return Centre(self.usual_log_jackpot, self.usual_log_price, self.usual_draws, seen)

    @cached_property
    def _mean(self) -> np.ndarray:
        return np.array([coefficient.mean for coefficient in self.coefficients])

    @cached_property
    def _covariance(self) -> np.ndarray:
        return np.array(self.covariance)


def rising_curve(
    row: pd.DataFrame,
    log_jackpots: np.ndarray,
    centre: Centre,
    mean: np.ndarray,
    covariance: np.ndarray,
    noise_sd: float,
    seen: np.ndarray,
) -> Curve:
    """Curve of one week from the moments of (level, terms, error), [k] and [k, k]; it covers `log_jackpots`."""
    points = lattice(centre.log_jackpot, log_jackpots)
    rows = np.column_stack([design(row, points, centre), np.ones(len(points))])
    variance = np.einsum("ij,ij->i", rows @ covariance, rows) + noise_sd**2
    return Curve.made_to_rise(points, rows @ mean, np.sqrt(variance), density(points, seen))
