"""What rows say of a game whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.complaints import BadInput
from lottery_assets.onboarding import evidence, limits, questions
from lottery_assets.onboarding.odds import chance_of_a_ticket, games_within
from lottery_assets.onboarding.steps import step, within
from lottery_assets_tests import countries


def seen(rows: pd.DataFrame):
    return evidence("atlantis", rows, "rows.csv")


def codes(rows: pd.DataFrame) -> set[str]:
    return {caution.code for caution in limits(seen(rows))}


def test_price_range_and_step_are_those_of_the_rows():
    rows = countries.sales()
    its = seen(rows)
    assert (its.price, its.step) == (2.0, 1.0)
    assert its.range == (4.0, rows["jackpot_announced"].max())


def test_special_draws_do_not_widen_the_range():
    rows = countries.sales()
    rows.loc[100, ["jackpot_announced", "special_draw"]] = [300.0, 1]
    assert seen(rows).range[1] < 100


def test_a_price_that_no_row_tells_is_what_a_ticket_brought_in_and_else_a_question():
    rows = countries.sales()
    told = rows.drop(columns="ticket_price").assign(sales_revenue=3.5 * rows["tickets_sold"])
    assert seen(told).price == 3.5
    silent = seen(rows.drop(columns="ticket_price"))
    assert silent.price is None
    assert "ticket_price" in {question.key for question in questions(silent)}


def test_the_shares_of_a_made_up_game_are_found_again():
    its = seen(countries.sales())
    assert its.lower_prizes == pytest.approx(0.25, abs=1e-6)
    low, high = its.ratios
    assert 0.25 < low < high < 1


def test_the_true_odds_lie_within_what_the_falls_suggest():
    _, low, high = seen(countries.sales(weeks=208)).chance
    assert low < 1 / 14e6 < high


def test_odds_are_those_at_which_so_many_falls_are_expected():
    tickets = np.full(100, 5e6)
    middle, low, high = chance_of_a_ticket(tickets, 30)
    assert -np.expm1(tickets * np.log1p(-middle)).sum() == pytest.approx(30)
    assert low < middle < high
    assert chance_of_a_ticket(tickets, 0) is None
    assert chance_of_a_ticket(tickets, 100) is None
    assert ("6/49", 13_983_816) in games_within(1 / 15e6, 1 / 13e6)


@pytest.mark.parametrize(
    ("jackpots", "found"),
    [([3, 4.5, 20, 38.5], 0.5), ([20, 60, 150, 405, 1000], 5.0), ([5, 5, 5], 0.2), ([3.17, 4.93, 11.21, 23.08], 0.2)],
)
def test_the_step_is_the_largest_round_one_that_fits(jackpots, found):
    assert step(np.array(jackpots, float)) == found


def test_the_proposed_range_lies_within_what_was_announced():
    assert within(np.array([3.2, 38.4]), 0.5) == (3.5, 38.0)


def test_few_weeks_are_said_to_be_few_and_enough_weeks_are_not():
    few = codes(countries.sales(weeks=20))
    assert {"ratio_of_part_of_a_year", "season_not_seen_twice", "few_weeks"} <= few
    assert not {"ratio_of_part_of_a_year", "season_not_seen_twice", "few_weeks"} & codes(countries.sales(weeks=160))


def test_jackpots_that_never_varied_teach_nothing_about_others():
    rows = countries.sales(weeks=60).assign(jackpot_announced=8.0)
    found = codes(rows)
    assert {"jackpots_hardly_varied", "elasticity_not_identified"} <= found
    assert "jackpots_hardly_varied" not in codes(countries.sales(weeks=60))


def test_what_columns_do_not_tell_is_said():
    rows = countries.sales(weeks=60).drop(columns=["prizes_paid", "jackpot_won"])
    assert {"prizes_estimated", "falls_unknown"} <= codes(rows)


def test_rows_that_cannot_be_read_are_refused_with_their_row():
    rows = countries.sales().astype({"tickets_sold": object})
    rows.loc[10, "tickets_sold"] = "many"
    with pytest.raises(BadInput, match="row 12"):
        seen(rows)


def test_seven_weeks_are_too_few():
    with pytest.raises(BadInput, match="at least 8 are needed"):
        seen(countries.sales(weeks=7))
