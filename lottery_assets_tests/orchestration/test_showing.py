"""What the UI tells: descriptions with units before anything has run, numbers and trends after it, links that open."""

import base64
import json

import dagster as dg
import pandas as pd
import pytest
from upath import UPath

from lottery_assets.definitions import build_definitions
from lottery_assets.orchestration import describing
from lottery_assets.orchestration.resources import Installation
from lottery_assets_tests import countries
from lottery_assets_tests.conftest import ROOT

ASSETS = ("raw_sales", "features", "sales_model", "jackpot_recommendation")


def shown(result, name: str) -> dict[str, dg.MetadataValue]:
    [materialised] = result.asset_materializations_for_node(name)
    return dict(materialised.metadata)


@pytest.mark.parametrize("name", ASSETS)
def test_every_number_that_is_plotted_has_its_meaning_and_unit_in_the_description(operator, name):
    graph = build_definitions(operator.settings).resolve_asset_graph()
    description = graph.get(dg.AssetKey(name)).description
    for key, value in shown(operator.run("atlantis"), name).items():
        if isinstance(value, dg.IntMetadataValue | dg.FloatMetadataValue):
            named = "slack_*" if key.startswith("slack_") else key
            assert f"| `{named}` |" in description, key


@pytest.mark.parametrize("name", ASSETS)
def test_every_asset_has_owner_kind_and_group_and_says_where_things_lie(operator, name):
    node = build_definitions(operator.settings).resolve_asset_graph().get(dg.AssetKey(name))
    assert node.owners
    assert node.kinds
    assert node.group_name == "weekly"
    assert node.metadata["sales file"].value == operator.settings.data


def test_everything_that_can_be_started_says_what_it_does(operator):
    definitions = build_definitions(operator.settings)
    for its in (*definitions.schedules, *definitions.jobs):
        assert its.description
        assert len(its.description) > 20, its.name


def test_the_checks_say_why_also_when_they_pass(operator, checks):
    reasons = {name: check.metadata["reason"].value for name, check in checks(operator.run("atlantis")).items()}
    assert reasons["sales_contract"].startswith("161 weeks read")
    assert "the week to recommend for begins on 2024-01-29" in reasons["sales_up_to_date"]
    assert "lay inside their 80 % band; chance explains" in reasons["model_calibrated"]
    assert reasons["recommendation_verified"].startswith("all ")


def test_a_trend_is_drawn_from_the_second_week_on_and_of_one_country_alone(operator):
    with dg.DagsterInstance.ephemeral() as instance:
        operator.run("lemuria", week="2023-06-05", instance=instance)
        first = operator.run("atlantis", week="2023-06-12", instance=instance)
        second = operator.run("atlantis", instance=instance)
        earlier = operator.run("atlantis", week="2023-06-05", instance=instance)
    for asset in ("sales_model", "jackpot_recommendation"):
        assert shown(first, asset)["trend"].value == "drawn from the second week on"
        assert shown(earlier, asset)["trend"].value == "drawn from the second week on"
        drawn = shown(second, asset)["trend"].value
        assert len(base64.b64decode(drawn.split("base64,")[1].rstrip(")"))) < 60_000


def test_deciding_takes_some_seconds_and_they_are_told(operator):
    assert 0 < shown(operator.run("atlantis"), "jackpot_recommendation")["solve_seconds"].value < 60


@pytest.mark.parametrize(
    ("pages", "artifacts", "link"),
    [
        ("http://127.0.0.1:3001/", "/srv/artifacts", "http://127.0.0.1:3001/recommendations/a%20b/report.html"),
        (
            None,
            "s3://lottery/out",
            "https://console.aws.amazon.com/s3/object/lottery?prefix=out/recommendations/a%20b/report.html",
        ),
        ("https://pages.example", "s3://lottery/out", "https://pages.example/recommendations/a%20b/report.html"),
    ],
)
def test_the_page_has_a_link_wherever_a_browser_can_open_it(pages, artifacts, link):
    installation = Installation(configs="c", data="d", artifacts=artifacts, lock_file="l", pages=pages)
    found = describing.link(installation, UPath(artifacts) / "recommendations" / "a b" / "report.html")
    assert isinstance(found, dg.UrlMetadataValue)
    assert found.value == link


def test_without_a_server_the_page_has_its_path_to_copy():
    installation = Installation(configs="c", data="d", artifacts="/srv/artifacts", lock_file="l")
    found = describing.link(installation, UPath("/srv/artifacts/index.html"))
    assert isinstance(found, dg.PathMetadataValue)


def test_a_failure_says_what_to_do_next(operator):
    operator.configure("atlantis", secondary_prize_payout_percentage=12)
    [event] = operator.run("atlantis").filter_events(lambda event: event.is_step_failure)
    assert "Re-execute" in event.step_failure_data.user_failure_data.metadata["next"].value


def test_the_code_location_has_one_name_however_it_is_loaded():
    import tomllib

    import yaml

    [loaded] = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    assert project["code_location_name"] == loaded["python_module"]["location_name"]


def test_weeks_in_which_people_announced_something_else_are_marked_for_the_model(operator):
    first = operator.run("atlantis")
    assert shown(first, "features")["announced_otherwise"].value == []
    assert shown(first, "sales_model")["announced_otherwise"].value == "in no week forecast"
    week = {"country": "atlantis", "week_start": "2024-01-29", "jackpot_announced": 33.0, "tickets_sold": 4e6}
    rows = countries.sales(seed=0, name="atlantis")
    operator.deliver(
        pd.concat([rows, pd.DataFrame([week | {"ticket_price": 2.0, "prizes_paid": 2e6, "jackpot_won": 0}])])
    )
    second = operator.run("atlantis")
    assert shown(second, "features")["announced_otherwise"].value == ["2024-01-29"]
    assert shown(second, "sales_model")["announced_otherwise"].value.startswith("in 1 of the weeks forecast; sales")
    cards = [json.loads(card.read_text()) for card in operator.artifacts.rglob("card.json")]
    assert sorted((card["natural_experiments"] or {}).get("weeks", 0) for card in cards) == [0, 1]
