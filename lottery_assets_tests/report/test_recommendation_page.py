"""The page that is read and signed: what it shows is what the record says, whoever named the country."""

import hashlib
import json
import re
from base64 import b64encode
from datetime import UTC, datetime
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

from lottery_assets.audit import Provenance
from lottery_assets.country import TreasuryConfig
from lottery_assets.jackpot import Recommendation, pending
from lottery_assets.jackpot.plan import verify
from lottery_assets.report.choices import Left, called, choices
from lottery_assets.report.explanations import explanation
from lottery_assets.report.outcomes import Outcome
from lottery_assets.report.recommendation_page import recommendation_page
from lottery_assets.report.units import Units, percent
from lottery_assets.weekly import Case, case, decide, recommend_together
from lottery_assets_tests.countries import country, sales
from lottery_assets_tests.report.parsed import Element, parse

PROVENANCE = Provenance(
    country="atlantis",
    week_start="2024-01-29",
    created_at=datetime(2024, 1, 25, 6, 30, tzinfo=UTC),
    git_commit="0123abc",
    git_dirty=True,
    data_version="d41d8cd9",
    data_source="s3://lottery/<b>sales</b>.csv",
    config_sha256="c" * 64,
    image_digest=None,
    model_version="m" * 64,
    dagster_run_id="run-1",
    lock_sha256=None,
    recommendation_sha256="r" * 64,
)
HOSTILE = "\u202e</script><script>alert(1)</script><img src=x onerror=alert(2)>$\\frac$\"'"


def decided(weeks: int = 160, **changes) -> tuple[Case, Recommendation]:
    its = case(country(**changes), sales(weeks=weeks))
    return its, decide(its.config, its.weekly, its.table, its.model)


def written(its: Case, r: Recommendation, treasury: Left | None = None) -> str:
    return recommendation_page(its, r, choices(its, r, treasury), PROVENANCE)


def read_off(page: Element) -> dict:
    """What the slider chooses from."""
    return json.loads("".join(page.one("script", id="curve-data").pieces))


@pytest.fixture(scope="module")
def limited() -> tuple[Case, Recommendation]:
    """A plan of four weeks in which several rules cut the range."""
    return decided(horizon_weeks=4, max_step_up=10, max_step_down=3, available_cash=30, game="Atlantis 6/49")


@pytest.fixture(scope="module")
def page(limited) -> Element:
    return parse(written(*limited))


def test_the_head_says_jackpot_change_net_revenue_with_its_band_chance_and_why(limited, page):
    _, r = limited
    head = page.one("header").text
    unit = Units.of("EUR", [r.expected_net_revenue])
    for said in (
        f"Atlantis 6/49, atlantis: jackpot to announce for the week of {r.week_start}",
        f"EUR {r.jackpot:g} million",
        "EUR 8 million was announced for 2024-01-22, which was not won",
        f"EUR {r.expected_net_revenue:.2f} million",
        f"{unit.amount(r.net_revenue_80[0])} to {unit.amount(r.net_revenue_80[1])}",
        percent(r.chance_jackpot_falls).replace("\u00a0", " "),
        r.reasons.sentence,
    ):
        assert said in head


def test_every_rule_of_the_record_has_a_bar_of_its_slack(limited, page):
    _, r = limited
    rows = page.all("tr", class_="holds") + page.all("tr", class_="binds")
    assert {row.attributes["data-rule"] for row in rows} == {rule.rule for rule in r.rules}
    for row in rows:
        [rule] = [rule for rule in r.rules if rule.rule == row.attributes["data-rule"]]
        assert row.attributes["class"] == ("binds" if rule.binding else "holds")
        width = float(row.one("i").attributes["style"].removeprefix("width:").removesuffix("%"))
        assert 0 <= width <= 100
        if rule.unit.startswith("fraction"):
            assert width == pytest.approx(100 * rule.slack / 0.40, abs=0.06)


def test_a_rule_that_breaks_is_called_broken_and_has_an_empty_bar(limited):
    its, r = limited
    broken = r.rules[1].model_copy(update={"holds": False, "slack": -0.02, "value": 0.28})
    page = parse(written(its, r.model_copy(update={"rules": (r.rules[0], broken, *r.rules[2:])})))
    row = page.one("tr", class_="broken")
    assert row.attributes["data-rule"] == broken.rule
    assert row.one("i").attributes["style"] == "width:0.0%"


