"""The tidy weekly frame: its columns, defaults, planned weeks, prizes, and what it does not depend on."""

import datetime

import numpy as np
import pandas as pd
import pytest

from lottery_assets.complaints import BadInput
from lottery_assets.sales import (
    WEEKLY_COLUMNS,
    SalesLate,
    coming_week,
    history,
    missing_weeks,
    planned,
    weekly_sales,
)
from lottery_assets_tests.countries import country, sales
from lottery_assets_tests.sales.rows import from_file, spoilt, text_rows, write

BARE = ["country", "week_start", "jackpot_announced", "tickets_sold"]


def test_the_frame_has_all_its_columns_and_types():
    weekly = weekly_sales(sales(30), country(horizon_weeks=4))
    assert list(weekly.columns) == [column.name for column in WEEKLY_COLUMNS]
    assert weekly.index.equals(pd.RangeIndex(34))
    assert str(weekly["week_start"].dtype) == "datetime64[us]"
    assert str(weekly["row"].dtype) == "Int64"
    assert weekly["prizes_estimated"].dtype == bool
    assert weekly["set_aside"].dtype == bool
    floats = ["jackpot_announced", "tickets_sold", "ticket_price", "sales", "prizes", "jackpot_won", "n_draws"]
    assert all(weekly[name].dtype == float for name in [*floats, "special_draw", "marketing_spend"])
    assert (weekly["country"] == "atlantis").all()


def test_a_minimal_file_is_filled_with_the_contracts_defaults():
    frame = sales(30)[BARE]
    past = history(weekly_sales(frame, country(ticket_price=2.5)))
    assert (past["ticket_price"] == 2.5).all()
    assert past["sales"].tolist() == pytest.approx((frame["tickets_sold"] * 2.5 / 1e6).tolist())
    assert (past["n_draws"] == 1).all()
    assert (past["special_draw"] == 0).all()
    assert past["jackpot_won"].isna().all()
    assert past["marketing_spend"].isna().all()
    assert past["prizes_estimated"].all()


def test_weeks_with_sales_come_first_then_the_planned_weeks():
    weekly = weekly_sales(sales(30), country(horizon_weeks=5))
    assert weekly["week_start"].is_monotonic_increasing
    assert len(history(weekly)) == 30
    assert planned(weekly).index.tolist() == [30, 31, 32, 33, 34]
    assert coming_week(weekly) == pd.Timestamp("2021-08-02")
    assert (
        planned(weekly)[["jackpot_announced", "tickets_sold", "sales", "prizes", "jackpot_won"]].isna().all(axis=None)
    )


def test_planned_weeks_that_are_made_up_are_usual_weeks_at_the_coming_price():
    frame = sales(30).assign(n_draws=[3] * 29 + [2], special_draw=1)
    ahead = planned(weekly_sales(frame, country(ticket_price=3.0, horizon_weeks=3)))
    assert ahead["n_draws"].tolist() == [3, 3, 3]
    assert ahead["special_draw"].tolist() == [0, 0, 0]
    assert ahead["ticket_price"].tolist() == [3.0, 3.0, 3.0]
    assert ahead["marketing_spend"].isna().all()
    assert ahead["row"].isna().all()


def test_what_a_planned_row_says_holds_for_its_week(tmp_path):
    frame = text_rows(30).assign(n_draws="3", special_draw="0", marketing_spend="1.5")
    coming = dict.fromkeys(frame.columns, "") | {"country": "atlantis", "jackpot_announced": "12"}
    frame.loc[30] = coming | {"week_start": "2021-08-09", "special_draw": "1", "n_draws": "4", "ticket_price": "2.5"}
    frame.loc[31] = coming | {"week_start": "2021-08-02", "marketing_spend": "9"}
    frame.loc[32] = coming | {"week_start": "2022-08-01", "n_draws": "9"}
    ahead = planned(from_file(write(frame, tmp_path), horizon_weeks=3))
    assert ahead["week_start"].dt.strftime("%m-%d").tolist() == ["08-02", "08-09", "08-16"]
    assert ahead["n_draws"].tolist() == [3, 4, 3]
    assert ahead["special_draw"].tolist() == [0, 1, 0]
    assert ahead["ticket_price"].tolist() == [2.0, 2.5, 2.0]
    assert ahead["marketing_spend"].fillna(-1).tolist() == [9, -1, -1]
    assert ahead["row"].fillna(-1).tolist() == [33, 32, -1]
    assert ahead["jackpot_announced"].isna().all()


