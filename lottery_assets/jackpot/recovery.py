"""A way out where no jackpot keeps every rule: the plan that breaks least, in the order cash, payout ratio, steps, revenue.

It is for people to sign, and never announced by itself.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from lottery_assets.jackpot.changes import longer
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import lines
from lottery_assets.jackpot.risk import Futures, Risk, cash_of_the_worst
from lottery_assets.jackpot.search import search

FURTHEST = 52
"""Weeks that a way out is looked for."""


@dataclass(frozen=True)
class RecoveryWeek:
    """One week of the way out; `broken`: how far it misses each rule that it breaks, in the rule's unit."""

    week_start: date
    jackpot: float
    broken: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True)
class Recovery:
    """`kept_from`: the first week from which on every rule holds; None where that is beyond the plan."""

    weeks: tuple[RecoveryWeek, ...]
    kept_from: date | None

    @property
    def sentences(self) -> list[str]:
        """For people."""
        first = self.weeks[0]
        course = ", ".join(f"{week.jackpot:g}" for week in self.weeks)
        gives = "; ".join(f"{rule} by {miss:.4g} {unit}" for rule, miss, unit in first.broken)
        until = (
            f"from the week of {self.kept_from} on every rule holds again"
            if self.kept_from
            else "not every rule holds again within a year"
        )
        return [
            f"the plan that breaks least, to be signed by people: {course} million from the week of {first.week_start} on",
            f"in its first week it misses {gives or 'no rule'}; {until}",
        ]


def recovery(horizon: Horizon) -> Recovery:
    """The least violation, week by week. In each week the rules are computed apart from the search that found it.

    Where the plan ends before every rule holds again, it is drawn out to a year to see when they do.
    """
    found = _recovery(horizon)
    if found.kept_from is None and horizon.weeks < FURTHEST:
        later = _recovery(longer(horizon, FURTHEST))
        return Recovery(found.weeks, later.kept_from)
    return found


def _recovery(horizon: Horizon) -> Recovery:
    anything = np.ones(len(horizon.jackpots), bool)
    path, _ = search(horizon, anything)
    futures = Futures.drawn(horizon)
    if cash_of_the_worst(horizon, path[None, :], futures)[0] < horizon.first.safety_buffer:
        path, _ = search(horizon, anything, path, risk=Risk(horizon, futures))
    weeks = []
    for number, place in enumerate(path):
        week = horizon.week(number, path)
        broken = tuple(
            (rule, float(-line.slack[place]), line.unit) for rule, line in lines(week).items() if not line.holds[place]
        )
        weeks.append(RecoveryWeek(horizon.week_starts[number], float(horizon.jackpots[place]), broken))
    kept = None
    for recovered in reversed(weeks):
        if recovered.broken:
            break
        kept = recovered.week_start
    return Recovery(tuple(weeks), kept)