def test_at_the_recommended_jackpot_the_slider_reads_off_what_the_record_says(limited, page):
    _, r = limited
    data = read_off(page)
    unit = Units.of("EUR", [r.expected_net_revenue])
    point = data["points"][data["chosen"]]
    assert point == {
        "jackpot": unit.prize(r.jackpot),
        "net": unit.money(r.expected_net_revenue),
        "band": f"{unit.amount(r.net_revenue_80[0])} to {unit.amount(r.net_revenue_80[1])}",
        "beside": "the recommended jackpot",
        "tickets": f"{r.expected_tickets:,.0f}",
        "falls": percent(r.chance_jackpot_falls),
        "ratio": percent(r.payout_ratio_12m, 2),
        "says": "Keeps every rule this week.",
    }
    assert page.one("input").attributes["value"] == str(data["chosen"])


def test_alternatives_read_off_the_slider_earn_what_their_table_says(limited, page):
    _, r = limited
    points = {point["jackpot"]: point for point in read_off(page)["points"]}
    rows = page.one("table", id="alternatives").rows()
    assert [row[0] for row in rows] == [f"EUR {other.jackpot:g} million" for other in r.alternatives]
    for (jackpot, net, beside), other in zip(rows, r.alternatives, strict=True):
        assert points[jackpot]["net"] == net
        assert beside == f"would earn {other.loss:.3g} million less"


def test_the_price_of_a_broken_rule_is_not_told_as_money(limited):
    its, r = limited
    dear = r.alternatives[0].model_copy(update={"loss": 5420.0})
    breaks = r.model_copy(update={"alternatives": (dear, *r.alternatives[1:])})
    page = parse(written(its, breaks))
    screen = Console(width=120, record=True, file=StringIO())
    screen.print(explanation(Outcome(country="atlantis", status="recommended", recommendation=breaks)))
    for shown in (page.one("table", id="alternatives").text, screen.export_text()):
        assert "would break a rule of a later week" in shown
        assert "5,420" not in shown
        assert "5420" not in shown


def test_every_other_jackpot_names_exactly_the_rules_that_it_would_break(limited, page):
    its, r = limited
    of, data = choices(its, r), read_off(page)
    assert not all(point["says"].startswith("Keeps") for point in data["points"])
    for place, point in enumerate(data["points"]):
        rules = verify(of.problem, int(of.places[place]))
        for rule in rules:
            assert (called(rule.rule) in point["says"]) == (not rule.holds)


def test_the_marks_lie_on_the_curve_from_left_to_right(page):
    data = read_off(page)
    marks = np.array(data["marks"])
    assert np.all(np.diff(marks[:, 0]) > 0)
    width, height = (
        float(side) for side in page.one("figure", id="curve").one("svg").attributes["viewbox"].split()[2:]
    )
    assert 0 < marks[:, 0].min() < marks[:, 0].max() < width
    assert np.all((marks[:, 1] > 0) & (marks[:, 1] < height))


def test_without_a_script_everything_is_there_but_the_slider(limited, page):
    _, r = limited
    assert "hidden" in page.one("div", id="move").attributes
    shown = {e.attributes["data-figure"]: e.text for e in page.everything() if "data-figure" in e.attributes}
    data = read_off(page)
    point = data["points"][data["chosen"]]
    assert shown == {name: text.replace("\u00a0", " ") for name, text in point.items()}
    chosen = page.one("table", id="figures").one("tr", class_="chosen")
    assert chosen.one("th").text == f"EUR {r.jackpot:g} million"
    assert len(page.one("table", id="figures").rows()) >= 25
    assert [row[0] for row in page.one("table", id="plan").rows()] == [str(week.week_start) for week in r.plan]


def test_the_slider_is_labelled_and_its_answer_is_spoken(page):
    slider, output = page.one("input"), page.one("output")
    assert slider.attributes["type"] == "range"
    assert page.one("label").attributes["for"] == slider.attributes["id"] == output.attributes["for"]
    assert output.attributes["aria-live"] == "polite"


