"""The plan of many weeks against brute force and dynamic programming, its bound, and what happens where no plan keeps a rule."""

from dataclasses import replace

import numpy as np
import pytest

from lottery_assets.demand import Habit
from lottery_assets.jackpot import Horizon, NoRecommendation, decide_ahead, program
from lottery_assets.jackpot.appraisal import appraise
from lottery_assets.jackpot.appraisal import merit as without_risk
from lottery_assets.jackpot.changes import with_cash, with_changed
from lottery_assets.jackpot.diagnose import NotDecided
from lottery_assets.jackpot.horizon import HOLD
from lottery_assets.jackpot.plan import feasible
from lottery_assets.jackpot.planning import best_plan
from lottery_assets.jackpot.risk import Futures, Risk, lowest_cash
from lottery_assets.jackpot.search import merit
from lottery_assets.jackpot.solve import _program as as_highs_takes_it
from lottery_assets.jackpot.solve import solve
from lottery_assets.jackpot.tables import Tables
from lottery_assets_tests.jackpot.horizons import every_path, example_ahead, random_horizon

SHAPES = ((2, 25), (3, 25), (4, 9))
SEEDS = 14


def worth_by_hand(horizon: Horizon, path: np.ndarray) -> tuple[float, bool]:
    """Net revenue of a path, end value and what the floor is owed included, and whether every rule holds: week by week, in loops."""
    p, fast, slow = horizon.first, horizon.habit.fast.start, horizon.habit.slow.start
    sales, prizes = list(horizon.history_sales), list(horizon.history_prizes)
    cash, last, total, kept = p.available_cash, p.last_jackpot, 0.0, True
    for week in range(horizon.weeks + HOLD):
        known = horizon.known(week)
        g = path[week] if week < horizon.weeks else horizon.held
        jackpot = horizon.jackpots[g]
        lift = horizon.habit.fast.coefficient * (fast - horizon.habit.fast.reference[known])
        lift += horizon.habit.slow.coefficient * (slow - horizon.habit.slow.reference[known])
        sold = horizon.tickets[known][:, g] * np.exp(lift if week else 0.0)
        falls = float(np.mean(1 - np.exp(sold * np.log1p(-horizon.chance))))
        revenue = float(sold.mean()) * horizon.prices[known] / 1e6
        payout = jackpot * falls
        if week == 0:
            revenue, payout = p.expected_sales[g], p.expected_jackpot_payout[g]
        sales.append(revenue)
        prizes.append(payout + horizon.secondary_share * revenue)
        ratio = sum(prizes[-52:]) / sum(sales[-52:])
        if week < horizon.weeks:
            kept &= ratio >= p.min_payout_ratio_12m - 1e-9
            kept &= p.max_payout_ratio_12m is None or ratio <= p.max_payout_ratio_12m + 1e-9
            kept &= cash - jackpot >= p.safety_buffer - 1e-6
            kept &= p.max_step_up is None or jackpot - last <= p.max_step_up + 1e-9
            kept &= p.max_step_down is None or last - jackpot <= p.max_step_down + 1e-9
        net = revenue - prizes[-1] - horizon.marketing[known]
        total, cash, last = total + net, cash + net, jackpot
        fast = horizon.habit.fast.memory * fast + (1 - horizon.habit.fast.memory) * np.log(jackpot)
        tiring = max(np.log(jackpot), horizon.habit.slow.floor)
        slow = horizon.habit.slow.memory * slow + (1 - horizon.habit.slow.memory) * tiring
    owed = max(p.min_payout_ratio_12m * sum(sales[-52:]) - sum(prizes[-52:]), 0.0)
    return total - owed, kept


def poor(horizon: Horizon) -> Horizon:
    """Hardly more cash than the highest jackpot, and a small buffer: cash at risk over the weeks is what binds."""
    highest = float(horizon.jackpots[-1])
    first = replace(horizon.first, safety_buffer=0.05 * highest)
    return with_cash(replace(horizon, first=first), 1.1 * highest)


def best_by_force(horizon: Horizon) -> tuple[float, np.ndarray]:
    """The highest merit of all paths whose first week is allowed, cash at risk included."""
    paths = every_path(horizon)
    paths = paths[feasible(horizon.first)[paths[:, 0]]]
    hoped, best, chosen = without_risk(horizon, paths), -np.inf, paths[0]
    order, risk = np.argsort(-hoped), Risk(horizon, Futures.drawn(horizon))
    for start in range(0, len(order), 50):
        some = order[start : start + 50]
        if hoped[some[0]] <= best:
            break
        exact = merit(horizon, paths[some], risk)
        if exact.max() > best:
            best, chosen = float(exact.max()), paths[some[np.argmax(exact)]]
    return best, chosen


