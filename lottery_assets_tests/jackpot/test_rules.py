"""Each rule by itself: caught when broken, stated in the program as its golden LP file says, named when it stands in the way."""

import ast
import inspect
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyomo.environ as pyo
import pytest

from lottery_assets.country import CountryConfig
from lottery_assets.jackpot import NoRecommendation, decide, plan, program
from lottery_assets.jackpot.catalogue import CATALOGUE
from lottery_assets.jackpot.diagnose import diagnose
from lottery_assets.jackpot.risk import Cut
from lottery_assets.jackpot.tables import Tables
from lottery_assets_tests.jackpot.horizons import example_ahead
from lottery_assets_tests.jackpot.problems import example

GOLDEN = Path(__file__).parent / "golden"

BROKEN = {
    "jackpot_range": {"max_jackpot": 19.0},
    "payout_ratio_floor": {"min_payout_ratio_12m": 0.367},
    "payout_ratio_ceiling": {"max_payout_ratio_12m": 0.366, "min_payout_ratio_12m": 0.1},
    "cash_cover": {"available_cash": 39.0},
    "cash_at_risk": {"cash_of_the_worst": np.array([30.0, 19.0, 10.0])},
    "step_up": {"max_step_up": 5.0, "last_jackpot": 10.0},
    "step_down": {"max_step_down": 5.0, "last_jackpot": 30.0},
    "no_fall_unless_won": {"no_fall_unless_won": True, "last_jackpot": 30.0},
}
"""For each rule a change of the example under which its best jackpot, 20 million, breaks that rule and no other."""


def test_every_rule_has_its_entry_its_function_its_line_its_keys_its_golden_file_and_its_case():
    """What `Add a rule` in the README lists, counted against each other."""
    functions = {name for name, _ in inspect.getmembers(program, inspect.isfunction) if name in CATALOGUE}
    stated = {c.doc for c in program.build(two_weeks("step_up")).component_objects(pyo.Constraint) if c.doc}
    assert set(CATALOGUE) == set(plan.RULES) == functions == set(BROKEN)
    assert stated <= set(CATALOGUE)
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CATALOGUE)
    for rule in CATALOGUE.values():
        assert rule.keys
        assert set(rule.keys) <= set(CountryConfig.model_fields)
        assert rule.phrase


def test_the_readme_says_how_to_add_a_rule():
    section = (Path(__file__).parents[2] / "README.md").read_text().split("## Add a rule")[1].split("\n## ")[0]
    for place in ("catalogue.py", "program.py", "plan.py", "config.py", "golden"):
        assert place in section


@pytest.mark.parametrize("rule", BROKEN)
def test_the_check_catches_each_rule_broken_alone(rule):
    assert all(result.holds for result in plan.verify(example(), 1))
    results = {result.rule: result for result in plan.verify(example(**BROKEN[rule]), 1)}
    assert {name for name, result in results.items() if not result.holds} == {rule}
    assert results[rule].slack < 0


@pytest.mark.parametrize("rule", BROKEN)
def test_the_decision_steps_aside_for_each_rule(rule):
    problem = example(**BROKEN[rule])
    decision = decide(problem)
    assert decision.jackpot != 20
    assert rule in {result.rule for result in decision.rules if result.binding}


def two_weeks(rule: str) -> Tables:
    """The program's numbers for the example and a week after it; cash at risk asks for something too."""
    tables = Tables.around(example_ahead(2, **BROKEN[rule]), np.array([1, 1]))
    asked = Cut(tables.first.available_cash, np.array([[-1.0, -4.0, -9.0], [-2.0, -5.0, -10.0]]))
    return replace(tables, cuts=(asked,))


