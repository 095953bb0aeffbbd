"""Paths and policies weighed: what they earn, how far inside every rule each week stays, and what a broken rule counts.

A rule is hard in the coming week; in the weeks after it gives only where nothing else is left, at a price that no revenue pays.
"""

from typing import NamedTuple

import numpy as np

from lottery_assets.jackpot.horizon import Course, Horizon

CASH, RATIO, STEP = 1e5, 1e4, 1e3
"""What a million (a week) of cash, of prizes that the ratio lacks, and of a step beyond its limit counts in millions of revenue:
far more than any week earns by it, and what must give last costs most."""
OWED = 1.0
"""What a million of prizes that the floor is owed at the end counts: it breaks no rule, it is still to be paid."""
LUMP = 0.01
"""What a broken rule counts beside what it lacks, as a share of a week's sales."""
YEAR = 52
HAIR = 1e-7
"""Share of that below which a row is broken by rounding only."""


class Appraisal(NamedTuple):
    """Paths weighed: `net` [M], end value included; `slack` [M, R] of every rule and week; `prices` [R] of what is below zero."""

    net: np.ndarray
    slack: np.ndarray
    prices: np.ndarray
    lump: float
    """Millions that every broken row counts beside what it lacks: a hair's breadth is a breach too."""

    def of(self, which: np.ndarray) -> "Appraisal":
        """Some of the paths."""
        return self._replace(net=self.net[which], slack=self.slack[which])

    @property
    def merit(self) -> np.ndarray:
        """[M], millions."""
        lacking = np.maximum(-self.slack, 0.0)
        broken = (lacking > self.lump * HAIR) & (self.prices > OWED)
        return np.asarray(self.net - (lacking + self.lump * broken) @ self.prices)


def appraise(horizon: Horizon, paths: np.ndarray) -> Appraisal:
    """What paths earn, end value included, and how far inside every rule each week stays."""
    paths = np.asarray(paths, int)
    p, weeks = horizon.first, horizon.weeks
    course = horizon.course(paths)
    ratio = appraise_ratio(horizon, course)
    exposure = horizon.exposure[np.arange(weeks), paths]
    covered = horizon.cash_before(course) - exposure - p.safety_buffer
    steps = np.diff(horizon.jackpots[paths], axis=1, prepend=p.last_jackpot)
    slack = [(covered, CASH)]
    if p.max_step_up is not None:
        slack.append((p.max_step_up - steps, STEP))
    if p.max_step_down is not None:
        slack.append((steps + p.max_step_down, STEP))
    if p.no_fall_unless_won:  # a path is blind to wins: it never falls
        slack.append((steps[:, int(p.won_last_week) :], STEP))
    prices = np.concatenate([ratio.prices, *(np.full(rows.shape[1], price) for rows, price in slack)])
    return ratio._replace(slack=np.hstack([ratio.slack, *(rows for rows, _ in slack)]), prices=prices)


def appraise_ratio(horizon: Horizon, course: Course) -> Appraisal:
    """The same by the rules of the 52-week ratio alone, of what weeks bring in expectation."""
    p, weeks = horizon.first, horizon.weeks
    prizes, sales = horizon.over_52_weeks(course)
    inside = [prizes - p.min_payout_ratio_12m * sales]
    if p.max_payout_ratio_12m is not None:
        inside.append(p.max_payout_ratio_12m * sales - prizes)
    if horizon.by_ratio:
        inside = [rows / sales * YEAR * horizon.first.expected_sales.mean() for rows in inside]
    slack = [inside[0][:, -1:], *(rows[:, :weeks] for rows in inside)]
    return Appraisal(course.net.sum(axis=1), np.hstack(slack), ratio_prices(horizon), lump(horizon))


def ratio_prices(horizon: Horizon) -> np.ndarray:
    """What a million that each row of the ratio's rules lacks counts, [R]: owed at the end, floor, ceiling."""
    rules = 1 if horizon.first.max_payout_ratio_12m is None else 2
    return np.r_[OWED, np.full(rules * horizon.weeks, RATIO)]


def rows(horizon: Horizon) -> list[str]:
    """Names of the rows of `appraise`'s slack, as the program has them, [R]."""
    p = horizon.first
    rules = ["payout_ratio_floor"]
    rules += ["payout_ratio_ceiling"] if p.max_payout_ratio_12m is not None else []
    rules += ["cash_cover"]
    rules += ["step_up"] if p.max_step_up is not None else []
    rules += ["step_down"] if p.max_step_down is not None else []
    weeks = range(int(p.won_last_week), horizon.weeks if p.no_fall_unless_won else 0)
    never = [f"no_fall_unless_won[{week}]" for week in weeks]
    return ["payout_ratio_floor_end", *(f"{rule}[{week}]" for rule in rules for week in range(horizon.weeks)), *never]


def merit(horizon: Horizon, paths: np.ndarray) -> np.ndarray:
    """Expected net revenue of plan and end value, less what broken rules count, [M]; millions."""
    return appraise(horizon, paths).merit


def lump(horizon: Horizon) -> float:
    """What a broken rule counts beside what it lacks, millions."""
    return LUMP * float(horizon.first.expected_sales.mean())