@pytest.mark.parametrize("memory", [False, True])
def test_the_merit_of_a_path_is_what_loops_over_weeks_come_to(memory):
    rng = np.random.default_rng(5)
    compared = 0
    for seed in range(40):
        horizon = random_horizon(seed, 3, 8, memory=memory)
        path = rng.integers(0, 8, 3)
        appraised = appraise(horizon, path[None, :])
        total, kept = worth_by_hand(horizon, path)
        owed = max(-float(appraised.slack[0, 0]), 0.0)
        assert float(appraised.net[0]) - owed == pytest.approx(total, rel=1e-9)
        if kept:
            compared += 1
            assert appraised.slack[0, 1:].min() >= -1e-6
    assert compared >= 3


@pytest.mark.parametrize("memory", [False, True])
def test_the_plan_equals_brute_force_and_its_bound_is_never_below(memory):
    compared = short_of_cash = 0
    for weeks, size in SHAPES:
        for seed in range(SEEDS):
            horizon = random_horizon(seed, weeks, size, memory=memory)
            horizon = poor(horizon) if seed % 2 else horizon
            if not feasible(horizon.first).any():
                continue
            plan, (best, _) = best_plan(horizon, feasible(horizon.first)), best_by_force(horizon)
            compared += 1
            short_of_cash += plan.risk is not None
            assert plan.merit >= best - 1e-3 * abs(best), (weeks, size, seed)
            assert plan.merit <= best + 1e-9 * abs(best), (weeks, size, seed)
            assert plan.report.bound >= best - 1e-9 * abs(best), (weeks, size, seed)
            if not memory:
                assert plan.merit == pytest.approx(best, rel=1e-9), (weeks, size, seed)
    assert compared >= 30
    assert short_of_cash >= 5


def test_a_plan_that_knows_memory_never_earns_less_than_one_that_ignores_it():
    better = 0
    for seed in range(25):
        horizon = random_horizon(seed, 4, 20, memory=True, available_cash=1e5, safety_buffer=0.0)
        allowed = feasible(horizon.first)
        if not allowed.any():
            continue
        blind = best_plan(replace(horizon, habit=Habit.none(horizon.weeks)), allowed)
        knows, ignores = best_plan(horizon, allowed).merit, float(without_risk(horizon, blind.path[None, :])[0])
        assert knows >= ignores - 1e-9 * abs(ignores)
        better += knows > ignores * (1 + 1e-4)
    assert better >= 5


def without_ratio(seed: int, weeks: int, size: int) -> Horizon:
    rich = {"available_cash": 1e6, "safety_buffer": 0.0}
    return random_horizon(seed, weeks, size, min_payout_ratio_12m=0.0, max_payout_ratio_12m=None, **rich)


@pytest.mark.parametrize(("weeks", "size"), [(12, 60), (26, 100), (52, 40)])
def test_a_long_plan_equals_dynamic_programming_over_the_last_jackpot(weeks, size):
    """Without memory and without rules that look back, steps couple neighbouring weeks only."""
    for seed in range(4):
        horizon = without_ratio(seed, weeks, size)
        p, allowed = horizon.first, feasible(horizon.first)
        if not allowed.any():
            continue
        change = horizon.jackpots[None, :] - horizon.jackpots[:, None]
        may = (change <= (p.max_step_up or np.inf) + 1e-9) & (change >= -(p.max_step_down or np.inf) - 1e-9)
        tables = Tables.around(horizon, np.zeros(weeks, int))
        nets, later = tables.worth, tables.worth[-1] + tables.base
        for week in range(weeks - 2, -1, -1):
            later = nets[week] + np.where(may, later[None, :], -np.inf).max(axis=1)
        best = float(np.where(allowed, later, -np.inf).max())
        assert best_plan(horizon, allowed).merit == pytest.approx(best, rel=1e-9)