def test_prizes_are_what_was_paid_else_what_is_left_else_estimated():
    frame = sales(20).assign(net_revenue=np.nan, marketing_spend=np.nan)
    frame.loc[[3, 4, 5], "prizes_paid"] = np.nan
    frame.loc[[2, 3, 4], "net_revenue"] = 3.0
    frame.loc[4, "marketing_spend"] = 0.5
    frame.loc[5, "jackpot_won"] = 1
    weekly = weekly_sales(frame, country())
    sold = weekly["sales"]
    assert weekly["prizes"][2] == pytest.approx(frame["prizes_paid"][2] / 1e6)
    assert weekly["prizes"][3] == pytest.approx(sold[3] - 3.0)
    assert weekly["prizes"][4] == pytest.approx(sold[4] - 3.0 - 0.5)
    assert weekly["prizes"][5] == pytest.approx(0.25 * sold[5] + frame["jackpot_announced"][5])
    assert history(weekly)["prizes_estimated"].to_numpy().nonzero()[0].tolist() == [5]


@pytest.mark.parametrize(
    ("kind", "expected"), [("shared", -np.expm1(3e6 * np.log1p(-1 / 14e6))), ("per_winner", 3 / 14)]
)
def test_where_nobody_knows_whether_it_was_won_the_expected_payout_is_taken(kind, expected):
    frame = sales(20)[BARE].assign(tickets_sold=3_000_000, jackpot_announced=10.0)
    past = history(weekly_sales(frame, country(jackpot_prize=kind)))
    assert past["prizes"].tolist() == pytest.approx([0.25 * 6.0 + 10.0 * expected] * 20)


def test_revenue_in_the_file_goes_before_tickets_times_price():
    frame = sales(20).assign(sales_revenue=np.nan)
    frame.loc[3, "sales_revenue"] = 6_100_000
    weekly = weekly_sales(frame, country())
    assert weekly["sales"][3] == 6.1
    assert weekly["sales"][4] == frame["tickets_sold"][4] * 2 / 1e6


def test_the_order_of_the_rows_does_not_matter():
    frame = sales(60)
    expected = weekly_sales(frame, country())
    for seed in range(3):
        shuffled = frame.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(weekly_sales(shuffled, country()), expected)
        pd.testing.assert_frame_equal(weekly_sales(shuffled.reset_index(drop=True), country()), expected)


def test_a_file_and_a_typed_frame_give_the_same(tmp_path):
    frame = sales(60)
    from_text = from_file(write(frame, tmp_path))
    pd.testing.assert_frame_equal(from_text.drop(columns="row"), weekly_sales(frame, country()).drop(columns="row"))
    assert history(from_text)["row"].tolist() == list(range(2, 62))
    pd.testing.assert_frame_equal(from_file(write(frame, tmp_path, "sales.csv.gz")), from_text)


@pytest.mark.parametrize(
    "dates",
    [
        pd.to_datetime,
        lambda weeks: pd.to_datetime(weeks).astype("datetime64[ns]"),
        lambda weeks: pd.to_datetime(weeks).dt.tz_localize("America/Sao_Paulo"),
        lambda weeks: pd.to_datetime(weeks).dt.date,
        lambda weeks: pd.Series([datetime.datetime.fromisoformat(week) for week in weeks], dtype=object),
        lambda weeks: weeks.astype(object),
        lambda weeks: weeks.astype("category"),
    ],
)
def test_weeks_may_be_dates_of_any_type(dates):
    frame = sales(30)
    expected = weekly_sales(frame, country())
    frame["week_start"] = dates(frame["week_start"])
    pd.testing.assert_frame_equal(weekly_sales(frame, country()), expected)


