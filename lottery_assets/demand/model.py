"""The fitted demand model: a readable document that forecasts without executing code."""

from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.complaints import Caution
from lottery_assets.demand.bands import Tails, nodes
from lottery_assets.demand.card import Calibration, Coefficient, DatedBreak, Elasticity, LeftOut, Memory, UsualPath
from lottery_assets.demand.curve import Curve, density, lattice
from lottery_assets.demand.design import PATH, Centre, bend_beyond, design, shape_columns
from lottery_assets.demand.endogeneity import Endogeneity
from lottery_assets.demand.habit import Habit, Stock
from lottery_assets.demand.tickets import Tickets


class SalesModel(BaseModel):
    """log tickets = level + coefficients x columns + error; the columns are those of `demand.design`."""

    model_config = ConfigDict(frozen=True)

    recipe_without: tuple[str, ...] = Field((), description="parts of the recipe that were switched off")
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
    often_announced: tuple[float, float] = Field(
        description="millions: the range without the four lowest and the four highest; beyond it the curve may bend unseen"
    )
    jackpots_seen: tuple[float, ...] = Field(description="log of millions, deciles of the last 104 weeks")
    coefficients: tuple[Coefficient, ...]
    covariance: tuple[tuple[float, ...], ...] = Field(description="of the coefficients, in their order")
    noise_sd: float = Field(description="standard deviation of log tickets, given the coefficients")
    error_memory: float = Field(description="share of the last week's unexplained error that stays next week")
    memory: Memory
    paths: tuple[UsualPath, UsualPath] = Field(description="in weeks without a win just before, and with one")
    tail_scale: float
    tail_power: float
    member_weights: tuple[float, ...]
    elasticity: Elasticity
    endogeneity: Endogeneity | None = Field(
        description="whether jackpots followed demand; null where it cannot be told"
    )
    calibration: Calibration

    def tickets(self, jackpots: np.ndarray, features: pd.DataFrame, week: int = 0) -> Tickets:
        """Distribution of tickets at each jackpot [G, millions, ascending] in planned week `week` (0: the coming one)."""
        log_jackpots = np.log(np.asarray(jackpots, float))
        curve = self.curve(_planned(features, week), log_jackpots, week)
        futures = curve.futures(Tails(self.tail_scale, self.tail_power).at(nodes()))
        return Tickets(np.asarray(jackpots, float), np.exp(curve.at(log_jackpots, futures)))

    def possible_tickets(self, jackpots: np.ndarray, features: pd.DataFrame, unknown: np.ndarray) -> np.ndarray:
        """Tickets [D, K, G] of the coming week under each of D curves that the weeks learnt from leave possible.

        `unknown` [D, k + 1]: standard normal, one column a coefficient, the last for a bend beyond the jackpots seen; curve d has the
        coefficients mean + root(covariance) unknown[d].
        The same `unknown` handed to models of other weeks asks all of them about the same doubt. K: futures of the week, equally likely,
        given the curve. `jackpots` [G], millions, ascending.
        """
        row = _planned(features, 0)
        log_jackpots = np.log(np.asarray(jackpots, float))
        curve = self.curve(row, log_jackpots)
        value, vector = np.linalg.eigh(self._covariance)
        root = (vector * np.sqrt(np.maximum(value, 0.0))) @ vector.T
        away = unknown[:, :-1] @ root @ self.rows(row, curve.log_jackpot).T
        away += np.multiply.outer(
            unknown[:, -1], bend_beyond(curve.log_jackpot, self.centre.often, float(row["special"].iloc[0]))
        )
        medians = curve.at(log_jackpots, curve.with_deviations(away))
        errors = Tails(self.tail_scale, self.tail_power).at(nodes()) * np.sqrt(self._noise_variance(row))
        return np.exp(medians[:, None, :] + errors[None, :, None])

    def curve(self, row: pd.DataFrame, log_jackpots: np.ndarray, ahead: int = 0) -> Curve:
        """Median and spread of log tickets of the week described by one row of the features; it covers `log_jackpots`.

        `ahead`: weeks between the coming week and this one, in which the last unexplained error fades.
        """
        points = lattice(self.usual_log_jackpot, log_jackpots)
        rows = self.rows(row, points)
        rows[:, -1] = self.error_memory**ahead
        bend = bend_beyond(points, self.centre.often, float(row["special"].iloc[0])) ** 2
        variance = np.einsum("ij,ij->i", rows @ self._covariance, rows) + self._noise_variance(row) + bend
        median = rows @ self._mean - bend / 2  # that sales may bend unseen is no reason to expect more of them
        return Curve.made_to_rise(points, median, np.sqrt(variance), density(points, np.array(self.jackpots_seen)))

    def rows(self, row: pd.DataFrame, log_jackpots: np.ndarray) -> np.ndarray:
        """Columns [n, k] of (level, terms, error) at log jackpots [n] in the week of one row of the features."""
        names = [coefficient.name for coefficient in self.coefficients[1:-1]]
        x = log_jackpots - self.usual_log_jackpot
        plain, won = (path.at(x) for path in self.paths)
        share = self._won_before(row)
        path = {name: (1 - share) * plain[name] + share * won[name] for name in PATH}
        return np.column_stack([design(row, log_jackpots, self.centre, names, path), np.ones(len(log_jackpots))])

    def _noise_variance(self, row: pd.DataFrame) -> float:
        """Of log tickets, given the coefficients; with several draws, what the way to the jackpot adds is part of it."""
        several = float(row["draws"].iloc[0] > 1 and not row["special"].iloc[0])
        plain, won = self.paths
        spread = (1 - self._won_before(row)) * plain.spread + self._won_before(row) * won.spread
        return self.noise_sd**2 + several * spread**2

    def _won_before(self, row: pd.DataFrame) -> float:
        """0 or 1, or how often it happens in a week planned further ahead."""
        return float(row["won_before"].iloc[0])

    def habit(self, features: pd.DataFrame) -> Habit:
        """What jackpots of the planned weeks do to the sales of those after them."""
        planned = features[features["tickets_sold"].isna()]
        worth = {coefficient.name: coefficient.mean for coefficient in self.coefficients}
        fast, slow = (planned[name].to_numpy(float) for name in ("fast_stock", "slow_stock"))
        return Habit(
            fast=Stock(worth.get("fast_stock", 0.0), self.memory.fast, fast),
            slow=Stock(worth.get("slow_stock", 0.0), self.memory.slow, slow, float(planned["tires_above"].iloc[0])),
        )

    def lasting_share(self) -> float:
        """Share of the variance of log tickets, at the usual jackpot, that all coming weeks have in common: the level's doubt."""
        level = self.covariance[0][0]
        return level / (level + self.noise_sd**2)

    def teaches(self, jackpots: np.ndarray) -> np.ndarray:
        """Standard deviations [G, G] by which a week at each jackpot (columns) moves what is believed of log tickets at the others (rows).

        Of level and curve, and of a bend beyond the jackpots seen: jackpots [G, millions]. One week is enough to end that: where it took
        `FEW`, experiments went ever higher. What a week shows holds its error and its noise as well.
        """
        lasting = self._shape_rows(np.log(jackpots))
        lasting[:, 0] = 1.0
        seen = lasting.copy()
        seen[:, -1] = 1.0
        bend = bend_beyond(np.log(jackpots), self.centre.seen)
        spread = np.sqrt(np.einsum("ij,ij->i", seen @ self._covariance, seen) + bend**2 + self.noise_sd**2)
        return np.asarray((lasting @ self._covariance @ seen.T + np.outer(bend, bend)) / spread)

    def doubt(self, jackpots: np.ndarray) -> np.ndarray:
        """Standard deviation [G] of log tickets at jackpots [G, millions] compared with the usual one: the curve's own doubt."""
        rows = self._shape_rows(np.append(np.log(jackpots), self.usual_log_jackpot))
        away = rows[:-1] - rows[-1]
        return np.sqrt(np.einsum("ij,ij->i", away @ self._covariance, away))

    def _shape_rows(self, log_jackpots: np.ndarray) -> np.ndarray:
        """Columns [n, k] of the curve's shape alone, zeros elsewhere."""
        names = [coefficient.name for coefficient in self.coefficients]
        rows = np.zeros((len(log_jackpots), len(names)))
        for name, column in shape_columns(log_jackpots, self.centre).items():
            if name in names:
                rows[:, names.index(name)] = column
        return rows

    def cautions(self, jackpots: "np.typing.ArrayLike") -> list[Caution]:
        """What to keep in mind about the curve at these jackpots [millions]."""
        from lottery_assets.demand.cautions import cautions

        return cautions(self, np.atleast_1d(np.asarray(jackpots, float)))

    @property
    def centre(self) -> Centre:
        """The zero of the columns."""
        seen = (float(np.log(self.lowest_jackpot)), float(np.log(self.highest_jackpot)))
        often = (float(np.log(self.often_announced[0])), float(np.log(self.often_announced[1])))
        return Centre(self.usual_log_jackpot, self.usual_log_price, self.usual_draws, seen, often)

    @cached_property
    def _mean(self) -> np.ndarray:
        return np.array([coefficient.mean for coefficient in self.coefficients])

    @cached_property
    def _covariance(self) -> np.ndarray:
        return np.array(self.covariance)


def _planned(features: pd.DataFrame, week: int) -> pd.DataFrame:
    """The row of planned week `week`."""
    place = int(np.flatnonzero(features["tickets_sold"].isna())[week])
    return features.iloc[place : place + 1]
