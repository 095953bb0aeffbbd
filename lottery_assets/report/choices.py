"""What every admissible jackpot would bring in the coming week, and which rules it would break: for the page and for the UI's picture."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lottery_assets import jackpot
from lottery_assets.jackpot import JackpotProblem, Recommendation
from lottery_assets.jackpot.catalogue import phrase
from lottery_assets.jackpot.plan import Line, feasible, lines
from lottery_assets.jackpot.treasury.pool import RULE as TREASURY
from lottery_assets.weekly import Case

MOST = 400
"""Jackpots that are looked at; of a finer grid, so many equally spaced ones."""


class Left(NamedTuple):
    """What a shared treasury leaves to a country while its other countries stay as they are: the `highest` jackpot, in millions;
    `room`: what all of them may pay in the worst futures, millions of the treasury's currency.
    """

    highest: float
    room: float


@dataclass(frozen=True, eq=False)
class Choices:
    """[n]: one value for each jackpot looked at, ascending; `places` are theirs on the grid. Money in millions."""

    places: np.ndarray
    problem: JackpotProblem
    """At every admissible jackpot, not only those looked at."""
    tickets: np.ndarray
    net_80: np.ndarray
    """[2, n]: lower and upper end of the 80 % band of net revenue."""
    treasury: Left | None = None
    """None: not shared, or not decided yet."""

    @property
    def jackpots(self) -> np.ndarray:
        """[n], millions."""
        return np.asarray(self.problem.jackpots[self.places])

    @property
    def net(self) -> np.ndarray:
        """Expected net revenue, [n], millions."""
        return np.asarray(self.problem.expected_net_revenue[self.places])

    @property
    def payout_ratio(self) -> np.ndarray:
        """Expected, over the 52 weeks that end with the coming one, [n]."""
        return np.asarray((self.problem.prizes_52w / self.problem.sales_52w)[self.places])

    @property
    def rules(self) -> dict[str, Line]:
        """Each rule of the country's own at each jackpot; cash at risk is that of the coming week alone."""
        found = lines(self.problem)
        return {
            name: Line(line.value[self.places], _at(line.limit, self.places), line.slack[self.places], line.unit)
            for name, line in found.items()
        }

    @property
    def holds(self) -> dict[str, np.ndarray]:
        """Whether each rule holds, [n] each; the treasury's among them where it is known."""
        held = {name: line.holds for name, line in self.rules.items()}
        return held if self.treasury is None else held | {TREASURY: self.jackpots <= self.treasury.highest}

    @property
    def keeps_every_rule(self) -> np.ndarray:
        """[n]."""
        allowed = feasible(self.problem)[self.places]
        return np.logical_and.reduce([allowed, *self.holds.values()])

    def at(self, wanted: float) -> int:
        """Place among those looked at of the jackpot nearest to `wanted` [millions]."""
        return int(np.argmin(np.abs(self.jackpots - wanted)))


def choices(its: Case, r: Recommendation, treasury: Left | None = None) -> Choices:
    """Computed from what `r` was decided from; its jackpot and its alternatives are among those looked at."""
    grid = its.config.jackpots
    tickets = its.model.tickets(grid, its.table)
    problem = jackpot.problem(its.config, its.weekly, [tickets])
    keep = (r.jackpot, *(other.jackpot for other in r.alternatives))
    spaced = np.linspace(0, len(grid) - 1, min(len(grid), MOST)).round().astype(int)
    places = np.union1d(spaced, [int(np.argmin(np.abs(grid - wanted))) for wanted in keep]).astype(int)
    band = [jackpot.net_revenue_band(its.config, problem, tickets, int(g), 0.80) for g in places]
    return Choices(places, problem, tickets.mean[places], np.array(band).T, treasury)


def called(rule: str) -> str:
    """A rule for people, the treasury's among them."""
    return "cash of the shared treasury" if rule == TREASURY else phrase(rule)


def _at(limit: np.ndarray | float, places: np.ndarray) -> np.ndarray | float:
    return limit[places] if isinstance(limit, np.ndarray) else limit
