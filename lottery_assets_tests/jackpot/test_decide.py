"""The decision against brute force, and the properties that any decision has."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lottery_assets.jackpot import NoRecommendation, VerificationFailed, decide
from lottery_assets.jackpot.decide import confirmed
from lottery_assets.jackpot.plan import RULES, feasible, verify
from lottery_assets.jackpot.solve import SolveReport
from lottery_assets_tests.jackpot.problems import example, random_problem

PROBLEMS = 400


def brute_force(p) -> int | None:
    """Every jackpot tried by hand, rule by rule as the contract words them; of equals the lowest."""
    best = None
    for g, jackpot in enumerate(p.jackpots):
        tiny = 1e-9
        prizes = p.past_prizes + p.expected_secondary_prizes[g] + p.expected_jackpot_payout[g]
        ratio = prizes / (p.past_sales + p.expected_sales[g])
        kept = [
            p.min_jackpot <= jackpot <= p.max_jackpot,
            ratio >= p.min_payout_ratio_12m - tiny,
            p.max_payout_ratio_12m is None or ratio <= p.max_payout_ratio_12m + tiny,
            p.available_cash - p.exposure[g] >= p.safety_buffer - tiny * max(p.safety_buffer, 1),
            p.cash_of_the_worst[g] >= p.safety_buffer - tiny * max(p.safety_buffer, 1),
            p.max_step_up is None or jackpot <= p.last_jackpot + p.max_step_up + tiny,
            p.max_step_down is None or jackpot >= p.last_jackpot - p.max_step_down - tiny,
            not p.no_fall_unless_won or p.won_last_week or jackpot >= p.last_jackpot - tiny,
        ]
        net = p.expected_sales[g] - p.expected_secondary_prizes[g] - p.expected_jackpot_payout[g] - p.marketing_spend
        if all(kept) and (best is None or net > best[1] + 1e-9 * max(abs(net), 1)):
            best = (g, net)
    return None if best is None else best[0]


def test_the_decision_equals_brute_force_with_every_rule_binding_somewhere():
    bound, outcomes = Counter(), Counter()
    for seed in range(PROBLEMS):
        problem = random_problem(seed)
        expected = brute_force(problem)
        if expected is None:
            with pytest.raises(NoRecommendation):
                decide(problem)
            outcomes["none"] += 1
            continue
        decision = decide(problem)
        assert decision.index == expected, seed
        assert decision.report.objective == pytest.approx(problem.expected_net_revenue[expected], abs=1e-6)
        assert all(rule.holds for rule in decision.rules)
        bound.update(rule.rule for rule in decision.rules if rule.binding)
        outcomes["one"] += 1
    assert set(bound) == set(RULES), bound
    assert outcomes["none"] > 20
    assert outcomes["one"] > 200


@settings(max_examples=100, deadline=None)
@given(st.integers(10_000, 10**9), st.sampled_from(["cash", "floor", "step_up", "step_down"]))
def test_loosening_a_rule_never_earns_less(seed, which):
    tight = random_problem(seed)
    loose = {
        "cash": replace(
            tight, available_cash=tight.available_cash + 10, cash_of_the_worst=tight.cash_of_the_worst + 10
        ),
        "floor": replace(tight, min_payout_ratio_12m=tight.min_payout_ratio_12m * 0.9),
        "step_up": replace(tight, max_step_up=None),
        "step_down": replace(tight, max_step_down=None),
    }[which]
    try:
        before = tight.expected_net_revenue[decide(tight).index]
    except NoRecommendation:
        return
    assert loose.expected_net_revenue[decide(loose).index] >= before - 1e-9


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**9), st.floats(0.01, 1000))
def test_another_unit_of_money_changes_nothing(seed, scale):
    p = random_problem(seed)
    money = (
        *("jackpots", "expected_sales", "expected_secondary_prizes", "expected_jackpot_payout", "exposure"),
        *("cash_of_the_worst", "marketing_spend", "past_sales", "past_prizes", "min_jackpot", "max_jackpot"),
        *("available_cash", "safety_buffer", "last_jackpot", "max_step_up", "max_step_down"),
    )
    scaled = {name: None if (value := getattr(p, name)) is None else value * scale for name in money}
    other = replace(p, **scaled)
    if np.array_equal(feasible(p), feasible(other)) and feasible(p).any():
        assert decide(other).index == decide(p).index


def test_a_week_solved_by_hand():
    """Net revenue is 41, 44, 43: 20 million wins; the next best lose 1 and 3."""
    decision = decide(example())
    assert decision.jackpot == 20
    assert decision.report.objective == pytest.approx(44)
    assert [(example().jackpots[g], loss) for g, loss in decision.runners_up] == [(30, 1), (10, 3)]


def test_of_equals_the_lower_jackpot_is_announced():
    equal = example(expected_jackpot_payout=np.array([4.0, 10.0, 13.0]), expected_sales=np.array([60.0, 68.0, 72.0]))
    assert equal.expected_net_revenue.tolist() == [41, 41, 41]
    assert decide(equal).jackpot == 10


def test_a_jackpot_that_may_empty_the_till_is_never_announced():
    poor = example(available_cash=39.0, cash_of_the_worst=np.array([29.0, 19.0, 9.0]))
    decision = decide(poor)
    assert decision.jackpot == 10
    assert {rule.rule for rule in decision.rules if rule.binding} == {"cash_cover", "cash_at_risk"}


def test_the_range_binds_only_where_more_would_be_earned_outside():
    rising = example(expected_jackpot_payout=np.array([4.0, 7.0, 8.0]))
    assert {rule.rule for rule in decide(rising).rules if rule.binding} == {"jackpot_range"}
    assert not any(rule.binding for rule in decide(example()).rules)


def report(objective: float) -> SolveReport:
    return SolveReport("optimal", objective, objective, 0.0, "test", 0.0)


def test_a_choice_that_breaks_a_rule_is_refused():
    capped = example(max_step_up=0.0)
    with pytest.raises(VerificationFailed, match="30 million breaks step_up"):
        confirmed(capped, 2, report(43.0), feasible(capped))


def test_a_choice_that_is_not_the_best_is_refused():
    with pytest.raises(VerificationFailed, match="the best earns 44"):
        confirmed(example(), 2, report(43.0), feasible(example()))


def test_an_objective_that_is_not_the_choices_is_refused():
    with pytest.raises(VerificationFailed, match="solver says 45"):
        confirmed(example(), 1, report(45.0), feasible(example()))


def test_a_solver_that_calls_a_feasible_week_infeasible_is_refused(monkeypatch):
    from lottery_assets.jackpot.solve import Infeasible

    def wrong(model):
        raise Infeasible

    monkeypatch.setitem(decide.__globals__, "solve", wrong)
    with pytest.raises(VerificationFailed, match="independent check allows"):
        decide(example())


def test_numbers_that_make_no_sense_are_refused():
    for changes in (
        {"jackpots": np.array([10.0, 30.0, 20.0])},
        {"expected_sales": np.array([60.0, np.nan, 72.0])},
        {"expected_jackpot_payout": np.array([4.0, 7.0])},
        {"chance_falls": np.array([0.4, -0.1, 0.3])},
    ):
        with pytest.raises(ValueError, match=next(iter(changes))):
            example(**changes)


def test_verify_needs_no_solver():
    assert all(rule.holds for rule in verify(example(), 0))
