"""`no_fall_unless_won`: the policy against every policy there is, and against the linear program over occupation measures."""

import numpy as np
import pytest
from scipy.optimize import linprog

from lottery_assets.jackpot import NoRecommendation, decide_ahead
from lottery_assets.jackpot.horizon import HOLD, Horizon
from lottery_assets.jackpot.plan import feasible
from lottery_assets.jackpot.winners import chance_of_a_win
from lottery_assets_tests.jackpot.horizons import random_horizon

PLENTY = {"available_cash": 1e5, "safety_buffer": 0.0}
FREE = {"min_payout_ratio_12m": 0.0, "max_payout_ratio_12m": None, **PLENTY}


def may_follow(horizon: Horizon, last: int, fallen: bool) -> np.ndarray:
    p, change = horizon.first, horizon.jackpots - horizon.jackpots[last]
    up = np.inf if p.max_step_up is None else p.max_step_up
    down = np.inf if p.max_step_down is None else p.max_step_down
    return np.flatnonzero((change <= up + 1e-9) & (change >= -down - 1e-9) & (fallen | (change >= 0)))


def week(horizon: Horizon, number: int, lift: float) -> tuple[np.ndarray, np.ndarray]:
    """Net revenue and chance of a fall at every jackpot."""
    known = horizon.known(number)
    sales, payout = horizon.at(known, lift)
    falls = chance_of_a_win(horizon.tickets[known] * np.exp(lift), horizon.chance).mean(axis=0)
    return (1 - horizon.secondary_share) * sales - payout, horizon.first.chance_falls if number == 0 else falls


def lift_after(horizon: Horizon, path: list[int], number: int) -> float:
    fast, slow = horizon.habit.fast.start, horizon.habit.slow.start
    for place in path:
        fast = horizon.habit.fast.after(fast, horizon.log_jackpots[place])
        slow = horizon.habit.slow.after(slow, horizon.log_jackpots[place])
    return float(horizon.habit.lift(horizon.known(number), fast, slow)) if number else 0.0


def best_of_all(horizon: Horizon, path: list[int], fallen: bool) -> float:
    """Highest expected net revenue from here on, over everything that may depend on all that happened before."""
    number = len(path)
    if number == horizon.weeks:
        held, later = horizon.held, range(number, number + HOLD)
        return sum(week(horizon, n, lift_after(horizon, path + [held] * (n - number), n))[0][held] for n in later)
    places = np.flatnonzero(feasible(horizon.first)) if not path else may_follow(horizon, path[-1], fallen)
    net, falls = week(horizon, number, lift_after(horizon, path, number))
    return max(
        net[g]
        + falls[g] * best_of_all(horizon, [*path, g], True)
        + (1 - falls[g]) * best_of_all(horizon, [*path, g], False)
        for g in places
    )


@pytest.mark.parametrize("seed", range(12))
def test_without_memory_no_policy_of_any_kind_earns_more(seed):
    horizon = random_horizon(seed, 3, 6, no_fall_unless_won=True, **FREE)
    if feasible(horizon.first).any():
        plan = decide_ahead(horizon).plan
        assert plan.merit == pytest.approx(best_of_all(horizon, [], False), rel=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_with_memory_the_best_of_all_policies_earns_hardly_more(seed):
    horizon = random_horizon(seed, 3, 6, memory=True, no_fall_unless_won=True, **FREE)
    if feasible(horizon.first).any():
        plan = decide_ahead(horizon).plan
        assert plan.merit >= best_of_all(horizon, [], False) * (1 - 1e-3)


def occupation_measures(horizon: Horizon) -> float | None:
    """Highest expected merit of all policies that may throw dice, ratio in expectation: a linear program over (week, last, fallen, next)."""
    allowed, size = feasible(horizon.first), len(horizon.jackpots)
    tables = [week(horizon, number, 0.0) for number in range(horizon.weeks)]
    sales, payout = (np.array(v) for v in zip(*(horizon.at(n, 0.0) for n in range(horizon.weeks)), strict=True))
    prizes = payout + horizon.secondary_share * sales
    flows = [(0, -1, 0, g) for g in np.flatnonzero(allowed)]
    for number in range(1, horizon.weeks):
        flows += [(number, j, f, g) for j in range(size) for f in (0, 1) for g in may_follow(horizon, j, bool(f))]
    gain = np.array([tables[t][0][g] for t, _, _, g in flows])
    course = horizon.course(np.zeros((1, horizon.weeks), int))
    held = [
        float(values[0, horizon.weeks :].sum())
        for values in (course.net, course.sales, course.secondary + course.payout)
    ]
    balance = np.zeros((1 + (horizon.weeks - 1) * size * 2, len(flows)))
    for n, (t, j, f, g) in enumerate(flows):
        balance[0, n] = t == 0
        if t:
            balance[1 + (t - 1) * 2 * size + 2 * j + f, n] -= 1
        if t + 1 < horizon.weeks:
            falls = tables[t][1][g]
            balance[1 + t * 2 * size + 2 * g + 1, n] += falls
            balance[1 + t * 2 * size + 2 * g, n] += 1 - falls
    p = horizon.first
    rows, limits = [], []
    for t in range(horizon.weeks):
        before = np.array([u <= t for u, *_ in flows])
        lacking = np.array([p.min_payout_ratio_12m * sales[u, g] - prizes[u, g] for u, _, _, g in flows])
        rows.append(before * lacking)
        limits.append(horizon.past_prizes[t] - p.min_payout_ratio_12m * horizon.past_sales[t])
    rows.append(np.array([p.min_payout_ratio_12m * sales[t, g] - prizes[t, g] for t, _, _, g in flows]))
    past_sales, past_prizes = horizon.past_sales[-1] + held[1], horizon.past_prizes[-1] + held[2]
    limits.append(past_prizes - p.min_payout_ratio_12m * past_sales)
    paid = np.zeros((len(rows), 1))
    paid[-1] = -1.0  # what the floor is owed at the end is charged
    found = linprog(
        np.append(-gain, 1.0),
        A_ub=np.hstack([np.array(rows), paid]),
        b_ub=limits,
        A_eq=np.hstack([balance, np.zeros((len(balance), 1))]),
        b_eq=np.r_[1.0, np.zeros(len(balance) - 1)],
    )
    return held[0] - found.fun if found.status == 0 else None


def test_the_bound_covers_policies_that_throw_dice_and_the_policy_is_near_it():
    compared, gaps = 0, []
    for seed in range(40):
        horizon = random_horizon(seed, 3, 8, no_fall_unless_won=True, max_payout_ratio_12m=None, **PLENTY)
        if not feasible(horizon.first).any() or horizon.first.min_payout_ratio_12m == 0:
            continue
        best = occupation_measures(horizon)
        if best is None:
            continue
        try:
            outlook = decide_ahead(horizon)
        except NoRecommendation:
            continue
        if outlook.broken_ahead:
            continue
        compared += 1
        assert outlook.plan.report.bound >= best - 1e-6 * abs(best)
        assert outlook.plan.merit <= best + 1e-6 * abs(best)
        gaps.append(1 - outlook.plan.merit / best)
    assert compared >= 10
    assert np.median(gaps) <= 1e-3
