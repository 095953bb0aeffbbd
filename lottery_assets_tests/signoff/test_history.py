"""Weeks looked back at: recommended, decided, announced, happened, and what the difference was expected to be."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from rich.console import Console

from lottery_assets.audit import digest, publish
from lottery_assets.jackpot import pending
from lottery_assets.report.signoffs import decisions_table
from lottery_assets.sales import weekly_sales
from lottery_assets.signoff import (
    Chosen,
    JudgedFrom,
    LookedBack,
    NotReproduced,
    Recorded,
    Unadvised,
    advised,
    looked_back,
)
from lottery_assets.weekly import recommend
from lottery_assets_tests import countries

NOW = datetime(2024, 1, 26, 15, tzinfo=UTC)
WEEK = "2024-01-29"
CONFIG, ROWS = countries.country(), countries.sales()
RECOMMENDED = recommend(CONFIG, ROWS)
JUDGED_FROM = JudgedFrom(
    git_commit=None,
    git_dirty=None,
    lock_sha256=None,
    image_digest=None,
    data_version="0",
    data_source="sales.csv",
    data_remote=None,
    config_sha256="0",
    available_cash=None,
    model_version="0",
)
LOWER = Chosen(5.0, (), (), 4.0, -0.25, (-0.4, -0.1))


@pytest.fixture
def store(tmp_path) -> str:
    """With the recommendation of one week."""
    document = RECOMMENDED.as_bytes()
    seal = {"recommendation_sha256": digest(document), "config_sha256": "", "data_version": ""}
    publish(str(tmp_path), "atlantis", WEEK, document, lambda _: json.dumps(seal).encode())
    return str(tmp_path)


def look(store: str, announced: float | None = None, judge=None) -> LookedBack:
    [its] = looked_back(store, "atlantis", weekly(announced), judge or judged_by_nobody)
    return its


def judged_by_nobody(*_):
    raise AssertionError("what is recorded, or nothing, is enough")


def weekly(announced: float | None) -> pd.DataFrame:
    """The tidy frame, the week's sales among it where they are in."""
    if announced is None:
        return weekly_sales(ROWS, CONFIG)
    week = {"country": "atlantis", "week_start": WEEK, "jackpot_announced": announced, "tickets_sold": 3e6}
    week |= {"ticket_price": 2.0, "prizes_paid": 2.5e6, "jackpot_won": 0, "marketing_spend": 0.5}
    return weekly_sales(pd.concat([ROWS, pd.DataFrame([week])]), CONFIG)


def test_a_week_that_nobody_decided_about_and_that_is_not_sold_yet_has_its_advice_only(store):
    its = look(store)
    assert its.recommended_jackpot == RECOMMENDED.jackpot
    assert (its.decision, its.announced_jackpot, its.expected_difference) == (None, None, None)
    assert not its.deviates


def test_an_approved_week_costs_nothing(store):
    Recorded(store, "atlantis", WEEK).approve("Ana", None, NOW)
    its = look(store, RECOMMENDED.jackpot)
    assert (its.by, its.expected_difference, its.difference_80) == ("Ana", 0.0, (0.0, 0.0))
    assert (its.tickets_sold, its.jackpot_won) == (3e6, False)
    assert its.net_revenue == pytest.approx(6.0 - 2.5 - 0.5)


def test_an_override_that_was_announced_costs_what_was_recorded(store):
    Recorded(store, "atlantis", WEEK).override(LOWER, "Ana", "a quiet week", NOW, despite_rules=False)
    for its in (look(store), look(store, 5.0)):
        assert (its.decided_jackpot, its.expected_difference, its.difference_80) == (5.0, -0.25, (-0.4, -0.1))
        assert its.deviates
        assert not its.announced_otherwise


def test_the_last_decision_stands(store):
    recorded = Recorded(store, "atlantis", WEEK)
    recorded.override(LOWER, "Ana", "a quiet week", NOW, despite_rules=False)
    recorded.approve("Rui", None, NOW)
    its = look(store)
    assert (its.decision, its.by, its.decisions, its.expected_difference) == ("approved", "Rui", 2, 0.0)


@pytest.mark.parametrize(("days", "late"), [(0, False), (3, False), (4, True)])
def test_a_decision_after_the_monday_of_the_week_is_late(store, days, late):
    Recorded(store, "atlantis", WEEK).approve("Ana", None, NOW + timedelta(days=days))
    its = look(store)
    assert its.decided_late == late
    assert (f"decided on {NOW.date() + timedelta(days=days)}, after the week had begun" in _lines(its)) == late


