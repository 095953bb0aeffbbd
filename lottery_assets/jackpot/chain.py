"""Where a policy leads: every course that wins can make of it, with its chance, its memory and its money.

A policy says what to announce by the week, last week's fall, the stocks and last week's jackpot. Courses that stand at the same jackpot
with stocks so near that no one could tell are one course.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from lottery_assets.jackpot.horizon import HOLD, Course, Horizon
from lottery_assets.jackpot.risk import Futures, kept, mean_of_the_worst, times_paid

SAME = 0.02
"""Distance of stocks, in log jackpot, within which courses are one."""


@dataclass(frozen=True, eq=False)
class Policy:
    """`action` [H, 2, A, B, G]: place by week, fallen or not, stocks `fast` [A] and `slow` [B], last place; all the same in week 0."""

    action: np.ndarray
    fast: np.ndarray
    slow: np.ndarray

    @property
    def first(self) -> int:
        """Place of the coming week's jackpot."""
        return int(self.action[0].flat[0])

    def next(self, week: int, fell: np.ndarray, fast: np.ndarray, slow: np.ndarray, last: np.ndarray) -> np.ndarray:
        """What is announced after `last`; any shape."""
        return np.asarray(
            self.action[week, fell.astype(int), _nearest(self.fast, fast), _nearest(self.slow, slow), last]
        )


class Courses(NamedTuple):
    """What stands at the start of a week, [N] each: the jackpot announced, the stocks before it, how likely, and where it came from.

    `last`: place of the week before, -1 in the coming one; `fell`: whether that fell.
    """

    place: np.ndarray
    fast: np.ndarray
    slow: np.ndarray
    chance: np.ndarray
    last: np.ndarray
    fell: np.ndarray


@dataclass(frozen=True, eq=False)
class Prospect:
    """A policy's weeks: `courses` of each planned week, and what they bring in expectation, [1, H + HOLD]."""

    courses: tuple[Courses, ...]
    course: Course

    @classmethod
    def of(cls, horizon: Horizon, policy: Policy) -> Self:
        """All courses of a policy."""
        (fast, slow), one = horizon.stocks, np.ones(1)
        now = Courses(np.array([policy.first]), fast * one, slow * one, one, np.array([-1]), np.array([False]))
        seen, sales, payout = [], [], []
        for week in range(horizon.weeks + HOLD):
            lift = horizon.habit.lift(horizon.known(week), now.fast, now.slow) if week else np.zeros(len(now.place))
            sold, paid, falls = horizon.outcome(week, now.place, lift)
            sales.append(now.chance @ sold)
            payout.append(now.chance @ paid)
            if week < horizon.weeks:
                seen.append(now)
            now = _onwards(horizon, policy, week, now, falls)
        sold, paid = np.array(sales), np.array(payout)
        secondary = horizon.secondary_share * sold
        rows = (sold, secondary, paid, sold - secondary - paid - horizon.spent, np.zeros(len(sold)))
        return cls(tuple(seen), Course(*(row[None, :] for row in rows)))

    def covered(self, horizon: Horizon) -> np.ndarray:
        """What is left above the buffer if the dearest jackpot that may be announced falls first, [H], millions."""
        dearest = np.array([horizon.exposure[week, now.place].max() for week, now in enumerate(self.courses)])
        return np.asarray(horizon.cash_before(self.course)[0] - dearest - horizon.first.safety_buffer)


def likeliest(horizon: Horizon, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """The course in which each week's likelier event happens, [H] places; and what each week announces after no win and a win, [H, 2]."""
    path, (fast, slow) = [policy.first], (np.array([stock]) for stock in horizon.stocks)
    either = [[policy.first, policy.first]]
    for week in range(1, horizon.weeks):
        last = np.array([path[-1]])
        lift = horizon.habit.lift(week - 1, fast, slow) if week > 1 else np.zeros(1)
        fell = bool(horizon.outcome(week - 1, last, lift)[2][0] >= 0.5)
        fast, slow = horizon.remembered(fast, slow, last)
        either.append([int(policy.next(week, np.array([event]), fast, slow, last)[0]) for event in (False, True)])
        path.append(either[-1][fell])
    return np.array(path), np.array(either)


def cash_of_the_worst(horizon: Horizon, policy: Policy, futures: Futures) -> float:
    """What `cash_at_risk` holds above the buffer: each future announces what the policy says after its own wins [millions]."""
    everyone = np.arange(len(futures.luck))
    place = np.full(len(everyone), policy.first)
    fast, slow = (np.full(len(everyone), stock) for stock in horizon.stocks)
    cash = np.full(len(everyone), horizon.first.available_cash)
    lowest = cash.copy()
    for week in range(horizon.weeks):
        lift = horizon.habit.lift(week, fast, slow) if week else np.zeros(len(everyone))
        tickets = horizon.tickets[week][futures.node[:, week], place] * np.exp(lift)
        paid = horizon.jackpots[place] * times_paid(horizon, tickets, futures.luck[:, week])
        lowest = np.minimum(lowest, cash - paid)
        cash = cash + kept(horizon, week, tickets) - paid
        fast, slow = horizon.remembered(fast, slow, place)
        if week + 1 < horizon.weeks:
            place = policy.next(week + 1, paid > 0, fast, slow, place)
    return float(mean_of_the_worst(lowest[:, None], horizon.max_cash_breach)[0])


def _onwards(horizon: Horizon, policy: Policy, week: int, now: Courses, falls: np.ndarray) -> Courses:
    """A week later; after the last planned week all courses hold the same jackpot."""
    fast, slow = horizon.remembered(now.fast, now.slow, now.place)
    if week >= horizon.weeks - 1:
        return now._replace(fast=fast, slow=slow, place=np.full_like(now.place, horizon.held))
    fell = np.repeat([False, True], len(now.place))
    last, fast, slow = (np.tile(values, 2) for values in (now.place, fast, slow))
    chance = np.r_[now.chance * (1 - falls), now.chance * falls]
    return _joined(Courses(policy.next(week + 1, fell, fast, slow, last), fast, slow, chance, last, fell))


def _joined(courses: Courses) -> Courses:
    """Courses that nobody could tell apart made one, at their mean stocks."""
    keys = np.zeros(len(courses.place), np.int64)
    stocks = (np.round(stock / SAME).astype(np.int64) for stock in (courses.fast, courses.slow))
    for part in (courses.place, courses.last, courses.fell.astype(int), *stocks):
        part = part - part.min()
        keys = keys * (int(part.max()) + 1) + part
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    chance = np.bincount(group, courses.chance)
    safe = np.maximum(chance, 1e-300)
    fast, slow = (np.bincount(group, courses.chance * stock) / safe for stock in (courses.fast, courses.slow))
    fast, slow = (np.where(chance > 0, mean, one[first]) for mean, one in ((fast, courses.fast), (slow, courses.slow)))
    return Courses(courses.place[first], fast, slow, chance, courses.last[first], courses.fell[first])


def _nearest(grid: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Place on an even grid."""
    if len(grid) == 1:
        return np.zeros(np.shape(value), int)
    return np.clip(np.rint((value - grid[0]) / (grid[1] - grid[0])), 0, len(grid) - 1).astype(int)