def test_numbers_may_be_of_any_type():
    frame = sales(30).assign(special_draw=False, n_draws=1)
    expected = weekly_sales(frame, country())
    for typed in (
        frame.convert_dtypes(),
        frame.astype(object),
        frame.astype({"jackpot_won": bool}),
        frame.astype({"tickets_sold": np.int32, "jackpot_won": np.int8}),
        frame.convert_dtypes(dtype_backend="pyarrow"),
    ):
        pd.testing.assert_frame_equal(weekly_sales(typed, country()), expected)


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NA, "", "  "])
def test_a_cell_is_empty_in_many_ways(nothing):
    frame = sales(30).astype(object)
    frame.loc[29, "tickets_sold"] = nothing
    frame.loc[29, "prizes_paid"] = nothing
    weekly = weekly_sales(frame, country())
    assert len(history(weekly)) == 29
    assert coming_week(weekly) == pd.Timestamp(frame["week_start"][29])


def test_a_moment_of_the_day_is_no_week_also_in_a_typed_frame():
    frame = sales(30)
    frame["week_start"] = pd.to_datetime(frame["week_start"]) + pd.Timedelta(hours=3)
    with pytest.raises(BadInput, match="it has a time of day, write 2021-01-04"):
        weekly_sales(frame, country())


def test_the_frame_given_is_left_as_it_is_and_other_columns_are_ignored():
    frame = sales(30).assign(weather="fine", sales="much", prizes=object())
    before = frame.copy(deep=True)
    assert "weather" not in weekly_sales(frame, country())
    pd.testing.assert_frame_equal(frame, before)


def test_weeks_from_week_start_on_are_never_read():
    frame = sales(60)
    week = datetime.date(2021, 10, 4)
    expected = weekly_sales(frame[frame["week_start"] < "2021-10-04"], country(), week)
    assert coming_week(expected) == pd.Timestamp(week)
    spoilt_later = frame.astype(object)
    spoilt_later.loc[45:, ["jackpot_announced", "jackpot_won"]] = "nonsense"
    for later in (frame, spoilt_later):
        for given in (week, "2021-10-04", pd.Timestamp(week)):
            pd.testing.assert_frame_equal(weekly_sales(later, country(), given), expected)


def test_planned_rows_from_week_start_on_are_kept():
    frame = sales(40).assign(n_draws=1.0)
    frame.loc[30, ["tickets_sold", "prizes_paid"]] = np.nan
    frame.loc[30, "n_draws"] = 2.0
    weekly = weekly_sales(frame, country(), datetime.date(2021, 8, 2))
    assert planned(weekly)["n_draws"].tolist() == [2.0]


def test_sales_that_end_too_early_name_the_missing_weeks():
    with pytest.raises(
        SalesLate, match=r"missing for 2 week\(s\) before 2021-08-16: 2021-08-02, 2021-08-09; deliver"
    ) as late:
        weekly_sales(sales(30), country(), datetime.date(2021, 8, 16))
    assert late.value.complaints[0].key == "week_start"
    weekly = weekly_sales(sales(30), country())
    assert missing_weeks(weekly, datetime.date(2021, 8, 16)) == [pd.Timestamp("2021-08-02"), pd.Timestamp("2021-08-09")]
    assert missing_weeks(weekly, "2021-08-02") == []
    assert missing_weeks(weekly, "2021-03-01") == []


def test_a_suspended_week_is_a_gap_and_not_a_week_of_no_sales():
    weekly = weekly_sales(spoilt(20, tickets_sold="0", n_draws="0", jackpot_announced=""), country())
    assert len(history(weekly)) == 39
    assert history(weekly)["week_start"].diff().max() == pd.Timedelta(days=14)


def test_suspended_weeks_at_the_end_are_known_and_the_week_after_comes_next():
    weekly = weekly_sales(spoilt(39, tickets_sold="0", n_draws="0", prizes_paid=""), country())
    assert coming_week(weekly) == pd.Timestamp("2021-10-11")
    assert len(weekly_sales(spoilt(39, tickets_sold="0", n_draws="0"), country(), "2021-10-11")) == 40


def test_a_frame_without_a_needed_column_says_which():
    with pytest.raises(BadInput, match="column jackpot_announced is missing; add it") as refused:
        weekly_sales(sales().drop(columns="jackpot_announced"), country())
    assert refused.value.complaints[0].key == "jackpot_announced"
