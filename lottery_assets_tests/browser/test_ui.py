"""The analyst's week in a real browser: countries materialised by clicking, results seen, pages opened, numbers compared.

The tests are one walk over one installation and run in this order, on one worker (`--dist loadfile`).
"""

import base64
import json
import re
from pathlib import Path

from playwright.sync_api import expect

from lottery_assets_tests.browser.analyst import (
    RUN,
    choose,
    ended,
    launch_one,
    open_launch_dialog,
    open_launchpad,
    open_partition,
    shown_picture,
    write_run_config,
)
from lottery_assets_tests.browser.chromium import PHONE, WINDOW

COUNTRIES = ("brazil", "hong_kong", "south_africa", "usa")
WEEK = "2026-08-24"
EARLIER = "2026-06-01"
WIDE = {"width": 1600, "height": 560}
SENTENCES = {
    "raw_sales": "money in millions of local currency",
    "features": "Every column has its unit below",
    "sales_model": "weekly tickets given the jackpot, as a distribution",
    "jackpot_recommendation": "highest expected net revenue [millions of local currency]",
}
"""The last one's page is in the README."""


def record(installation, country: str = "brazil", week: str = WEEK) -> dict:
    folder = installation.artifacts / "recommendations" / country / week
    return json.loads((folder / "recommendation.json").read_text())


def newest(installation, country: str) -> dict:
    [week] = sorted(Path(installation.artifacts, "recommendations", country).iterdir())[-1:]
    return record(installation, country, week.name)


def test_brazil_is_materialised_by_clicking(page, installation, take):
    open_launch_dialog(page, installation.ui)
    choose(page, "brazil")
    take(page, "one_country")
    assert launch_one(page) == "Success"
    assert record(installation)["country"] == "brazil"


def test_the_materialisation_shows_the_table_and_the_plot(page, installation, take):
    open_partition(page, installation.ui, "jackpot_recommendation", "brazil")
    expect(page.get_by_text(f"BRL {record(installation)['jackpot']:g} million", exact=True)).to_be_visible()
    take(page, "materialisation")
    plot = shown_picture(page, "net_revenue", "expected net revenue by jackpot")
    assert plot.evaluate("image => image.complete && image.naturalWidth") > 300
    png = base64.b64decode(plot.get_attribute("src").split("base64,")[1])
    assert len(png) < 60_000
    take(page, "plot")


def test_the_checks_say_that_they_passed_and_why(page, installation, take):
    for asset, checks in {
        "raw_sales": ("sales_contract", "sales_up_to_date"),
        "sales_model": ("model_calibrated",),
        "jackpot_recommendation": ("recommendation_verified",),
    }.items():
        for check in checks:
            page.goto(f"{installation.ui}/assets/{asset}?view=checks&checkDetail={check}")
            expect(page.get_by_text("Passed", exact=True).first).to_be_visible()
            expect(page.get_by_text("reason", exact=True).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"all \d rules hold"))).to_be_visible()
    take(page, "checks")


def test_the_page_opens_from_its_link_and_its_slider_tells_what_the_record_says(page, installation, take):
    said = record(installation)
    open_partition(page, installation.ui, "jackpot_recommendation", "brazil")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="report.html").click()
    report = opened.value
    expect(report.locator("h1")).to_contain_text("jackpot to announce")
    take(report, "page")

    def shown(figure: str) -> str:
        return report.locator(f"#read [data-figure={figure}]").inner_text()

    def as_shown(choice: dict) -> tuple[str, str]:
        return f"BRL {choice['jackpot']:g} million", f"BRL {choice['expected_net_revenue']:.2f} million"

    assert (shown("jackpot"), shown("net")) == as_shown(said)
    slider = report.locator("#jackpot")
    slider.focus()
    other = said["alternatives"][0]
    towards = "ArrowLeft" if other["jackpot"] < said["jackpot"] else "ArrowRight"
    for _ in range(20):
        slider.press(towards)
        if shown("jackpot") == as_shown(other)[0]:
            break
    assert (shown("jackpot"), shown("net")) == as_shown(other)
    assert shown("says") == "Keeps every rule this week."
    report.set_viewport_size(PHONE)
    assert report.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    report.evaluate("scrollTo(0, 0)")
    take(report, "phone")


def test_an_earlier_week_is_replayed_by_run_config(page, installation, take):
    launchpad = open_launchpad(page, installation.ui, "brazil")
    expect(launchpad.locator(".CodeMirror").first).to_contain_text("week_start")
    write_run_config(page, launchpad, f'ops:\n  raw_sales:\n    config:\n      week_start: "{EARLIER}"\n')
    launch = launchpad.get_by_role("button", name="Materialize")
    expect(launch).to_be_enabled()
    take(page, "replay")
    launch.click()
    assert ended(page) == "Success"
    assert record(installation, week=EARLIER)["week_start"] == EARLIER


def test_a_backfill_recommends_for_every_country(page, installation, take):
    open_launch_dialog(page, installation.ui)
    page.get_by_role("dialog").get_by_role("button", name="All", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("4 partitions")
    take(page, "all_countries")
    page.get_by_role("button", name=re.compile("Launch (backfill|4 runs)")).click()
    page.get_by_role("link", name="View", exact=True).click()
    expect(page.get_by_text("100% completed")).to_have_count(4, timeout=2 * RUN)
    assert sorted(path.name for path in (installation.artifacts / "recommendations").iterdir()) == list(COUNTRIES)


def test_two_weeks_make_a_trend(page, installation, take):
    open_partition(page, installation.ui, "jackpot_recommendation", "brazil")
    shown_picture(page, "trend", "week by week")
    take(page, "trend")


def test_the_graph_explains_itself(page, installation, take):
    page.set_viewport_size(WIDE)
    page.goto(f"{installation.ui}/asset-groups")
    page.get_by_text("Hide navigation").click()
    expect(page.get_by_text("100% filled")).to_have_count(4)
    take(page, "graph")
    page.set_viewport_size(WINDOW)
    for asset, sentence in SENTENCES.items():
        page.goto(f"{installation.ui}/assets/{asset}?view=overview")
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(page.get_by_text("Owners", exact=True)).to_be_visible()
    take(page, "asset")


def test_the_index_is_sorted_by_a_click(page, installation, take):
    page.goto(f"{installation.pages}/index.html")
    take(page, "index")
    names = page.locator("tbody th a")
    assert names.all_inner_texts() == list(COUNTRIES)
    by_jackpot = sorted(COUNTRIES, key=lambda country: newest(installation, country)["jackpot"])
    for order in (by_jackpot, by_jackpot[::-1]):
        page.locator("thead button[data-by=jackpot]").click()
        assert names.all_inner_texts() == order
    names.first.click()
    expect(page.locator("h1")).to_contain_text("jackpot to announce")


def test_a_faulty_configuration_is_told_with_its_remedy(page, installation):
    file = installation.configs / "hong_kong.yaml"
    sound = file.read_text()
    file.write_text(
        re.sub(r"(?m)^secondary_prize_payout_percentage:.*$", "secondary_prize_payout_percentage: 12", sound)
    )
    try:
        open_launch_dialog(page, installation.ui)
        choose(page, "hong_kong")
        assert launch_one(page) == "Failure"
    finally:
        file.write_text(sound)
    told = page.get_by_text("configs/hong_kong.yaml: secondary_prize_payout_percentage is 12").first
    expect(told).to_contain_text("0.12")
