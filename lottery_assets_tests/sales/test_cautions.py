"""Warnings that travel with a recommendation, and the columns' catalogue."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.sales import SALES_COLUMNS, WEEKLY_COLUMNS, cautions, findings, meanings, weekly_sales
from lottery_assets.sales.columns import markdown
from lottery_assets_tests.countries import country, sales


def warned(frame: pd.DataFrame) -> dict[str, str]:
    return {caution.code: caution.message for caution in cautions(weekly_sales(frame, country()))}


def test_sound_sales_are_not_warned_of():
    assert warned(sales(60)) == {}
    assert findings(weekly_sales(sales(60), country())) == []


def test_a_gap_names_its_weeks_how_many_and_between_which_rows():
    frame = sales(60).assign(row=np.arange(60) + 2).drop(index=[10, 11, 12, 30])
    assert warned(frame)["gap"] == (
        "weeks without sales: 2021-03-15 to 2021-03-29 (3 weeks), between rows 11 and 15; "
        "2021-08-02, between rows 31 and 33"
    )
    first, second = findings(weekly_sales(frame, country()), source="sales.csv")
    assert (first.row, second.row, first.severity) == (15, 33, "warning")
    assert "sales.csv (atlantis): weeks without sales: 2021-08-02" in second.message


def test_a_suspension_up_to_now_is_a_gap_as_well():
    frame = sales(40).assign(n_draws=1)
    frame.loc[38:, ["tickets_sold", "n_draws"]] = 0
    assert "2021-09-27 to 2021-10-04 (2 weeks)" in warned(frame)["gap"]


def test_of_many_gaps_the_latest_are_named_and_the_others_counted():
    message = warned(sales(120).drop(index=range(10, 50, 2)))["gap"]
    assert message.endswith("; and 8 earlier")
    assert message.count("2021-") + message.count("2022-") == 12


def test_estimated_prizes_are_said_to_be_estimated():
    frame = sales(60)
    frame.loc[55:, "prizes_paid"] = np.nan
    assert "prizes are estimated" in warned(frame)["prizes_estimated"]
    assert "5 of 60 weeks, 5 of the last 52" in warned(frame)["prizes_estimated"]


def test_revenue_that_does_not_equal_tickets_times_price_is_warned_of():
    frame = sales(60)
    frame["sales_revenue"] = frame["tickets_sold"] * 2.0
    frame.loc[7, "sales_revenue"] *= 1.04
    assert "sales_revenue_off" not in warned(frame)
    frame.loc[9, "sales_revenue"] *= 1.1
    assert "sales_revenue is used: 2021-03-08" in warned(frame)["sales_revenue_off"]


def test_fractions_of_tickets_are_suspicious():
    frame = sales(60).astype({"tickets_sold": float})
    frame.loc[9, "tickets_sold"] += 0.5
    assert warned(frame) == {"fractional_tickets": "tickets_sold is not a whole number: 2021-03-08"}


def test_warnings_do_not_depend_on_the_order_of_the_rows():
    frame = sales(60).drop(index=[10, 30])
    frame.loc[20, "tickets_sold"] *= 1000
    shuffled = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    assert cautions(weekly_sales(shuffled, country())) == cautions(weekly_sales(frame, country()))


def test_warnings_survive_a_round_trip_through_parquet(tmp_path):
    frame = sales(60).assign(row=np.arange(60) + 2).drop(index=[10, 30])
    weekly = weekly_sales(frame, country())
    weekly.to_parquet(tmp_path / "weekly.parquet")
    assert cautions(pd.read_parquet(tmp_path / "weekly.parquet")) == cautions(weekly)


def test_the_catalogue_has_the_columns_of_the_contract():
    assert [column.name for column in SALES_COLUMNS if column.needed] == [
        "country",
        "week_start",
        "jackpot_announced",
        "tickets_sold",
    ]
    assert [column.name for column in SALES_COLUMNS if not column.needed] == [
        "ticket_price",
        "sales_revenue",
        "prizes_paid",
        "jackpot_won",
        "n_draws",
        "special_draw",
        "net_revenue",
        "marketing_spend",
    ]


@pytest.mark.parametrize("columns", [SALES_COLUMNS, WEEKLY_COLUMNS])
def test_every_column_has_a_unit_and_a_meaning(columns):
    assert all(column.unit and column.meaning for column in columns)
    assert list(meanings(columns)) == [column.name for column in columns]
    assert markdown(columns).count("\n") == len(columns) + 1
