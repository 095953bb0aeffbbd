"""`no_fall_unless_won`: what is announced next depends on whether the jackpot falls, so the plan is a policy.

Dynamic programming over (week, fallen or not, stocks, last jackpot) (`induction`). Rules on the 52-week ratio hold in expectation over
all courses: they are paid for at prices that cutting planes find, and of the policies met the best that keeps them is taken. Jackpots
that cash does not cover are closed; where cash at risk is short in the futures played through, the dearest jackpots are closed until
it is not. The coming week is announced; of the rest the likeliest course is shown, and what follows a win or none.
"""

from dataclasses import dataclass

import numpy as np

from lottery_assets.jackpot.chain import Policy, Prospect, cash_of_the_worst
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.induction import Program
from lottery_assets.jackpot.risk import Futures
from lottery_assets.jackpot.search import search

POINTS, FEWER = 5, 3
"""Of each stock's grid: to decide, and to see what would be decided otherwise."""
ROUNDS = 3
"""Times that cash is counted on as the policy found before earned it."""


@dataclass(frozen=True, eq=False)
class Decided:
    """`value` [G]: of each first jackpot, rules paid for at `prices`; `bound`: of policies that announce nothing beyond place `cap`."""

    policy: Policy
    prospect: Prospect
    merit: float
    bound: float
    value: np.ndarray
    prices: np.ndarray
    cap: int
    cash_of_the_worst: float

    @property
    def losses(self) -> np.ndarray:
        """What beginning with another jackpot loses, rules paid for, [G], millions."""
        return np.asarray(self.value[self.policy.first] - self.value)


def best_policy(horizon: Horizon, allowed: np.ndarray, futures: Futures, near: Decided | None = None) -> Decided:
    """The best policy whose coming week is one of `allowed` [G]; with `near`, in haste, from one that was best where little differed.

    Where no cap on jackpots keeps cash at risk, the one that comes nearest: the caller looks at `cash_of_the_worst`.
    """
    buffer, lowest, top = horizon.first.safety_buffer, int(np.flatnonzero(allowed)[0]), len(allowed) - 1
    for cap in (top,) if near is None else (min(near.cap + 2, top), near.cap):
        best = _below(horizon, allowed, futures, max(cap, lowest), near)
        if best.cash_of_the_worst >= buffer:
            return best
    low, high = lowest, best.cap
    while best.cash_of_the_worst < buffer and low < high:  # until a first cap keeps it
        high = (low + high) // 2
        tried = _below(horizon, allowed, futures, high, near)
        best = max(best, tried, key=lambda decided: decided.cash_of_the_worst)
    low, high = best.cap + 1, min(2 * best.cap - lowest + 1, top)
    while near is None and low < high:  # and then the highest that does
        middle = (low + high) // 2
        tried = _below(horizon, allowed, futures, middle, best)
        if tried.cash_of_the_worst >= buffer:
            low, best = middle + 1, tried
        else:
            high = middle
    return best


def _below(horizon: Horizon, allowed: np.ndarray, futures: Futures, cap: int, near: Decided | None) -> Decided:
    """The best policy that announces nothing beyond place `cap`.

    Of cash, it first counts on the most that weeks can earn, which bounds every policy; where the policy found earns less and is
    not covered, on what that one earned.
    """
    allowed = allowed & (np.arange(len(allowed)) <= cap)
    path = None if near else np.minimum(search(horizon, allowed)[0], cap)
    cash, bound = _most_cash(horizon), np.inf
    for _ in range(ROUNDS):
        program = Program(horizon, allowed, cap, cash, FEWER if near else POINTS)
        found = program.solved(near.prices if near else None, path, near.policy if near else None)
        bound = bound if np.isfinite(bound) else found.bound
        if found.prospect.covered(horizon).min() >= 0:
            break
        cash = np.minimum(cash, horizon.cash_before(found.prospect.course)[0])
    at_risk = cash_of_the_worst(horizon, found.policy, futures)
    return Decided(
        found.policy, found.prospect, found.merit, max(bound, found.merit), found.value, found.prices, cap, at_risk
    )


def _most_cash(horizon: Horizon) -> np.ndarray:
    """Before each week, if every week before earned the most that any jackpot does, [H], millions."""
    most = [
        float(((1 - horizon.secondary_share) * sales - payout).max() - horizon.marketing[week])
        for week in range(horizon.weeks)
        for sales, payout in [horizon.at(week, 0.0)]
    ]
    room = 1.5 if horizon.habit.matters else 1.0  # memory may lift sales beyond what they are now
    return horizon.first.available_cash + room * np.r_[0.0, np.cumsum(np.maximum(most, 0.0))[:-1]]