def _lines(its: LookedBack) -> str:
    console = Console(width=200)
    with console.capture() as said:
        console.print(decisions_table([its]))
    return said.get()


def test_what_was_announced_and_not_decided_is_judged_anew(store):
    Recorded(store, "atlantis", WEEK).approve("Ana", None, NOW)
    asked = []

    def judge(_, recommended, jackpot):
        asked.append((recommended.week_start.isoformat(), jackpot))
        return LOWER

    its = look(store, 5.0, judge)
    assert asked == [(WEEK, 5.0)]
    assert its.announced_otherwise
    assert its.expected_difference == -0.25


def test_where_the_inputs_of_the_week_are_gone_the_cost_is_unknown_and_the_reason_told(store):
    def judge(*_):
        raise NotReproduced("the value of cash_cover was 74, and is 89")

    its = look(store, 5.0, judge)
    assert its.expected_difference is None
    assert "cash_cover was 74" in its.note


def test_a_decision_about_an_earlier_revision_is_compared_with_what_it_was_about(store):
    Recorded(store, "atlantis", WEEK).approve("Ana", None, NOW)
    later = RECOMMENDED.model_copy(update={"jackpot": 9.0})
    publish(store, "atlantis", WEEK, later.as_bytes(), lambda _: b"{}")
    assert look(store, RECOMMENDED.jackpot).recommended_jackpot == RECOMMENDED.jackpot


def test_what_was_recommended_is_known_for_the_weeks_sold(store):
    assert advised(store, "atlantis", weekly(5.0)) == {date(2024, 1, 29): RECOMMENDED.jackpot}
    assert advised(store, "atlantis", weekly(None)) == {}


@pytest.mark.parametrize(("made", "advice"), [("2024-02-04T23:00:00Z", 1), ("2024-02-05T01:00:00Z", 0)])
def test_a_week_that_was_asked_for_when_it_was_over_was_no_advice(tmp_path, made, advice):
    seal = json.dumps({"week_asked": WEEK, "created_at": made}).encode()
    publish(str(tmp_path), "atlantis", WEEK, RECOMMENDED.as_bytes(), lambda _: seal)
    assert len(advised(str(tmp_path), "atlantis", weekly(5.0))) == advice
    assert len(list(looked_back(str(tmp_path), "atlantis", weekly(RECOMMENDED.jackpot), judged_by_nobody))) == advice


def test_what_people_had_before_them_counts_and_not_what_was_decided_again_later(store):
    again = RECOMMENDED.model_copy(update={"jackpot": RECOMMENDED.jackpot + 1})
    seal = json.dumps({"week_asked": WEEK, "created_at": "2024-03-01T09:00:00Z"}).encode()
    publish(store, "atlantis", WEEK, again.as_bytes(), lambda _: seal)
    assert advised(store, "atlantis", weekly(5.0)) == {date(2024, 1, 29): RECOMMENDED.jackpot}
    assert look(store, RECOMMENDED.jackpot).recommended_jackpot == RECOMMENDED.jackpot


def test_a_week_without_a_recommendation_tells_what_people_announced_and_costs_nothing_that_is_known(tmp_path):
    week = Unadvised("atlantis", date(2024, 1, 29), "EUR", "no jackpot keeps every rule\nnot one")
    its = replace(LOWER, difference=None, band_80=None)
    week.announce(str(tmp_path), its, JUDGED_FROM, "Ana", "the way out", NOW, despite_rules=True)
    told = look(str(tmp_path), 5.0)
    assert (told.recommended_jackpot, told.decision, told.decided_jackpot) == (None, "without_advice", 5.0)
    assert (told.announced_jackpot, told.tickets_sold, told.currency) == (5.0, 3e6, "EUR")
    assert (told.expected_difference, told.note, told.deviates) == (None, None, False)


def test_a_choice_that_its_treasury_never_decided_about_is_no_advice(tmp_path):
    document = pending(RECOMMENDED).as_bytes()
    publish(str(tmp_path), "atlantis", WEEK, document, lambda _: b"{}")
    its = look(str(tmp_path), 5.0)
    assert (its.recommended_jackpot, its.announced_jackpot, its.deviates) == (None, 5.0, False)
    assert advised(str(tmp_path), "atlantis", weekly(5.0)) == {}
