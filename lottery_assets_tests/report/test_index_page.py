"""The page over all countries: one row each, what needs somebody told apart, sortable by numbers."""

import time
from datetime import date, timedelta

import pytest

from lottery_assets.jackpot import pending
from lottery_assets.report.index_page import Standing, index_page
from lottery_assets.weekly import recommend
from lottery_assets_tests.countries import country, sales
from lottery_assets_tests.report.parsed import Element, parse

WEEK = date(2024, 1, 29)
HOSTILE = '<script>alert(1)</script>" onmouseover="alert(2)'


@pytest.fixture(scope="module")
def recommended():
    return recommend(country(), sales())


def row(standing: Standing, today: date = WEEK) -> Element:
    return parse(index_page([standing], today)).one("tbody").one("tr")


def test_a_row_says_jackpot_change_net_revenue_and_age_and_leads_to_the_page(recommended):
    r = recommended
    its = row(
        Standing("atlantis", "Atlantis 6/49", r, "recommendations/atlantis/2024-01-29/r2/report.html", [4, 6, 8]),
        WEEK + timedelta(3),
    )
    low, high = r.net_revenue_80
    for said in (
        "atlantis",
        "Atlantis 6/49",
        "recommended",
        "2024-01-29",
        "EUR 6.5 million",
        "-1.5 million (-18.8",
        "3 days",
    ):
        assert said in its.text
    assert f"EUR {r.expected_net_revenue:.2f} million" in its.text
    assert f"{low:.2f} to {high:.2f}" in its.text
    assert its.one("a").attributes["href"] == "recommendations/atlantis/2024-01-29/r2/report.html"
    assert "recommended: 6.5" in its.one("svg").attributes["aria-label"]


def test_the_small_line_rises_with_the_jackpots_and_ends_in_the_recommended_one(recommended):
    picture = row(Standing("atlantis", None, recommended, None, [4.0, 5.0, 7.5])).one("svg")
    points = [point.split(",") for point in picture.one("polyline").attributes["points"].split()]
    x, y = ([float(point[axis]) for point in points] for axis in (0, 1))
    diamond = [float(part) for part in picture.one("path").attributes["d"][1:].split("l")[0].split()]
    assert x == sorted(x)
    assert y == sorted(y, reverse=True)
    assert x[-1] < diamond[0] < float(picture.attributes["viewbox"].split()[2])
    assert y[2] < diamond[1] + 4 < y[1]


@pytest.mark.parametrize("recent", [[], [0.0], [6.5, 6.5]])
def test_jackpots_that_are_none_nought_or_all_the_same_have_a_row(recommended, recent):
    assert "nan" not in index_page([Standing("atlantis", None, recommended, None, recent)], WEEK)


def test_hundreds_of_countries_are_a_matter_of_a_second(recommended):
    """The page is written anew at the end of every country's run."""
    standings = [Standing(f"land {n}", None, recommended, None, [4.0, 6.0] * 13) for n in range(300)]
    began = time.process_time()
    index_page(standings, WEEK)
    assert time.process_time() - began < 2


def test_columns_are_sorted_by_numbers_not_by_their_text(recommended):
    page = parse(index_page([Standing("atlantis", None, recommended, None, [8.0])], WEEK))
    its = page.one("tbody").one("tr")
    columns = [button.attributes["data-by"] for button in page.all("button")]
    assert columns == ["country", "state", "week", "jackpot", "change", "net", "age"]
    numbers = {name: float(its.attributes[f"data-{name}"]) for name in columns[1:]}
    assert numbers["age"] == 0
    assert numbers["change"] == recommended.jackpot / 8 - 1
    assert float(its.attributes["data-net"]) == recommended.expected_net_revenue
    assert float(its.attributes["data-jackpot"]) == recommended.jackpot
    assert page.one("thead").all("th")[0].attributes["aria-sort"] == "ascending"


@pytest.mark.parametrize(
    ("days", "state", "age"),
    [
        (-4, "recommended", "in 4 days"),
        (6, "recommended", "6 days"),
        (7, "overdue", "7 days"),
        (2000, "overdue", "2,000 days"),
    ],
)
def test_a_week_that_is_over_without_a_later_one_is_overdue(recommended, days, state, age):
    its = row(Standing("atlantis", None, recommended), WEEK + timedelta(days))
    assert its.one("b").text == state
    assert age in its.text


def test_a_country_of_a_pool_waits_for_its_treasury(recommended):
    assert row(Standing("atlantis", None, pending(recommended))).one("b").text == "waits for the treasury"


def test_what_this_run_says_goes_before_what_lies_in_the_store(recommended):
    its = row(
        Standing("atlantis", None, recommended, trouble="no recommendation", reason="no jackpot keeps every rule")
    )
    assert its.one("b").text == "no recommendation"
    assert "no jackpot keeps every rule" in its.text
    assert "EUR 6.5 million" in its.text


def test_countries_without_a_record_and_without_a_configuration_are_not_left_out(recommended):
    text = index_page([Standing("mu"), Standing("atlantis", None, recommended, configured=False)], WEEK)
    first, second = parse(text).one("tbody").all("tr")
    assert "not configured any more" in first.text
    assert second.one("b").text == "none yet"
    assert "data-net" not in second.attributes


def test_names_and_reasons_are_text_and_nothing_else(recommended):
    standing = Standing(
        HOSTILE, HOSTILE, recommended, f"recommendations/{HOSTILE}/report.html", trouble="faulty input", reason=HOSTILE
    )
    page = parse(index_page([standing], WEEK))
    assert len(page.all("script")) == 1
    assert not [e for e in page.everything() if any(name.startswith("on") for name in e.attributes)]
    its = page.one("tbody").one("tr")
    assert its.text.count(HOSTILE) == 3
    assert [name.text for name in its.all("bdi")] == [HOSTILE, HOSTILE]
    assert its.attributes["data-country"] == HOSTILE
    assert not set('<>" ') & set(its.one("a").attributes["href"])


def test_a_name_that_looks_like_an_address_leads_nowhere_but_into_the_store(recommended):
    its = row(
        Standing("javascript:alert(1)", None, recommended, "recommendations/javascript:alert(1)/2024-01-29/report.html")
    )
    assert its.one("a").attributes["href"].startswith("recommendations/javascript%3A")


def test_nobody_at_all_is_said():
    assert "No country is configured" in parse(index_page([], WEEK)).text


def test_the_same_standings_and_day_give_the_same_bytes(recommended):
    standings = [Standing("mu"), Standing("atlantis", None, recommended, None, [4.0, 6.0])]
    assert index_page(standings, WEEK) == index_page(standings[::-1], WEEK)


def test_who_decided_stands_below_the_state_and_is_only_text(recommended):
    its = row(Standing("atlantis", None, recommended, signed=f"approved by {HOSTILE}"))
    assert f"approved by {HOSTILE}" in its.text
    assert len(its.all("script")) == 0