def test_every_picture_says_in_words_what_it_shows(page):
    pictures = page.all("svg")
    assert len(pictures) == 5
    for picture in pictures:
        assert picture.attributes["role"] == "img"
        assert len(picture.attributes["aria-label"]) > 40
    assert len({picture.attributes["aria-label"] for picture in pictures}) == 5


def test_no_two_elements_share_a_name_and_every_reference_finds_its_own(page):
    names = [e.attributes["id"] for e in page.everything() if "id" in e.attributes]
    assert len(names) == len(set(names))
    for element in page.everything():
        for name in ("href", "xlink:href", "for", "aria-labelledby"):
            if name in element.attributes:
                assert element.attributes[name].removeprefix("#") in names


def test_the_page_needs_nothing_but_itself(limited):
    text = written(*limited)
    page = parse(text)
    for element in page.everything():
        assert element.tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert "src" not in element.attributes
        assert not element.attributes.get("href", "#").strip().lower().startswith(("http", "//", "data", "javascript"))
    assert not re.search(r"@import|@font-face|url\((?!#)", text)
    assert len(text.encode()) < 500_000


def test_the_browser_may_run_the_one_script_and_load_nothing(page):
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    [code] = ["".join(s.pieces) for s in page.all("script") if "type" not in s.attributes]
    allowed = b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in policy
    assert "default-src 'none'" in policy


def test_warnings_card_and_provenance_are_there(limited, page):
    its, r = limited
    few = r.model_copy(update={"warnings": ()})
    assert "None." in parse(written(its, few)).text
    said = page.text
    for warning in r.warnings:
        assert warning.message in said
    provenance = page.one("dl", id="provenance").text
    for known in (
        "2024-01-25 06:30 UTC, run run-1",
        "s3://lottery/<b>sales</b>.csv",
        "0123abc, with changes",
        "r" * 64,
    ):
        assert known in provenance
    assert f"{its.model.elasticity.mean:.3f}" in said


@pytest.mark.parametrize("field", ["game", "country"])
def test_a_name_is_text_and_nothing_else(limited, field):
    its, r = limited
    if field == "game":
        its = Case(its.config.model_copy(update={"game": HOSTILE}), its.weekly, its.table, its.model)
    else:
        r = r.model_copy(update={"country": HOSTILE})
    page = parse(written(its, r))
    assert len(page.all("script")) == 2
    assert not page.all("img")
    assert HOSTILE in page.one("h1").text
    assert HOSTILE in [name.text for name in page.one("h1").all("bdi")]  # its reading direction ends with it
    assert not [e for e in page.everything() if any(name.startswith("on") for name in e.attributes)]
    assert read_off(page)["chosen"] >= 0


def test_a_warning_cannot_close_the_data_of_the_slider(limited):
    its, r = limited
    hostile = r.model_copy(update={"currency": "</script><b>"})
    page = parse(written(its, hostile))
    assert len(page.all("script")) == 2
    assert "</script><b>" in read_off(page)["points"][0]["jackpot"]


def test_the_same_inputs_give_the_same_bytes(limited):
    its, r = limited
    again = Recommendation.model_validate_json(r.model_dump_json())
    assert written(its, r) == written(its, again)


@pytest.mark.parametrize(
    "changes",
    [
        {"jackpot_prize": "per_winner", "available_cash": 200, "horizon_weeks": 3},
        {"no_fall_unless_won": True, "horizon_weeks": 3},
        {"announcement_step": None, "optimization_grid_steps": 2, "min_jackpot": 5, "max_jackpot": 6},
        {"announcement_step": 1, "min_jackpot": 5, "max_jackpot": 5.5},
        {"announcement_step": None, "optimization_grid_steps": 4000},
        {"max_payout_ratio_12m": None},
    ],
    ids=["per_winner", "no_fall", "two jackpots", "one jackpot", "thousands of jackpots", "no ceiling"],
)
def test_countries_of_every_kind_have_a_page_that_agrees_with_their_record(changes):
    its, r = decided(**changes)
    text = written(its, r)
    data = read_off(parse(text))
    point = data["points"][data["chosen"]]
    unit = Units.of("EUR", [r.expected_net_revenue])
    assert (point["jackpot"], point["net"]) == (unit.prize(r.jackpot), unit.money(r.expected_net_revenue))
    assert point["ratio"] == percent(r.payout_ratio_12m, 2)
    assert len(data["points"]) <= 404
    assert len(text.encode()) < 500_000


