"""What the pages' pictures are drawn from: eras of the price, the payout ratio and what rolls off, and figures as text."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.report.eras import eras
from lottery_assets.report.ratio import ratio
from lottery_assets.report.units import Units, exact, moved, percent, short, tick
from lottery_assets.weekly import case, decide
from lottery_assets_tests.countries import country, sales


def sold(*prices: tuple[float, int]) -> pd.DataFrame:
    price = np.repeat([p for p, _ in prices], [n for _, n in prices])
    return pd.DataFrame(
        {"week_start": pd.date_range("2020-01-06", periods=len(price), freq="7D"), "ticket_price": price}
    )


def test_each_price_is_an_era_and_the_newest_comes_first():
    found = eras(sold((2.0, 30), (2.5, 20), (3.0, 10)), "EUR")
    assert found.apart == "by ticket price"
    assert [(name, len(weeks)) for name, weeks in found.parts] == [
        ("EUR 3 since 2020-12", 10),
        ("EUR 2.5 since 2020-08", 20),
        ("EUR 2 before", 30),
    ]


@pytest.mark.parametrize("weeks", [0, 9, 104])
def test_a_game_of_two_years_under_one_price_is_one_era(weeks):
    found = eras(sold((2.0, weeks)), "EUR")
    assert [len(part) for _, part in found.parts] == ([weeks] if weeks else [])
    assert "apart" not in found.apart


def test_many_prices_are_four_eras():
    found = eras(sold(*((price, 10) for price in range(1, 8))), "EUR")
    assert len(found.parts) == 4
    assert found.parts[-1][0] == "earlier prices"
    assert sum(len(weeks) for _, weeks in found.parts) == 70


@pytest.mark.parametrize("prices", [[(2.0, 150)], [(2.0, 100), (9.0, 3), (2.0, 47)], [(2.0, 75), (2.01, 75)]])
def test_where_the_price_never_really_changed_the_last_two_years_stand_apart(prices):
    found = eras(sold(*prices), "EUR")
    assert found.apart == "the last two years apart"
    assert [(name, len(weeks)) for name, weeks in found.parts] == [
        ("last two years", 104),
        ("before", 46),
    ]


def test_the_ratio_goes_on_where_the_past_ends_and_drops_the_week_of_a_year_ago():
    its = case(country(horizon_weeks=3), sales())
    r = decide(its.config, its.weekly, its.table, its.model)
    found = ratio(its.weekly, r.plan, its.config)
    past = its.weekly[its.weekly["tickets_sold"].notna()]
    year = past.tail(52)
    assert found.past[-1] == pytest.approx(year["prizes"].sum() / year["sales"].sum())
    assert found.planned[0] == r.payout_ratio_12m
    assert found.dropped_prizes.tolist() == past["prizes"].iloc[-52:-49].tolist()
    assert found.rolls_off
    assert not found.short


def test_what_was_not_sold_does_not_roll_off():
    its = case(country(horizon_weeks=3), sales(weeks=20))
    r = decide(its.config, its.weekly, its.table, its.model)
    found = ratio(its.weekly, r.plan, its.config)
    assert found.short
    assert not found.rolls_off


@pytest.mark.parametrize(
    ("amounts", "value", "text"),
    [
        ([130.0], 130.0812, "130.08"),
        ([2.9], -1234.5, "-1,234.50"),
        ([59_613], 59_613.4, "59,613"),
        ([0.00298], 0.00298, "0.00298"),
        ([3.0], -0.001, "0.00"),
        ([0.0], 0.0, "0.00"),
    ],
)
def test_amounts_have_the_decimals_that_their_country_needs(amounts, value, text):
    assert Units.of("EUR", amounts).amount(value) == text


def test_jackpots_keep_all_of_their_digits():
    assert [exact(value) for value in (110, 21.5, 6.439288, 2_000_000, 0.3 - 0.1)] == [
        "110",
        "21.5",
        "6.439288",
        "2,000,000",
        "0.2",
    ]
    assert moved(6.5, 8) == "-1.5 million (-18.8\u00a0%)"
    assert moved(8, 8) == "none"
    assert moved(8, 0) == "+8 million"


def test_small_slacks_are_not_rounded_away():
    assert [short(value) for value in (90, 19.5, 0.0069, -0.0123, 0.000002, 1e-12, 1234567)] == [
        "90",
        "19.50",
        "0.0069",
        "-0.012",
        "0.0000020",
        "0",
        "1,234,567",
    ]
    assert percent(0.5011) == "50.1\u00a0%"
    assert [tick(value) for value in (-200_000, 0.005, 1500)] == ["-200k", "0.005", "1,500"]
