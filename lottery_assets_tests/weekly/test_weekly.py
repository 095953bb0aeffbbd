"""The whole week as one function: deterministic, blind to the future, plain about what it cannot know."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from lottery_assets.country import load_countries
from lottery_assets.weekly import BadInput, NoRecommendation, forecast, recommend
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.countries import country, sales

REAL = load_countries(ROOT / "configs").configs


@pytest.mark.parametrize("name", sorted(REAL))
def test_each_real_game_gets_a_jackpot_that_keeps_every_rule(name, real_sales):
    config = REAL[name]
    r = recommend(config, real_sales)
    assert r.jackpot in config.jackpots
    assert all(rule.holds for rule in r.rules)
    kept = r.expected_sales - r.expected_secondary_prizes - r.expected_jackpot_payout
    assert r.expected_net_revenue == pytest.approx(kept, rel=1e-8)
    assert r.tickets_95[0] < r.tickets_80[0] < r.expected_tickets < r.tickets_80[1] < r.tickets_95[1]
    assert r.net_revenue_80[0] < r.net_revenue_80[1]
    assert r.expected_net_revenue < r.net_revenue_80[1]  # a rare fall may draw the mean below the band, never above it
    losses = [other.loss for other in r.alternatives]
    assert len(losses) == 3
    assert losses == sorted(losses)
    assert min(losses) >= 0
    assert r.plan[0].jackpot == r.jackpot
    assert r.plan[0].week_start == r.week_start


def test_the_same_arguments_give_the_same_bytes():
    assert recommend(country(), sales()).as_bytes() == recommend(country(), sales()).as_bytes()


def test_neither_the_order_of_the_rows_nor_other_countries_matter():
    rows = sales()
    crowd = pd.concat([sales(name="mu", seed=3), rows], ignore_index=True).sample(frac=1, random_state=1)
    alone, among = recommend(country(), rows), recommend(country(), crowd)
    assert among.model_dump(exclude={"warnings"}) == alone.model_dump(exclude={"warnings"})


def test_nothing_after_the_week_is_read():
    rows = sales()
    week = date(2023, 3, 6)
    spoilt = rows.copy()
    later = spoilt["week_start"] >= str(week)
    spoilt.loc[later, "tickets_sold"] = np.random.default_rng(0).integers(1, 10**9, later.sum())
    spoilt.loc[later, "jackpot_announced"] = 39.0
    before = recommend(country(), rows[~later], week)
    assert recommend(country(), spoilt, week).as_bytes() == before.as_bytes()
    assert recommend(country(), rows, week).week_start == week


def test_a_planned_week_is_known_ahead():
    rows = sales()
    coming = {"country": "atlantis", "week_start": "2024-01-29", "ticket_price": 4.0}
    dearer = recommend(country(), pd.concat([rows, pd.DataFrame([coming])], ignore_index=True))
    usual = recommend(country(), rows)
    assert dearer.week_start == usual.week_start
    assert dearer.expected_tickets < usual.expected_tickets
    assert dearer.expected_sales / dearer.expected_tickets == pytest.approx(4e-6)


def test_unknown_cash_is_never_guessed():
    config = country(available_cash=None, available_cash_secret_name="lottery/atlantis")
    with pytest.raises(BadInput, match="lottery/atlantis"):
        recommend(config, sales())
    assert recommend(config.with_cash(80), sales()).jackpot == recommend(country(available_cash=80), sales()).jackpot


def test_more_cash_never_earns_less_and_less_cash_never_more():
    earned = [recommend(country(available_cash=cash), sales()).expected_net_revenue for cash in (14, 20, 30, 80)]
    assert earned == sorted(earned)
    assert earned[0] < earned[-1]


def test_no_feasible_jackpot_names_each_rule_and_by_how_much_it_misses():
    with pytest.raises(NoRecommendation) as caught:
        recommend(country(min_payout_ratio_12m=0.95, max_payout_ratio_12m=0.97, available_cash=20), sales())
    message = str(caught.value)
    assert "payout_ratio_floor cannot be met by any jackpot this week" in message
    assert "misses by" in message
    for rule in ("jackpot_range", "payout_ratio_ceiling", "cash_cover", "cash_at_risk"):
        assert rule in message


def test_a_ratio_that_two_rules_squeeze_names_both():
    tight = country(min_payout_ratio_12m=0.55, max_payout_ratio_12m=0.70, available_cash=14)
    rows = sales()
    rows["prizes_paid"] = (rows["tickets_sold"] * 2 * 0.545).round()
    with pytest.raises(NoRecommendation, match="payout_ratio_floor"):
        recommend(tight, rows)


def test_a_forecast_does_not_depend_on_what_else_is_asked():
    alone = forecast(country(), sales(), [12.5])
    among = forecast(country(), sales(), [40, 3, 12.5, 7])
    pd.testing.assert_frame_equal(alone, among.iloc[[2]].reset_index(drop=True))


def test_a_forecast_rises_with_the_jackpot_and_widens_where_nothing_was_seen():
    curve = forecast(country(), sales(), [4, 8, 16, 32, 400])
    assert curve["mean"].is_monotonic_increasing
    width = np.log(curve["upper_95"] / curve["lower_95"])
    assert width.iloc[-1] > 1.3 * width.iloc[1]


@pytest.mark.parametrize("jackpots", [[], [0], [-1], [float("nan")], [float("inf")]])
def test_a_jackpot_that_is_no_positive_number_is_refused(jackpots):
    with pytest.raises(BadInput, match="positive number of millions"):
        forecast(country(), sales(), jackpots)


def test_eight_weeks_are_enough_to_answer_and_seven_are_not():
    eight = recommend(country(), sales(weeks=8))
    assert {"few_weeks", "elasticity_not_identified"} <= {w.code for w in eight.warnings}
    with pytest.raises(BadInput, match="8"):
        recommend(country(), sales(weeks=7))
