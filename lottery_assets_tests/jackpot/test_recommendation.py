"""The published document: bands over tickets and winners, rounding, per-winner prizes."""

import json

import numpy as np
import pandas as pd
import pytest

from lottery_assets import demand, jackpot, sales
from lottery_assets.jackpot import Recommendation
from lottery_assets.weekly import recommend
from lottery_assets_tests.countries import country
from lottery_assets_tests.countries import sales as rows


def parts(config):
    weekly = sales.weekly_sales(rows(), config)
    features = demand.features(weekly, config)
    tickets = demand.fit(features).tickets(config.jackpots, features)
    return weekly, tickets, jackpot.problem(config, weekly, [tickets])


@pytest.mark.parametrize("prize", ["shared", "per_winner"])
def test_the_net_revenue_band_is_that_of_a_simulation(prize):
    config = country(jackpot_prize=prize)
    _, tickets, problem = parts(config)
    g = int(np.flatnonzero(problem.jackpots == 20)[0])
    rng = np.random.default_rng(0)
    sold = rng.choice(tickets.draws[:, g], 400_000)
    winners = rng.poisson(sold * config.prob_single_ticket_win)
    paid = 20 * (winners if prize == "per_winner" else winners > 0)
    net = sold * 2 / 1e6 * 0.75 - paid
    low, high = jackpot.net_revenue_band(config, problem, tickets, g, 0.80)
    assert (net < low).mean() <= 0.102 <= 0.002 + (net <= low + 0.05).mean()
    assert (net <= high).mean() == pytest.approx(0.90, abs=0.004)
    assert problem.expected_net_revenue[g] == pytest.approx(net.mean(), abs=0.06)


def test_each_winner_paid_costs_more_than_a_shared_jackpot():
    _, _, shared = parts(country())
    _, _, each = parts(country(jackpot_prize="per_winner"))
    assert np.all(each.expected_jackpot_payout > shared.expected_jackpot_payout)
    assert np.all(each.exposure[each.jackpots > 5] >= 2 * shared.exposure[each.jackpots > 5])
    assert np.all(each.cash_of_the_worst <= shared.cash_of_the_worst)


def test_expectations_are_averages_and_not_values_at_the_average():
    config = country()
    _, tickets, problem = parts(config)
    naive = -np.expm1(tickets.mean * np.log1p(-config.prob_single_ticket_win))
    assert np.all(problem.chance_falls < naive)


def test_the_ratio_looks_back_over_calendar_weeks_not_rows():
    config = country()
    whole = rows()
    gappy = whole.drop(index=range(120, 140))
    last = sales.history(sales.weekly_sales(whole, config))
    window = last[last["week_start"] >= last["week_start"].iloc[-1] - np.timedelta64(50 * 7, "D")]
    kept = window[~window.index.isin(range(120, 140))]
    weekly = sales.weekly_sales(gappy, config)
    features = demand.features(weekly, config)
    problem = jackpot.problem(config, weekly, [demand.fit(features).tickets(config.jackpots, features)])
    assert len(window) == 51
    assert problem.past_sales == pytest.approx(kept["sales"].sum())
    assert problem.past_prizes == pytest.approx(kept["prizes"].sum())


def test_the_document_survives_its_own_bytes():
    document = recommend(country(), rows())
    again = Recommendation.model_validate_json(document.as_bytes())
    assert again.as_bytes() == document.as_bytes()
    fields = set(json.loads(document.as_bytes()))
    assert fields == {
        *("country", "week_start", "currency", "jackpot", "expected_tickets", "tickets_80", "tickets_95"),
        *("expected_sales", "expected_jackpot_payout", "expected_secondary_prizes", "expected_net_revenue"),
        *("net_revenue_80", "chance_jackpot_falls", "payout_ratio_12m", "rules", "plan", "approaching"),
        *("alternatives", "solver", "reasons", "warnings"),
    }


def test_the_last_bits_of_a_sum_are_not_published():
    document = json.loads(recommend(country(), rows()).as_bytes())
    assert all(
        len(repr(document[key]).replace(".", "").lstrip("0")) <= 11 for key in ("expected_tickets", "expected_sales")
    )


def test_marketing_is_paid_out_of_net_revenue():
    planned = pd.DataFrame([{"country": "atlantis", "week_start": "2024-01-29", "marketing_spend": 1.25}])
    dear = recommend(country(), pd.concat([rows(), planned], ignore_index=True))
    kept = dear.expected_sales - dear.expected_secondary_prizes - dear.expected_jackpot_payout
    assert dear.expected_net_revenue == pytest.approx(kept - 1.25, abs=1e-6)
