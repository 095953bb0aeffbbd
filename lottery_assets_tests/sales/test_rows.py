"""Faults of single rows: each is named with file, row, value and remedy, and stops its own country alone."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.sales import weekly_sales
from lottery_assets_tests.countries import country, sales
from lottery_assets_tests.sales.rows import FILE_ROW, complaint, complaints, spoilt, text_rows

PLACE = 20
"""A row in the middle; its week is 2021-05-24."""


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("tickets_sold", "1,234", "tickets_sold is '1,234'; it is a number [tickets], write 1234"),
        ("tickets_sold", "12 345", "write 12345"),
        ("tickets_sold", "1.234.567,5", "write 1234567.5"),
        ("tickets_sold", "3\u00a0000\u00a0000", "write 3000000"),
        (
            "tickets_sold",
            "n/a",
            "tickets_sold is 'n/a'; it is a number [tickets], write a plain number, or leave it empty",
        ),
        ("tickets_sold", "NaN", "tickets_sold is 'NaN'"),
        ("tickets_sold", "inf", "tickets_sold is 'inf'"),
        ("tickets_sold", "1_000", "tickets_sold is '1_000'; it is a number [tickets], write 1000"),
        ("tickets_sold", "-5", "tickets_sold is -5; write tickets of at least 0"),
        ("tickets_sold", "", "tickets_sold is empty, but later weeks have sales (up to 2021-10-04); fill it in"),
        ("jackpot_announced", "R$ 30", "jackpot_announced is 'R$ 30'; it is a number [millions]"),
        ("jackpot_announced", "3,5", "write 3.5"),
        ("jackpot_announced", "", "jackpot_announced is empty, but tickets were sold; fill it in [millions]"),
        ("jackpot_announced", "0", "jackpot_announced is 0; write the jackpot announced, in millions, above 0"),
        ("jackpot_announced", "-4", "jackpot_announced is -4"),
        ("jackpot_announced", "30000000", "it is in millions (atlantis announces 2 to 40 million), write 30"),
        ("jackpot_announced", "0.0001", "it is in millions (atlantis announces 2 to 40 million); check the unit"),
        ("ticket_price", "0", "ticket_price is 0; write the price of one ticket, above 0"),
        ("ticket_price", "-2", "ticket_price is -2"),
        ("sales_revenue", "-2", "sales_revenue is -2; write local currency of at least 0"),
        ("sales_revenue", "0", "sales_revenue is 0; but tickets were sold"),
        ("prizes_paid", "-1", "prizes_paid is -1; write local currency of at least 0"),
        ("marketing_spend", "-1", "marketing_spend is -1; write millions of at least 0"),
        (
            "marketing_spend",
            "500000",
            "marketing_spend is 500000; that is over 100 times the week's sales; it is in millions",
        ),
        ("jackpot_won", "2", "jackpot_won is 2; write 0 or 1"),
        ("jackpot_won", "yes", "jackpot_won is 'yes'"),
        ("special_draw", "0.5", "special_draw is 0.5; write 0 or 1"),
        ("n_draws", "-1", "n_draws is -1; write the number of draws, a whole number"),
        ("n_draws", "1.5", "n_draws is 1.5; write the number of draws, a whole number"),
        ("n_draws", "0", "n_draws is 0; but tickets were sold; write the number of draws"),
        ("week_start", "", "week_start is empty; write the Monday of the week"),
        ("week_start", "24.05.2021", "'24.05.2021', not an ISO date; write it as an ISO date, 2021-05-24"),
        ("week_start", "5/24/2021", "write it as an ISO date, 2021-05-24"),
        ("week_start", "20210524", "write it as an ISO date, 2021-05-24"),
        ("week_start", "2021-05-32", "write it as an ISO date, such as"),
        ("week_start", "2021-05-24 18:30", "it has a time of day, write 2021-05-24"),
        ("week_start", "2021-W21", "write it as an ISO date, such as"),
        ("week_start", "2021-05-26", "is 2021-05-26, a Wednesday; write the Monday of that week, 2021-05-24"),
        ("week_start", "1021-05-21", "week_start is 1021-05-21; check the year"),
        ("country", "Atlantis", "country is 'Atlantis'; write atlantis"),
        ("country", "", "country is empty, and atlantis has no row for that week; fill in whose row it is"),
    ],
)
def test_a_fault_is_named_with_its_row_its_value_and_the_remedy(column, cell, says):
    found = complaints(spoilt(PLACE, **{column: cell}))
    assert found[0].key == column
    rows = {one.row for one in found}
    assert rows == {PLACE + FILE_ROW}, [one.message for one in found]
    assert found[0].message.startswith(f"sales.csv, row {PLACE + FILE_ROW} (atlantis): ")
    assert says in found[0].message


@pytest.mark.parametrize("cell", ["1e6", " 3000000 ", "+3000000", "3000000.0"])
def test_plain_numbers_in_any_notation_are_read(cell):
    assert len(weekly_sales(spoilt(PLACE, tickets_sold=cell), country())) == 41


@pytest.mark.parametrize(
    "cell", ["2021-05-24 00:00", "2021-05-24T00:00:00", "2021-05-24 00:00:00.000", "2021-05-24T00:00:00Z"]
)
def test_midnight_is_no_time_of_day(cell):
    weekly = weekly_sales(spoilt(PLACE, week_start=cell), country())
    assert weekly["week_start"][PLACE] == pd.Timestamp("2021-05-24")


def test_cells_may_have_blanks_around_them():
    frame = spoilt(PLACE, country=" atlantis ", week_start=" 2021-05-24 ", jackpot_won=" 1 ")
    assert len(weekly_sales(frame, country())) == 41


def test_a_week_given_twice_names_both_rows():
    found = complaint(spoilt(PLACE, week_start="2021-05-31"))
    assert found.row == PLACE + 1 + FILE_ROW
    assert "the week of 2021-05-31 stands in row 22 and again here; keep one of the two rows" in found.message


def test_a_week_is_given_twice_whether_sold_or_planned():
    frame = text_rows(20)
    frame.loc[20] = {**frame.loc[19].to_dict(), "tickets_sold": ""}
    assert any("stands in row 21 and again here" in one.message for one in complaints(frame))


def test_every_fault_of_the_country_is_told_at_once_by_row():
    frame = spoilt(PLACE, tickets_sold="many", jackpot_won="2")
    frame.loc[3, "week_start"] = "2021-01-26"
    assert [(one.row, one.key) for one in complaints(frame)] == [
        (5, "week_start"),
        (22, "tickets_sold"),
        (22, "jackpot_won"),
    ]


def test_of_many_like_faults_the_first_are_named_and_the_others_counted():
    frame = text_rows(60)
    frame["tickets_sold"] = "x"
    found = complaints(frame)
    assert [one.row for one in found[:20]] == list(range(2, 22))
    assert "tickets_sold: 40 more rows like these, the last is row 61" in found[20].message


def test_faults_of_another_country_do_not_matter():
    other = spoilt(PLACE, tickets_sold="x", week_start="never", jackpot_won="7").assign(country="lemuria")
    mine = text_rows()
    mixed = pd.concat([other, mine], ignore_index=True)
    pd.testing.assert_frame_equal(
        weekly_sales(mixed, country()).drop(columns="row"), weekly_sales(mine, country()).drop(columns="row")
    )


def test_a_country_without_rows_names_those_there_are():
    assert "no row has country 'atlantis'; did you mean 'atlantys'?" in complaint(text_rows(name="atlantys")).message
    assert "the countries there are 'peru'" in complaint(text_rows(name="peru")).message


def test_a_nameless_row_is_no_fault_of_a_country_that_misses_no_week():
    frame = pd.concat([text_rows(20), text_rows(20).iloc[[4]].assign(country="")], ignore_index=True)
    assert len(weekly_sales(frame, country())) == 21


def test_a_planned_week_may_not_have_revenue():
    frame = spoilt(39, tickets_sold="", sales_revenue="5000000", prizes_paid="0")
    assert "sales_revenue is 5000000; but tickets_sold is empty" in complaint(frame).message


def test_a_planned_week_years_ahead_is_a_slip():
    frame = spoilt(39, tickets_sold="", prizes_paid="", week_start="2031-10-06")
    found = complaint(frame)
    assert found.row == 41
    assert "years after the last sales (2021-09-27); check the year" in found.message


def test_a_sold_week_years_ahead_is_a_slip():
    found = complaint(spoilt(39, week_start="2041-10-07"))
    assert (found.row, "years after the sales before it; check the year" in found.message) == (41, True)


def test_a_planned_week_without_a_draw_is_refused():
    assert (
        "a week without a draw cannot be planned"
        in complaint(spoilt(39, tickets_sold="", prizes_paid="", n_draws="0")).message
    )


def test_no_tickets_where_draws_were_held_is_refused():
    assert "tickets_sold is 0; but draws were held" in complaint(spoilt(PLACE, tickets_sold="0", n_draws="2")).message


def test_no_tickets_at_the_end_may_mean_not_known_yet_and_is_asked_for():
    found = complaint(spoilt(39, tickets_sold="0"))
    assert "leave it empty if it is not known yet; write n_draws 0 if no draw was held" in found.message


def test_fewer_than_eight_weeks_with_sales_are_refused():
    assert "7 weeks with sales; at least 8 are needed" in complaint(text_rows(7)).message
    assert len(weekly_sales(text_rows(8), country())) == 9


def test_prizes_that_would_be_negative_are_refused():
    frame = sales(20).drop(columns="prizes_paid").assign(net_revenue=3.0)
    frame.loc[5, "net_revenue"] = 30.0
    found = complaint(frame)
    assert found.row == 7
    assert "net_revenue is 30 and sales are" in found.message
    assert "leaves negative prizes" in found.message


def test_net_revenue_in_units_is_refused():
    frame = sales(20).drop(columns="prizes_paid").assign(net_revenue=3.0e6)
    assert (
        "net_revenue is 3000000; that is over 100 times the week's sales; it is in millions"
        in complaints(frame)[0].message
    )


@pytest.mark.parametrize(
    ("column", "factor", "says"),
    [
        ("prizes_paid", 1e-6, "prizes_paid is"),
        ("sales_revenue", 1e-6, "sales_revenue is"),
        ("tickets_sold", 1e-6, "tickets_sold counts single tickets, not thousands or millions"),
    ],
)
def test_a_column_in_another_unit_is_refused(column, factor, says):
    frame = sales(20)
    frame["sales_revenue"] = 2.0 * frame["tickets_sold"]
    frame[column] = frame[column] * factor
    if column == "tickets_sold":
        frame = frame.drop(columns=["sales_revenue", "prizes_paid"])
    found = complaint(frame)
    assert found.key == column
    assert says in found.message


def test_jackpots_all_in_units_are_told_of_as_jackpots_only():
    frame = sales(20)
    frame["jackpot_announced"] *= 1e6
    assert {one.key for one in complaints(frame)} == {"jackpot_announced"}


def test_faults_of_a_frame_are_named_by_the_row_of_a_file_made_of_it():
    frame = sales(40)
    frame.loc[PLACE, "tickets_sold"] = -1
    assert complaint(frame).row == PLACE + FILE_ROW
    assert complaint(frame.sample(frac=1, random_state=3)).row == PLACE + FILE_ROW
    assert complaint(frame.assign(row=np.arange(len(frame)) + 100)).row == PLACE + 100
    assert complaint(frame.set_index("week_start", drop=False)).row == PLACE + FILE_ROW


@pytest.mark.parametrize(
    ("week", "says"),
    [
        ("2021-03-03", "week_start 2021-03-03 is a Wednesday; write the Monday of that week, 2021-03-01"),
        ("soon", "week_start 'soon' is no date"),
        ("2021-02-01", "4 weeks with sales before 2021-02-01; at least 8 are needed"),
        ("2020-02-03", "0 weeks with sales before 2020-02-03"),
    ],
)
def test_a_coming_week_that_cannot_be_served_says_why(week, says):
    assert says in complaint(text_rows(), week_start=week).message
