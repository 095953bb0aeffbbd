"""Reasons: prices that deciding again confirms, ranges inside which the answer stays, and a sentence that says what is so."""

from dataclasses import replace

import numpy as np
import pytest

from lottery_assets.jackpot import Horizon, NoRecommendation, Outlook, decide_ahead, explain, would_lose
from lottery_assets.jackpot.changes import with_changed
from lottery_assets.jackpot.plan import feasible
from lottery_assets.jackpot.planning import best_plan
from lottery_assets_tests.jackpot.horizons import example_ahead, random_horizon


def told(horizon: Horizon) -> tuple[Outlook, object]:
    outlook = decide_ahead(horizon)
    return outlook, explain(horizon, outlook, "EUR")


def fine(seed: int) -> Horizon:
    """A fine grid and a floor within reach: steps of the jackpot hardly matter."""
    horizon = random_horizon(
        seed, 6, 200, noise=0.0, available_cash=1e5, safety_buffer=0.0, max_step_up=None, max_step_down=None
    )
    allowed = replace(horizon, first=replace(horizon.first, min_payout_ratio_12m=0.0, max_payout_ratio_12m=None))
    plan = best_plan(allowed, feasible(allowed.first))
    prizes, sales = allowed.over_52_weeks(allowed.course(plan.path[None, :]))
    floor = float((prizes / sales)[0, 5]) * 1.002
    return replace(allowed, first=replace(allowed.first, min_payout_ratio_12m=floor))


def test_a_price_of_the_floor_is_the_dual_and_deciding_again_confirms_it():
    confirmed = 0
    for seed in range(8):
        horizon = fine(seed)
        if not feasible(horizon.first).any():
            continue
        _, reasons = told(horizon)
        for price in reasons.prices:
            if price.rule == "payout_ratio_floor" and price.dual is not None:
                confirmed += price.again == pytest.approx(price.dual, rel=0.1)
                assert price.published == (
                    price.dual if price.again == pytest.approx(price.dual, rel=0.1) else price.again
                )
    assert confirmed >= 3


def test_what_a_price_promises_is_what_relief_earns():
    horizon = next(market for seed in range(9) if feasible((market := fine(seed)).first).any())
    outlook, reasons = told(horizon)
    [price] = [one for one in reasons.prices if one.rule == "payout_ratio_floor"]
    looser = replace(
        horizon, first=replace(horizon.first, min_payout_ratio_12m=horizon.first.min_payout_ratio_12m - 0.001)
    )
    earned = decide_ahead(looser).plan.merit - outlook.plan.merit
    assert earned == pytest.approx(0.001 * price.again, rel=1e-6)


def test_a_rule_far_from_its_limit_has_no_price_and_does_not_bind():
    _, reasons = told(example_ahead(3, min_payout_ratio_12m=0.1))
    floor = next(rule for rule in reasons.rules if rule.rule == "payout_ratio_floor")
    assert (floor.binding, floor.price) == (False, None)
    assert "no rule stands in the way" in reasons.sentence


def test_a_step_that_binds_is_named_in_plain_words_and_priced():
    free = {"min_payout_ratio_12m": 0.0, "max_payout_ratio_12m": None, "available_cash": 1e5, "safety_buffer": 0.0}
    horizon = random_horizon(2, 6, 40, noise=0.0, **free)
    p, step = horizon.first, float(np.diff(horizon.jackpots)[0])
    first = replace(p, max_step_up=step, max_step_down=None, last_jackpot=float(p.jackpots[0]))
    outlook, reasons = told(replace(horizon, first=first))
    assert outlook.decision.jackpot == p.jackpots[1]
    rule = next(rule for rule in reasons.rules if rule.rule == "step_up")
    assert rule.binding
    assert rule.price > 0
    assert "the largest rise in a week" in reasons.sentence


def test_inside_the_range_the_answer_stays_and_a_little_beyond_it_does_not():
    horizon = example_ahead(2, min_payout_ratio_12m=0.3662)
    outlook, reasons = told(horizon)
    ranges = {found.input: found for found in reasons.unmoved}
    assert set(ranges) == {"demand", "price", "odds", "cash", "floor"}
    for found in ranges.values():
        assert 0.9 <= found.low <= 1.0 <= found.high <= 1.1
        for factor in (found.low, found.high):
            changed = with_changed(horizon, found.input, factor)
            if feasible(changed.first).any():
                assert decide_ahead(changed).decision.jackpot == outlook.decision.jackpot
    floor = ranges["floor"]
    assert floor.high < 1.1
    beyond = with_changed(horizon, "floor", floor.high + 0.1 / 2**2 + 1e-9)
    assert not feasible(beyond.first).any() or decide_ahead(beyond).decision.jackpot != outlook.decision.jackpot


def test_the_one_week_view_is_told_where_it_differs():
    for seed in range(30):
        horizon = random_horizon(seed, 4, 20, memory=True, min_payout_ratio_12m=0.0, max_payout_ratio_12m=None)
        if not feasible(horizon.first).any():
            continue
        outlook, reasons = told(horizon)
        alone = decide_ahead(
            replace(horizon, week_starts=horizon.week_starts[:1], tickets=horizon.tickets[:1])
        ).decision
        assert reasons.one_week_jackpot == alone.jackpot
        if alone.jackpot != outlook.decision.jackpot:
            assert f"a view of one week would announce {alone.jackpot:g} million" in reasons.sentence
            return
    raise AssertionError("no market in which memory changes the coming week")


def test_the_next_best_jackpots_lose_what_planning_anew_from_them_loses():
    horizon = random_horizon(4, 3, 15, memory=True)
    outlook = decide_ahead(horizon)
    for place, loss in outlook.decision.runners_up[:3]:
        only = np.arange(15) == place
        assert outlook.plan.merit - decide_ahead(horizon, only).plan.merit == pytest.approx(loss, abs=1e-6)
    losses = [loss for _, loss in outlook.decision.runners_up]
    assert losses == sorted(losses)


def test_the_price_of_a_broken_rule_is_not_told_as_money():
    """What every other first jackpot lacks of a rule later on counts a thousandfold in the plan."""
    told_otherwise = set()
    for seed in range(60):
        horizon = random_horizon(seed, 4, 12, memory=True)
        try:
            outlook, reasons = told(horizon)
        except NoRecommendation:
            continue
        for place, loss in outlook.decision.runners_up[:1]:
            kept = not outlook.broken_ahead and not decide_ahead(horizon, np.arange(12) == place).broken_ahead
            assert (f"would earn {loss:.3g} million less" in reasons.sentence) == kept
            told_otherwise.add(kept)
    assert told_otherwise == {True, False}


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (0.2512, "0.251 million less"),
        (-0.3, "0.3 million more"),
        (1234.4, "1,234 million less"),
        (5.061e-07, "0.000000506 million less"),
    ],
)
def test_a_loss_is_told_as_people_write_it(loss, said):
    assert would_lose(loss, 1e5, breaks_ahead=False) == f"would earn {said}"


def test_more_winners_to_pay_move_the_answer_as_the_changed_odds_say():
    """Each winner is paid: with odds a tenth longer or shorter the till must cover others."""
    horizon = replace(random_horizon(6, 1, 40, min_payout_ratio_12m=0.0, max_payout_ratio_12m=None), per_winner=True)
    changed = with_changed(horizon, "odds", 3.0)
    assert np.all(changed.first.exposure >= horizon.first.exposure)
    assert np.any(changed.first.exposure > horizon.first.exposure)
    assert np.all(changed.first.cash_of_the_worst <= horizon.first.cash_of_the_worst)