@pytest.mark.parametrize("rule", BROKEN)
def test_the_program_states_each_rule_as_its_golden_file_says(rule, tmp_path):
    """LOTTERY_GOLDEN=write renews the files; read the difference before you commit it."""
    model = program.build(two_weeks(rule))
    for constraint in model.component_objects(pyo.Constraint):
        if constraint.doc != rule and constraint.name != "one_jackpot":
            constraint.deactivate()
    written = tmp_path / "model.lp"
    model.write(str(written), io_options={"symbolic_solver_labels": True})
    golden = GOLDEN / f"{rule}.lp"
    if os.environ.get("LOTTERY_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(written.read_text())
    assert written.read_text() == golden.read_text()


def test_a_rule_that_is_not_configured_is_not_stated():
    model = program.build(Tables.of_one_week(example(max_payout_ratio_12m=None)))
    stated = {constraint.name for constraint in model.component_objects(pyo.Constraint)}
    assert stated == {"one_jackpot", "jackpot_range", "payout_ratio_floor", "cash_cover", "cash_at_risk"}
    reported = {result.rule for result in plan.verify(example(max_payout_ratio_12m=None), 1)}
    assert reported == stated - {"one_jackpot"}


def test_a_fall_is_allowed_after_a_win_and_stays_in_the_report():
    won = example(no_fall_unless_won=True, last_jackpot=30.0, won_last_week=True)
    decision = decide(won)
    assert decision.jackpot == 20
    assert next(rule for rule in decision.rules if rule.rule == "no_fall_unless_won").holds


def test_the_check_knows_no_pyomo():
    tree = ast.parse(inspect.getsource(plan))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any("pyomo" in name or "highspy" in name or "program" in name for name in imported)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("payout_ratio_floor", {"min_payout_ratio_12m": 0.45}),
        ("payout_ratio_ceiling", {"max_payout_ratio_12m": 0.35}),
        ("cash_cover", {"available_cash": 25.0}),
        ("cash_at_risk", {"cash_of_the_worst": np.array([15.0, 10.0, 5.0])}),
        ("step_up", {"max_step_up": 1.0, "last_jackpot": 5.0}),
        ("step_down", {"max_step_down": 1.0, "last_jackpot": 90.0}),
        ("no_fall_unless_won", {"no_fall_unless_won": True, "last_jackpot": 90.0}),
        ("jackpot_range", {"min_jackpot": 31.0, "max_jackpot": 40.0}),
    ],
)
def test_a_rule_that_no_jackpot_keeps_is_blamed_alone(rule, changes):
    with pytest.raises(NoRecommendation) as caught:
        decide(example(**changes))
    diagnosis = caught.value.diagnosis
    assert diagnosis.collisions == ((rule,),)
    assert f"{rule} cannot be met by any jackpot this week" in str(caught.value)
    assert {miss.rule for miss in diagnosis.misses if miss.shortfall} == {rule}


def test_rules_that_only_together_leave_nothing_are_blamed_together():
    """The floor needs 30 million (ratio 0.36751), cash allows 10."""
    squeezed = example(min_payout_ratio_12m=0.3672, available_cash=35.0)
    diagnosis = diagnose(squeezed)
    assert diagnosis.collisions == (("payout_ratio_floor", "cash_cover"),)
    assert "payout_ratio_floor and cash_cover exclude each other" in diagnosis.sentences[1]


def test_the_nearest_jackpot_spares_cash_first_then_the_ratio():
    squeezed = example(min_payout_ratio_12m=0.3672, available_cash=35.0)
    diagnosis = diagnose(squeezed)
    assert diagnosis.jackpot == 10
    short = {miss.rule: miss.shortfall for miss in diagnosis.misses if miss.shortfall}
    assert set(short) == {"payout_ratio_floor"}
    assert short["payout_ratio_floor"] == pytest.approx(0.3672 - 1119 / 3060)


def test_a_floor_out_of_reach_says_how_near_the_week_can_come():
    with pytest.raises(NoRecommendation, match=r"nearest it comes is 0\.36751\d? fraction of sales, at 30 million"):
        decide(example(min_payout_ratio_12m=0.45))
