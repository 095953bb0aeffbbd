"""The independent check of a whole plan: a plan corrupted in one rule is caught for that rule."""

import ast
import inspect
from dataclasses import replace

import numpy as np
import pytest

from lottery_assets.jackpot import Horizon, check, decide_ahead
from lottery_assets.jackpot.catalogue import CATALOGUE
from lottery_assets.jackpot.chain import Policy
from lottery_assets.jackpot.plan import feasible
from lottery_assets.jackpot.planning import Plan, best_plan
from lottery_assets.jackpot.risk import Futures, cash_of_the_worst
from lottery_assets_tests.jackpot.horizons import example_ahead

SOUND, LOWER, HIGHER = np.array([1, 1, 1]), np.array([1, 0, 1]), np.array([1, 2, 1])


def planned(horizon: Horizon, path: np.ndarray) -> Plan:
    return replace(best_plan(horizon, feasible(horizon.first)), path=path)


def broken(horizon: Horizon, path: np.ndarray) -> set[str]:
    weeks = check.verified(horizon, planned(horizon, path))
    return {rule.rule for week in weeks for rule in week if not rule.holds}


def ratios(path: np.ndarray) -> np.ndarray:
    horizon = example_ahead(3)
    prizes, sales = horizon.over_52_weeks(horizon.course(path[None, :]))
    return (prizes / sales)[0, :3]


def worst(horizon: Horizon, path: np.ndarray) -> float:
    return float(cash_of_the_worst(horizon, path[None, :], Futures.drawn(horizon))[0])


def corrupted(rule: str) -> tuple[Horizon, np.ndarray]:
    """Weeks in which 20 million throughout is sound, and a path whose second week breaks the rule."""
    horizon = example_ahead(3)
    floor = float(ratios(SOUND).min() + ratios(LOWER).min()) / 2
    ceiling = float(ratios(SOUND).max() + ratios(HIGHER).max()) / 2
    match rule:
        case "jackpot_range":
            return example_ahead(3, max_jackpot=25.0), HIGHER
        case "payout_ratio_floor":
            return example_ahead(3, min_payout_ratio_12m=floor), LOWER
        case "payout_ratio_ceiling":
            return example_ahead(3, max_payout_ratio_12m=ceiling), HIGHER
        case "cash_cover":
            nothing_earned = np.full(3, 44.0)
            return replace(example_ahead(3, available_cash=41.0), marketing=nothing_earned, chance=1e-15), HIGHER
        case "cash_at_risk":
            spent = replace(horizon, marketing=np.full(3, 44.0), chance=2e-8)
            buffer = (worst(spent, SOUND) + worst(spent, HIGHER)) / 2
            return replace(spent, first=replace(spent.first, safety_buffer=buffer)), HIGHER
        case "step_up":
            return example_ahead(3, max_step_up=5.0), HIGHER
        case "step_down":
            return example_ahead(3, max_step_down=5.0), LOWER
    raise ValueError(rule)


@pytest.mark.parametrize("rule", sorted(set(CATALOGUE) - {"no_fall_unless_won"}))
def test_a_plan_corrupted_in_one_rule_is_caught_for_that_rule(rule):
    horizon, path = corrupted(rule)
    assert broken(horizon, SOUND) == set()
    assert rule in broken(horizon, path)


def test_a_policy_that_falls_without_a_win_is_caught():
    horizon = example_ahead(3, no_fall_unless_won=True)
    plan = best_plan(horizon, feasible(horizon.first))
    sound = check.verified(horizon, plan)
    assert all(rule.holds for week in sound for rule in week)
    policy = plan.decided.policy
    action = policy.action.copy()
    action[1:, 0] = 0  # the lowest jackpot, though nothing was won
    falls = replace(plan, decided=replace(plan.decided, policy=Policy(action, policy.fast, policy.slow)))
    weeks = check.verified(horizon, falls)
    assert {rule.rule for week in weeks for rule in week if not rule.holds} == {"no_fall_unless_won"}
    assert plan.path.min() >= 1


def test_a_policys_rules_hold_over_all_courses_not_only_the_likeliest():
    horizon = example_ahead(3, no_fall_unless_won=True, max_step_down=5.0)
    plan = best_plan(horizon, feasible(horizon.first))
    policy = plan.decided.policy
    action = policy.action.copy()
    action[1:, 1] = 0  # after a win, which is the less likely event, the jackpot falls too far
    falls = replace(plan, decided=replace(plan.decided, policy=Policy(action, policy.fast, policy.slow)))
    assert "step_down" in {r.rule for week in check.verified(horizon, falls) for r in week if not r.holds}


def test_what_is_shown_of_a_policy_says_what_follows_a_win_and_what_does_not():
    outlook = decide_ahead(example_ahead(3, no_fall_unless_won=True))
    assert outlook.after_win[0] == (None, None)
    for week in (1, 2):
        kept, _ = outlook.after_win[week]
        assert kept >= outlook.path[week - 1]


def test_the_check_knows_no_program_and_no_solver():
    tree = ast.parse(inspect.getsource(check))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(name.endswith(("program", "solve", "search", "bounds", "induction")) for name in imported)
    assert not any("pyomo" in name or "highspy" in name for name in imported)
