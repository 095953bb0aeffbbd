"""A jackpot that people choose is judged by the same rules and the same demand as the recommended one."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.jackpot.recommendation import Rule
from lottery_assets.signoff import NotReproduced, chosen, reproduced
from lottery_assets.weekly import case, decide, recommend
from lottery_assets_tests import countries

ROWS = countries.sales()


def judged(jackpot: float, **changes):
    config = countries.country(**({"horizon_weeks": 4} | changes))
    return chosen(case(config, ROWS), recommend(config, ROWS), jackpot)


@pytest.fixture(scope="module")
def plain():
    config = countries.country(horizon_weeks=4)
    return config, recommend(config, ROWS)


def test_it_earns_what_the_recommendation_says_of_it_as_an_alternative(plain):
    config, r = plain
    other = r.alternatives[-1]
    its = chosen(case(config, ROWS), r, other.jackpot)
    assert its.expected_net_revenue == pytest.approx(other.expected_net_revenue)
    assert its.difference == pytest.approx(other.expected_net_revenue - r.expected_net_revenue)
    assert its.band_80[0] < its.difference < its.band_80[1]
    assert its.broken == ()


def test_the_farther_off_it_is_the_less_sure_is_its_cost(plain):
    config, r = plain
    near, far = (chosen(case(config, ROWS), r, r.jackpot * times).band_80 for times in (1.2, 2.0))
    assert np.ptp(far) > 2 * np.ptp(near)


@pytest.mark.parametrize(
    ("changes", "jackpot", "rule"),
    [
        ({"available_cash": 30}, 25, "cash_cover"),
        ({"max_step_up": 2}, 40, "step_up"),
        ({"max_step_down": 2}, 2, "step_down"),
        ({"max_payout_ratio_12m": 0.67}, 40, "payout_ratio_ceiling"),
        ({}, 45, "jackpot_range"),
        ({}, 7.25, "jackpot_range"),
    ],
)
def test_a_rule_that_it_breaks_is_named(changes, jackpot, rule):
    its = judged(jackpot, **changes)
    assert rule in its.broken
    [line] = [line for line in its.rules if line.rule == rule]
    assert line.slack < 0
    assert not line.holds


def test_cash_at_risk_is_that_of_the_plan_it_begins():
    """A week's worst futures leave cash less the jackpot at the least; several weeks may lose twice."""
    week, plan = (_cash_at_risk(judged(20, available_cash=60, horizon_weeks=weeks)) for weeks in (1, 6))
    assert plan < week


def _cash_at_risk(its) -> float:
    return next(rule.value for rule in its.rules if rule.rule == "cash_at_risk")


def test_where_jackpots_may_not_fall_unless_won_a_fall_breaks_that_rule():
    last = ROWS["jackpot_announced"].iloc[-1]
    assert ROWS["jackpot_won"].iloc[-1] == 0
    its = judged(last / 2, no_fall_unless_won=True, max_payout_ratio_12m=None)
    assert "no_fall_unless_won" in its.broken


def test_above_the_recommended_jackpot_a_shared_treasury_is_not_known_to_hold(plain):
    config, r = plain
    rule = Rule(rule="treasury_cover", holds=True, value=30, limit=20, slack=10, unit="millions", binding=False)
    pooled = r.model_copy(update={"rules": (*r.rules, rule)})
    assert chosen(case(config, ROWS), pooled, r.jackpot + 1).broken == ("treasury_cover",)
    assert chosen(case(config, ROWS), pooled, r.jackpot - 1).broken == ()


def test_other_inputs_than_those_of_the_record_are_noticed(plain):
    config, r = plain
    richer = config.model_copy(update={"available_cash": 90.0})
    with pytest.raises(NotReproduced, match="cash_cover"):
        reproduced(richer, _text(ROWS), r, 10)
    rows = ROWS.assign(tickets_sold=ROWS["tickets_sold"] * 2)
    with pytest.raises(NotReproduced):
        reproduced(config, _text(rows), r, 10)


@pytest.mark.parametrize("told", [True, False], ids=["planned row", "no planned row"])
def test_a_week_is_judged_as_it_was_known_although_its_sales_are_in_now(told):
    """Three draws and marketing; either planned ahead, or told by nobody before the week."""
    config = countries.country(horizon_weeks=2)
    week = {"country": "atlantis", "week_start": "2024-01-29", "n_draws": 3, "marketing_spend": 0.4}
    planned = pd.concat([ROWS.assign(n_draws=2), pd.DataFrame([week])]) if told else ROWS.assign(n_draws=2)
    r = recommend(config, planned)
    sold = week | {
        "jackpot_announced": 30.0,
        "tickets_sold": 5e6,
        "ticket_price": 2.0,
        "jackpot_won": 1,
        "prizes_paid": 3.3e7,
    }
    later = pd.concat([ROWS.assign(n_draws=2), pd.DataFrame([sold])])
    before = reproduced(config, _text(planned), r, 10)
    assert reproduced(config, _text(later), r, 10) == before


def test_the_model_that_decided_is_taken_where_a_fit_is_another_one(plain):
    config, _ = plain
    other = countries.sales(seed=5)
    champion = case(config, other).model
    own = case(config, ROWS)
    decided = decide(own.config, own.weekly, own.table, champion)
    with pytest.raises(NotReproduced):
        reproduced(config, _text(ROWS), decided, 10)
    assert reproduced(config, _text(ROWS), decided, 10, champion).jackpot == 10


def _text(rows: pd.DataFrame) -> pd.DataFrame:
    """As `read_sales` has it: every cell as text."""
    return rows.astype(object).where(rows.notna(), "").astype(str).reset_index(drop=True)
