"""A way out where no jackpot keeps every rule: what gives, in which order, and when everything holds again."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from lottery_assets.jackpot import NoRecommendation, decide_ahead
from lottery_assets.jackpot.appraisal import appraise
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.recovery import Recovery, recovery
from lottery_assets_tests.jackpot.horizons import every_path, example_ahead


def reason(horizon: Horizon) -> str:
    try:
        decide_ahead(horizon)
    except NoRecommendation as caught:
        return str(caught)
    raise AssertionError("there is an answer")


def broken(found: Recovery) -> dict[str, float]:
    return {rule: miss for rule, miss, _ in found.weeks[0].broken}


def test_a_ratio_below_its_floor_is_brought_back_and_the_week_is_named():
    """Poor weeks roll off: 30 million a week brings the ratio over its floor again."""
    horizon = example_ahead(6, min_payout_ratio_12m=0.368)
    found = recovery(horizon)
    assert [week.jackpot for week in found.weeks][:2] == [30, 30]
    assert set(broken(found)) == {"payout_ratio_floor"}
    back = horizon.week_starts.index(found.kept_from)
    assert [bool(week.broken) for week in found.weeks] == [True] * back + [False] * (6 - back)
    said = reason(horizon)
    assert "the plan that breaks least, to be signed by people: 30, 30" in said
    assert f"from the week of {found.kept_from} on every rule holds again" in said


def test_it_is_planned_when_somebody_asks_and_once(monkeypatch):
    planned = []
    ahead = import_module("lottery_assets.jackpot.ahead")
    monkeypatch.setattr(ahead, "recovery", lambda horizon: planned.append(horizon) or recovery(horizon))
    with pytest.raises(NoRecommendation) as refused:
        decide_ahead(example_ahead(6, min_payout_ratio_12m=0.368))
    assert not planned
    assert "signed by people" in str(refused.value)
    assert refused.value.diagnosis.recovery.weeks
    assert len(planned) == 1


def test_it_is_looked_for_beyond_the_plan():
    near, far = (
        recovery(example_ahead(1, min_payout_ratio_12m=0.368)),
        recovery(example_ahead(6, min_payout_ratio_12m=0.368)),
    )
    assert len(near.weeks) == 1
    assert near.kept_from == far.kept_from


def test_cash_gives_last_and_steps_first():
    """The floor asks for 30 million, cash covers 10, steps allow 20: the ratio is missed, not cash; a step is missed, not the ratio."""
    poor = recovery(example_ahead(1, min_payout_ratio_12m=0.3672, available_cash=35.0))
    assert poor.weeks[0].jackpot == 10
    assert set(broken(poor)) == {"payout_ratio_floor"}
    slow = recovery(example_ahead(1, min_payout_ratio_12m=0.3672, max_step_up=5.0))
    assert slow.weeks[0].jackpot == 30
    assert set(broken(slow)) == {"step_up"}


def test_no_other_plan_breaks_less():
    horizon = example_ahead(3, min_payout_ratio_12m=0.4)
    found = [week.jackpot for week in recovery(horizon).weeks]
    paths = every_path(horizon)
    slack = appraise(horizon, paths).slack[:, 1:4]  # the floor in each week
    least = paths[np.argmin(-np.minimum(slack, 0).sum(axis=1))]
    assert found == horizon.jackpots[least].tolist()


def test_nothing_holds_again_where_nothing_can():
    assert recovery(example_ahead(2, min_payout_ratio_12m=0.9)).kept_from is None
    assert "not every rule holds again within the weeks looked at" in reason(example_ahead(2, min_payout_ratio_12m=0.9))


def test_the_nearest_ratio_is_sought_not_the_fewest_sales():
    """Selling next to nothing would lack the fewest millions of prizes; the ratio comes nearest at the highest jackpot."""
    horizon = example_ahead(3, min_payout_ratio_12m=0.6)
    less = replace(horizon, tickets=horizon.tickets * np.array([0.01, 0.5, 1.0]))
    found = recovery(replace(less, first=replace(less.first, expected_sales=horizon.first.expected_sales)))
    assert [week.jackpot for week in found.weeks] == [30, 30, 30]
