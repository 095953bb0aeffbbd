"""Past weeks decided again: blind to what came after, at the week's own price, plain about what is left out."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.sales import history, planned, weekly_sales
from lottery_assets.simulation.hindsight import decide_again, hindsight
from lottery_assets.weekly import advise
from lottery_assets_tests.countries import country, sales

LAST = 159


def loose(**changes):
    """Ratio rules that every week can keep."""
    return country(min_payout_ratio_12m=0.1, max_payout_ratio_12m=0.9, **changes)


COUNTRY = loose()


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return sales()


@pytest.fixture(scope="module")
def found(rows):
    return hindsight(COUNTRY, rows, 6)


def week(rows: pd.DataFrame, number: int) -> pd.Series:
    return history(weekly_sales(rows, COUNTRY)).iloc[number].copy()


def test_each_week_is_compared_and_the_figures_are_of_these_weeks(found):
    table, its = found
    assert (its.weeks, its.model.weeks, its.left_out) == (6, 6, {})
    assert its.model.difference == pytest.approx(
        (table["expected_at_recommended"] - table["expected_at_announced"]).mean()
    )
    assert its.model.band_80[0] < its.model.difference < its.model.band_80[1]
    assert its.near.weeks == table["near"].sum()
    assert its.model.earned == pytest.approx(table["earned"].mean())


def test_weeks_after_the_one_decided_are_never_read(rows, found):
    spoilt = rows.copy()
    spoilt.loc[LAST, ["tickets_sold", "jackpot_announced", "ticket_price"]] = [9_000_000, 39.0, 3.0]
    table, _ = hindsight(COUNTRY, spoilt, 6)
    pd.testing.assert_frame_equal(table.iloc[:-1], found[0].iloc[:-1])
    assert table["announced_jackpot"].iloc[-1] == 39.0


def test_a_week_s_own_sales_move_what_it_earned_and_not_its_recommendation(rows, found):
    more = rows.copy()
    more.loc[LAST, "tickets_sold"] = round(1.2 * more.loc[LAST, "tickets_sold"])
    before, after = found[0].iloc[-1], hindsight(COUNTRY, more, 1)[0].iloc[-1]
    same = ["recommended_jackpot", "expected_at_recommended", "expected_at_announced", "density"]
    assert after[same].tolist() == before[same].tolist()
    assert after["earned"] > 1.1 * before["earned"]


def test_whether_the_jackpot_fell_is_luck_and_does_not_count(rows, found):
    other = rows.copy()
    other.loc[LAST, "jackpot_won"] = 1 - other.loc[LAST, "jackpot_won"]
    other.loc[LAST, "prizes_paid"] += 5e6
    assert hindsight(COUNTRY, other, 1)[0]["earned"].iloc[-1] == found[0]["earned"].iloc[-1]


def test_what_was_earned_is_the_contract_s_net_revenue_of_the_tickets_sold(rows, found):
    sold, jackpot = rows.loc[LAST, ["tickets_sold", "jackpot_announced"]]
    falls = 1 - (1 - 1 / 14e6) ** sold
    assert found[0]["earned"].iloc[-1] == pytest.approx(0.75 * 2 * sold / 1e6 - jackpot * falls)
    each = hindsight(loose(jackpot_prize="per_winner"), rows, 1)[0]["earned"].iloc[-1]
    assert each == pytest.approx(0.75 * 2 * sold / 1e6 - jackpot * sold / 14e6)


def test_the_recommendation_is_that_of_the_eve(rows, found):
    number = LAST - 3
    eve = advise(COUNTRY, rows.iloc[:number])
    assert found[0]["recommended_jackpot"].iloc[-4] == eve.jackpot
    assert decide_again(COUNTRY, rows, week(rows, number)).jackpot == eve.jackpot


def test_what_a_week_s_row_says_ahead_is_known(rows):
    told = rows.assign(n_draws=1, special_draw=0)
    told.loc[LAST, ["ticket_price", "n_draws"]] = [2.5, 2]
    advice = decide_again(COUNTRY, told.astype(str), week(told, LAST))
    coming = advice.case.weekly[advice.case.weekly["tickets_sold"].isna()].iloc[0]
    assert (coming["ticket_price"], coming["n_draws"]) == (2.5, 2)
    assert np.isnan(coming["jackpot_announced"])


def test_weeks_planned_behind_it_cost_what_it_cost(rows):
    cheaper = week(rows, LAST)
    cheaper["ticket_price"] = 1.5
    advice = decide_again(loose(horizon_weeks=3), rows, cheaper)
    assert planned(advice.case.weekly)["ticket_price"].tolist() == [2.0, 1.5, 1.5]


def test_special_draws_faults_and_weeks_without_a_jackpot_are_counted_and_left_out(rows):
    told = rows.assign(special_draw=0)
    told.loc[LAST - 1, "special_draw"] = 1
    told.loc[LAST - 3, "tickets_sold"] *= 100
    table, its = hindsight(COUNTRY, told, 5)
    assert its.left_out == {"special_draw": 1, "data_fault": 1}
    assert its.weeks == 3
    assert table.loc[table["decision"] != "compared", "near"].isna().all()
    _, none = hindsight(loose(available_cash=11), rows, 2)
    assert none.left_out == {"no_recommendation": 2}
    assert none.model.difference is None
    assert none.doubly_robust.difference is None


def test_a_history_far_from_the_recommendation_cannot_say(rows):
    small = rows.assign(jackpot_announced=np.where(np.arange(len(rows)) % 2, 4.0, 4.5), jackpot_won=0)
    _, its = hindsight(loose(min_jackpot=20), small, 4)
    assert its.near.weeks == 0
    assert its.doubly_robust.difference is None
    assert its.doubly_robust.says.startswith("history cannot say")
    assert its.model.difference is not None


def test_rules_that_the_announced_jackpot_breaks_are_counted(rows, found):
    assert found[1].announced_breaks == {}
    table, its = hindsight(loose(available_cash=14.5), rows, 6)
    high = table["announced_jackpot"] > 4.5
    assert its.announced_breaks["cash_cover"] == high.sum()
    assert table["announced_breaks"].str.contains("cash_cover").tolist() == high.tolist()


def test_a_week_behind_a_gap_in_the_sales_is_not_decided(rows):
    _, its = hindsight(COUNTRY, rows.drop(LAST - 1), 1)
    assert its.left_out == {"week_missing": 1}