def test_pyomo_and_highs_see_the_same_program():
    """The standard form that HiGHS gets, weighed by hand, says of whole plans what the Pyomo model's own expressions say."""
    import pyomo.environ as pyo
    from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

    rng = np.random.default_rng(3)
    for seed in range(20):
        model = program.build(Tables.around(random_horizon(seed, 3, 10), np.array([1, 4, 2])))
        form = LinearStandardFormCompiler().write(model, mixed_form=True)
        lp = as_highs_takes_it(form, False)
        for variable in form.columns:
            variable.set_value(float(rng.integers(0, 2)), skip_validation=True)
        x = np.array([variable.value for variable in form.columns])
        least = float(np.array(lp.col_cost_) @ x) + float(form.c_offset[0])
        assert least == pytest.approx(-pyo.value(model.expected_net_revenue), rel=1e-9)
        rows = form.A.tocsr() @ x
        for row, value in zip(form.rows, rows, strict=True):
            assert value == pytest.approx(pyo.value(row.constraint.body), rel=1e-9, abs=1e-9)


def test_whole_plans_and_the_relaxed_program_order_as_they_must():
    """Relaxed program >= whole program >= any plan: HiGHS is held against a path that is simply evaluated."""
    for seed in range(15):
        horizon = random_horizon(seed, 3, 12)
        if not feasible(horizon.first).any():
            continue
        tables = Tables.around(horizon, np.zeros(3, int))
        relaxed, whole = solve(program.build(tables), relaxed=True), solve(program.build(tables))
        best = best_plan(horizon, feasible(horizon.first)).merit
        assert relaxed.objective >= whole.objective - 1e-6 * abs(whole.objective)
        assert whole.objective >= best - 1e-6 * abs(best)


@pytest.mark.parametrize("per_winner", [False, True])
def test_other_futures_confirm_the_stated_risk(per_winner):
    """5,000 fresh futures of another seed: cash falls below the buffer in no more of them than stated, plus a point."""
    looked_at = 0
    for seed in range(30):
        market = replace(random_horizon(seed, 8, 30, min_payout_ratio_12m=0.0), per_winner=per_winner)
        horizon = poor(with_changed(market, "demand", 0.4))
        if not feasible(horizon.first).any():
            continue
        plan = best_plan(horizon, feasible(horizon.first))
        if plan.risk is None or plan.cash_of_the_worst < horizon.first.safety_buffer:
            continue
        looked_at += 1
        stated, fresh = (
            (lowest_cash(horizon, plan.path[None, :], futures) < horizon.first.safety_buffer).mean()
            for futures in (plan.futures, Futures.drawn(horizon, seed=101))
        )
        assert fresh <= horizon.max_cash_breach + 0.01
        assert fresh == pytest.approx(stated, abs=0.01)
    assert looked_at >= 3


def test_the_same_weeks_give_the_same_plan_to_the_last_bit():
    for seed in (1, 2, 3):
        horizon = random_horizon(seed, 6, 30, memory=True)
        if feasible(horizon.first).any():
            one, two = (best_plan(horizon, feasible(horizon.first)) for _ in range(2))
            assert one.path.tolist() == two.path.tolist()
            assert (one.merit, one.report.bound) == (two.merit, two.report.bound)


def test_a_rule_that_breaks_only_in_a_later_week_is_told_and_does_not_stop_this_one():
    """Ten rich weeks roll off: the floor holds this week, and cannot in the weeks after."""
    horizon = example_ahead(4, min_payout_ratio_12m=0.366)
    rich = np.r_[np.full(1, 400.0), np.full(50, (horizon.first.past_prizes - 400.0) / 50)]
    outlook = decide_ahead(replace(horizon, history_prizes=rich))
    assert all(rule.holds for rule in outlook.decision.rules)
    assert {(week, rule.rule) for week, rule in outlook.broken_ahead} >= {(1, "payout_ratio_floor")}


def test_weeks_that_roll_off_are_foreseen():
    """The same rich week, with a floor that can be kept: what is announced now keeps it when the week has rolled off."""
    horizon = example_ahead(3, min_payout_ratio_12m=0.3662)
    late = np.r_[1100 / 51 + 1.2, np.full(50, (1100 - 1100 / 51 - 1.2) / 50)]
    outlook = decide_ahead(replace(horizon, history_prizes=late))
    assert outlook.ratio.min() >= 0.3662 - 1e-9
    alone = decide_ahead(example_ahead(1, min_payout_ratio_12m=0.3662))
    assert outlook.decision.jackpot > alone.decision.jackpot


def test_a_plan_of_which_too_little_is_proven_is_not_announced():
    gaps = {}
    for seed in range(30):
        horizon = replace(random_horizon(seed, 3, 25, memory=True), most_gap=1.0)
        if feasible(horizon.first).any() and not (outlook := decide_ahead(horizon)).broken_ahead:
            gaps[outlook.plan.report.gap] = horizon
    widest = max(gaps)
    assert widest > 1e-3
    with pytest.raises(NotDecided, match=r"not decided: .* max_plan_gap allows 0\.1%"):
        decide_ahead(replace(gaps[widest], most_gap=1e-3))


