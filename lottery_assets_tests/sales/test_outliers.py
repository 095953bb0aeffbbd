"""Weeks far off their neighbours: what is warned of, what is set aside, and what is left alone."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.country import load_countries
from lottery_assets.sales import cautions, findings, history, read_sales, weekly_sales
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.countries import country, sales
from lottery_assets_tests.sales.rows import complaint, spoilt


def off(factor: float, place: int = 20, weeks: int = 60, **more) -> pd.DataFrame:
    """The tidy frame with the tickets of one week multiplied."""
    frame = sales(weeks).drop(columns="prizes_paid").assign(special_draw=0)
    frame.loc[place, "tickets_sold"] = round(frame["tickets_sold"][place] * factor)
    for column, value in more.items():
        frame.loc[place, column] = value
    return weekly_sales(frame, country())


def aside(weekly: pd.DataFrame) -> list[int]:
    return weekly["set_aside"].to_numpy().nonzero()[0].tolist()


@pytest.mark.parametrize("factor", [1000, 100, 20, 0.05, 0.001])
@pytest.mark.parametrize(("weeks", "place"), [(60, 20), (60, 59), (60, 0), (10, 5), (12, 11), (30, 15)])
def test_a_week_wildly_off_its_neighbours_is_set_aside(factor, weeks, place):
    assert aside(off(factor, place, weeks)) == [place]


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.5, 2.0])
def test_a_week_within_reason_is_left_alone(factor):
    weekly = off(factor)
    assert aside(weekly) == []
    assert not [caution for caution in cautions(weekly) if caution.code == "outlier"]


def test_a_week_somewhat_off_is_warned_of_and_learnt_from():
    weekly = off(4.0)
    assert aside(weekly) == []
    (caution,) = [caution for caution in cautions(weekly) if caution.code == "outlier"]
    assert "far off the neighbouring weeks" in caution.message
    assert "2021-05-24" in caution.message


def test_the_jackpot_or_a_special_draw_may_explain_a_high_week():
    assert aside(off(18, jackpot_announced=100.0)) == []
    assert aside(off(8)) == [20]
    assert aside(off(8, special_draw=1)) == []
    assert aside(off(1000, special_draw=1)) == [20]


def test_fewer_draws_explain_a_low_week():
    frame = sales(60).drop(columns="prizes_paid").assign(n_draws=6)
    frame.loc[20, ["tickets_sold", "n_draws"]] = [frame["tickets_sold"][20] // 6, 1]
    weekly = weekly_sales(frame, country())
    assert aside(weekly) == []
    assert not [caution for caution in cautions(weekly) if caution.code == "outlier"]


def test_a_change_that_lasts_is_news_and_no_fault():
    frame = sales(60).drop(columns="prizes_paid")
    frame.loc[40:, "tickets_sold"] //= 6
    assert aside(weekly_sales(frame, country())) == []


def test_a_jackpot_a_thousandfold_off_its_neighbours_is_set_aside():
    weekly = off(1.0, jackpot_announced=8000.0)
    assert aside(weekly) == [20]
    assert any("jackpot_announced is far off" in caution.message for caution in cautions(weekly))


def test_revenue_of_one_week_in_another_unit_is_set_aside():
    frame = sales(60)
    frame["sales_revenue"] = frame["tickets_sold"] * 2.0
    frame.loc[20, "sales_revenue"] /= 1000
    frame["prizes_paid"] = np.nan
    assert aside(weekly_sales(frame, country())) == [20]


def test_prizes_of_one_week_beyond_all_that_was_there_are_set_aside():
    frame = sales(60)
    frame.loc[20, "prizes_paid"] *= 1000
    weekly = weekly_sales(frame, country())
    assert aside(weekly) == [20]
    assert any("prizes_paid is far off" in caution.message for caution in cautions(weekly))


def test_weeks_set_aside_do_not_count_as_weeks_to_learn_from():
    message = complaint(spoilt(4, weeks=8, tickets_sold="3000000000")).message
    assert "7 weeks with sales (1 more are set aside as data faults); at least 8 are needed" in message


def test_a_warning_names_file_row_and_key_of_each_week():
    frame = spoilt(20, tickets_sold="3000000000", prizes_paid="")
    frame["row"] = np.arange(len(frame)) + 2
    found = findings(weekly_sales(frame, country()), source="sales.csv")
    (outlier,) = [one for one in found if "taken for a fault" in one.message]
    assert (outlier.severity, outlier.file, outlier.country, outlier.row, outlier.key) == (
        "warning",
        "sales.csv",
        "atlantis",
        22,
        "tickets_sold",
    )
    assert "2021-05-24, row 22" in outlier.message


def test_nothing_of_the_real_games_is_set_aside_and_few_warnings_appear(sales_file):
    raw = read_sales(sales_file)
    for name, config in load_countries(ROOT / "configs").configs.items():
        weekly = weekly_sales(raw.frame, config)
        assert aside(weekly) == []
        codes = [caution.code for caution in cautions(weekly)]
        assert codes == {"brazil": ["gap"], "hong_kong": ["gap"], "south_africa": [], "usa": ["prizes_estimated"]}[name]


def test_nothing_real_is_set_aside_in_short_histories_either(real_sales):
    for name, config in load_countries(ROOT / "configs").configs.items():
        rows = real_sales[real_sales["country"] == name]
        for first in range(0, len(rows) - 30, 25):
            for weeks in (10, 30):
                assert aside(weekly_sales(rows.iloc[first : first + weeks], config)) == [], (name, first, weeks)


def test_a_thousandfold_week_is_found_wherever_it_stands_in_the_real_games(real_sales):
    for name, config in load_countries(ROOT / "configs").configs.items():
        rows = real_sales[real_sales["country"] == name].drop(columns=["sales_revenue", "prizes_paid"])
        rows = rows.reset_index(drop=True)
        for place in range(3, len(rows), 97):
            faulty = rows.astype({"tickets_sold": float})
            faulty.loc[place, "tickets_sold"] *= 1000
            weekly = weekly_sales(faulty, config)
            assert place in aside(weekly), (name, place)
            assert len(aside(weekly)) == 1
            assert len(history(weekly)) == len(rows)