def test_points_of_one_price_are_not_said_to_be_told_apart_by_it(limited):
    """Neither beside the picture nor to those who do not see it."""
    page = parse(written(*limited))
    assert "by ticket price" not in written(*limited)
    assert "Past weeks without a special draw, the last two years apart" in page.text


def test_a_country_with_few_weeks_says_what_it_lacks():
    text = parse(written(*decided(weeks=8, horizon_weeks=2))).text
    assert "Too few weeks were sold to compare forecasts with them." in text
    assert "Fewer than 52 weeks were sold" in text
    assert "No week that was sold rolls off" in text
    assert "too few weeks to judge" in text


@pytest.mark.parametrize("scale", [20_000, 0.001])
def test_large_and_small_currencies_keep_their_digits(scale):
    amounts = ("ticket_price", "min_jackpot", "max_jackpot", "announcement_step", "available_cash", "safety_buffer")
    keys = {"ticket_price": 2, "min_jackpot": 2, "max_jackpot": 40, "announcement_step": 0.5}
    keys |= {"available_cash": 80, "safety_buffer": 10}
    frame = sales()
    frame[["jackpot_announced", "ticket_price", "prizes_paid"]] *= scale
    its = case(country(horizon_weeks=2, **{name: keys[name] * scale for name in amounts}), frame)
    recommended = decide(its.config, its.weekly, its.table, its.model)
    page = parse(written(its, recommended))
    data = read_off(page)
    jackpot = data["points"][data["chosen"]]["jackpot"]
    assert jackpot == f"EUR {recommended.jackpot:,.10g} million"
    assert np.isclose(recommended.jackpot / scale, np.arange(2, 40.5, 0.5)).any()
    assert len({point["net"] for point in data["points"]}) > 0.9 * len(data["points"])
    assert "e-0" not in page.one("table", id="alternatives").text
    assert "e+0" not in page.text


def test_an_own_choice_says_at_the_top_that_the_treasury_has_not_decided(limited):
    its, r = limited
    page = parse(written(its, pending(r)))
    note = page.one("header").one("p", data_code="treasury_pending")
    assert note.text.startswith("Not the final jackpot.")
    assert "cash of the shared treasury" not in page.text


def test_the_pools_rule_is_among_the_others_and_cuts_the_curve_where_the_pool_does():
    cases = [case(country(country_name=name), sales(name=name, seed=len(name))) for name in ("atlantis", "lemuria")]
    keys = {"countries": ["atlantis", "lemuria"], "currency": "EUR", "available_cash": 18, "safety_buffer": 10}
    together = recommend_together(TreasuryConfig.model_validate(keys), cases)
    assert set(together.highest_left) == {"atlantis", "lemuria"}
    for its in cases:
        name = its.config.country_name
        r, highest = together.recommendations[name], together.highest_left[name]
        assert highest >= r.jackpot
        of = choices(its, r, Left(highest, 8))
        page = parse(recommendation_page(its, r, of, PROVENANCE))
        assert page.all("tr", data_rule="treasury_cover")
        for jackpot, point in zip(of.jackpots, read_off(page)["points"], strict=True):
            assert ("cash of the shared treasury" in point["says"]) == (jackpot > highest)
        for other in r.alternatives:
            assert other.jackpot <= highest


def test_the_sentence_has_every_digit_of_a_fine_grid():
    """A grid of prizes in another currency: six digits are not enough."""
    _, r = decided(weeks=60, min_jackpot=1.2345678, max_jackpot=12.345678, announcement_step=1.2345678, horizon_weeks=1)
    said = re.match(r"EUR ([0-9.]+) million", r.reasons.sentence)
    assert float(said[1]) == pytest.approx(r.jackpot, rel=1e-9)
    assert len(said[1]) > 8