def test_planned_weeks_count_with_their_own_price():
    horizon = example_ahead(3)
    dear = replace(horizon, prices=np.array([2.0, 4.0, 2.0]))
    assert decide_ahead(dear).net[1] > 1.9 * decide_ahead(horizon).net[1]


def test_where_cash_at_risk_cannot_be_kept_over_the_plan_there_is_no_answer():
    """Every jackpot falls all but surely, none of the sales stay: after a few weeks the till is empty whatever is announced."""
    horizon = example_ahead(6, min_payout_ratio_12m=0.0, max_payout_ratio_12m=None)
    drained = replace(poor(horizon), chance=1e-7, secondary_share=1.0)
    with pytest.raises(NoRecommendation, match="cash_at_risk is not kept over the weeks planned") as caught:
        decide_ahead(drained)
    assert "the plan that breaks least, to be signed by people: 10, 10, 10" in str(caught.value)


def test_steps_are_kept_in_every_week_however_much_a_leap_would_earn():
    """Net revenue rises all the way to the highest jackpot; a step of one place a week is all that is allowed."""
    checked = 0
    for seed in range(12):
        horizon = without_ratio(seed, 8, 60)
        step = float(np.diff(horizon.jackpots)[0])
        first = replace(horizon.first, max_step_up=step, max_step_down=step, last_jackpot=float(horizon.jackpots[3]))
        slow = replace(horizon, first=first, tickets=horizon.tickets * np.linspace(1, 8, 60))
        outlook = decide_ahead(slow)
        assert np.abs(np.diff(np.r_[3, outlook.path])).max() <= 1
        assert not outlook.broken_ahead
        checked += outlook.path[-1] > 3
    assert checked >= 6


def test_an_extraordinary_last_week_is_not_taken_for_all_weeks_after_it():
    """A special draw in the last planned week sells five times as much: what is announced now hardly cares, and is worth one such week."""
    horizon = without_ratio(3, 6, 30)
    special = replace(horizon, tickets=horizon.tickets * np.r_[np.ones(5), 5.0][:, None, None])
    plain, festive = decide_ahead(horizon), decide_ahead(special)
    assert festive.plan.merit - plain.plan.merit < 6 * plain.net.max()
    assert festive.path[0] == plain.path[0]


def test_alternatives_are_told_by_what_cash_at_risk_leaves_of_them():
    seen = 0
    for seed in range(20):
        market = random_horizon(seed, 6, 30, min_payout_ratio_12m=0.0, max_payout_ratio_12m=None)
        horizon = poor(with_changed(market, "demand", 0.4))
        if not feasible(horizon.first).any():
            continue
        plan = best_plan(horizon, feasible(horizon.first))
        if plan.risk is None or plan.cash_of_the_worst < horizon.first.safety_buffer:
            continue
        seen += 1
        allowed = feasible(horizon.first)
        near = [place for place in (plan.path[0] - 1, plan.path[0] + 1) if 0 <= place < 30 and allowed[place]]
        assert set(near) <= set(plan.others)
        assert max(plan.others.values()) <= plan.merit + 1e-9 * abs(plan.merit)
    assert seen >= 2


@pytest.mark.parametrize("seed", range(6))
def test_what_is_held_for_good_is_what_weeks_of_it_come_to(seed):
    """Each jackpot announced until the stocks stand still, with and without a floor of the slow one."""
    horizon = random_horizon(seed, 4, 9, memory=True)
    typical = horizon.known(horizon.weeks)
    for place, log_jackpot in enumerate(horizon.log_jackpots):
        fast, slow = horizon.stocks
        for _ in range(400):
            fast, slow = horizon.habit.fast.after(fast, log_jackpot), horizon.habit.slow.after(slow, log_jackpot)
        sold = horizon.tickets[typical][:, place] * np.exp(horizon.habit.lift(typical, fast, slow))
        falls = 1 - np.exp(sold * np.log1p(-horizon.chance))
        net = (1 - horizon.secondary_share) * sold.mean() * horizon.prices[typical] / 1e6 - horizon.jackpots[
            place
        ] * falls.mean()
        assert horizon.held_for_good.net[place] == pytest.approx(net, rel=1e-6)
