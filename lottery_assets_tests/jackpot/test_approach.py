"""Rules that come near: which are told, from when on, and which are no news."""

from datetime import date, timedelta
from types import SimpleNamespace

from lottery_assets.jackpot.approach import WITHIN, approaching
from lottery_assets.jackpot.plan import RuleResult

MONDAY = date(2024, 1, 29)


def rule(name: str, slack: float, unit: str = "fraction of sales") -> RuleResult:
    return RuleResult(rule=name, holds=slack >= 0, value=0.5, limit=0.5, slack=slack, unit=unit, binding=False)


def found(*weeks: list[RuleResult]) -> list[tuple[str, int]]:
    """Rules and the numbers of their weeks; jackpots stand half a million apart."""
    starts = [MONDAY + timedelta(weeks=n) for n in range(len(weeks))]
    horizon = SimpleNamespace(week_starts=starts, first=SimpleNamespace(step=0.5))
    outlook = SimpleNamespace(rules=tuple(tuple(week) for week in weeks))
    return [(its.expected.rule, starts.index(its.week_start)) for its in approaching(horizon, outlook)]


def test_a_rule_is_told_with_the_first_week_that_stands_at_its_limit():
    weeks = [[rule("payout_ratio_floor", slack)] for slack in (0.02, 0.01, 0.0005, 0.0)]
    assert found(*weeks) == [("payout_ratio_floor", 2)]


def test_a_rule_that_would_be_missed_is_told():
    assert found([rule("payout_ratio_ceiling", 0.02)], [rule("payout_ratio_ceiling", -0.01)]) == [
        ("payout_ratio_ceiling", 1)
    ]


def test_cash_is_at_its_limit_within_a_step_of_the_jackpot():
    cash = [[rule("cash_cover", slack, "millions")] for slack in (5, 0.6, 0.4)]
    assert found(*cash) == [("cash_cover", 2)]


def test_a_rule_that_stands_at_its_limit_now_is_no_news():
    assert found([rule("payout_ratio_floor", 0.0001)], [rule("payout_ratio_floor", 0.0)]) == []


def test_steps_and_the_range_are_no_news():
    names = ("jackpot_range", "step_up", "step_down", "no_fall_unless_won")
    weeks = [[rule(name, slack, "millions") for name in names] for slack in (9, 0)]
    assert found(*weeks) == []


def test_what_lies_further_ahead_than_eight_weeks_is_not_told():
    far = [[rule("payout_ratio_floor", 0.02)]] * WITHIN + [[rule("payout_ratio_floor", 0.0)]]
    assert found(*far) == []
    assert found(*far[1:]) == [("payout_ratio_floor", WITHIN - 1)]


def test_a_plan_of_one_week_has_nothing_ahead():
    assert found([rule("payout_ratio_floor", 0.02)]) == []
    assert found() == []
