"""A way out where no jackpot keeps every rule: the plan that breaks least, in the order cash, payout ratio, steps, revenue.

It is for people to sign, and never announced by itself.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from lottery_assets.jackpot.changes import longer
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import TOLERANCE, lines
from lottery_assets.jackpot.risk import Futures, Risk, cash_of_the_worst
from lottery_assets.jackpot.search import search

FURTHEST = 52
"""Weeks that a way out is looked for."""
OVER_THE_PLAN = "millions over the plan"


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
        course = ", ".join(f"{week.jackpot:.10g}" for week in self.weeks)
        gives = "; ".join(f"{rule} by {miss:.4g} {unit}" for rule, miss, unit in first.broken)
        until = (
            f"from the week of {self.kept_from} on every rule holds again"
            if self.kept_from
            else "not every rule holds again within the weeks looked at"
        )
        return [
            f"the plan that breaks least, to be signed by people: {course} million from the week of {first.week_start} on",
            f"in its first week it misses {gives or 'no rule'}; {until}",
        ]


def recovery(horizon: Horizon) -> Recovery:
    """The least violation, week by week. In each week the rules are computed apart from the search that found it.

    Where the plan ends before every rule holds again, it is drawn out to a year to see when they do, and its first weeks are shown.
    """
    horizon = replace(horizon, by_ratio=True)  # millions lacking would be fewest where least is sold
    found = _recovery(horizon)
    drained = any(unit == OVER_THE_PLAN for _, _, unit in found.weeks[0].broken)
    if found.kept_from is None and horizon.weeks < FURTHEST and not drained:
        later = _recovery(longer(horizon, FURTHEST))
        return Recovery(later.weeks[: horizon.weeks], later.kept_from)
    return found


def _recovery(horizon: Horizon) -> Recovery:
    anything, futures = np.ones(len(horizon.jackpots), bool), Futures.drawn(horizon)
    by_prizes, _ = search(replace(horizon, by_ratio=False), anything)
    path, _ = search(horizon, anything, by_prizes)
    if _short(horizon, path, futures) > 0:
        path, _ = search(horizon, anything, path, risk=Risk(horizon, futures))
    short = _short(horizon, path, futures)
    weeks = [
        RecoveryWeek(horizon.week_starts[n], float(horizon.jackpots[g]), _broken(horizon, path, n))
        for n, g in enumerate(path)
    ]
    if short > 0:
        over_the_plan = ("cash_at_risk", short, OVER_THE_PLAN)
        others = tuple(one for one in weeks[0].broken if one[0] != "cash_at_risk")
        return Recovery((replace(weeks[0], broken=(*others, over_the_plan)), *weeks[1:]), None)
    kept = None
    for recovered in reversed(weeks):
        if recovered.broken:
            break
        kept = recovered.week_start
    return Recovery(tuple(weeks), kept)


def _short(horizon: Horizon, path: np.ndarray, futures: Futures) -> float:
    """What the mean of the worst futures lacks over the plan, millions; up to rounding."""
    short = horizon.first.safety_buffer - float(cash_of_the_worst(horizon, path[None, :], futures)[0])
    return short if short > TOLERANCE * max(horizon.first.safety_buffer, 1.0) else 0.0


def _broken(horizon: Horizon, path: np.ndarray, number: int) -> tuple[tuple[str, float, str], ...]:
    place = path[number]
    found = lines(horizon.week(number, path)).items()
    return tuple((rule, float(-line.slack[place]), line.unit) for rule, line in found if not line.holds[place])
