"""One alert of each kind, as the README shows them. LOTTERY_GOLDEN=write renews it."""

from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from upath import UPath

from lottery_assets.complaints import BadInput
from lottery_assets.country import load_country
from lottery_assets.demand.card import DatedBreak
from lottery_assets.orchestration import checks
from lottery_assets.orchestration.alerts import telling
from lottery_assets.orchestration.alerts.facts import Announced, Fault, Refused
from lottery_assets.orchestration.alerts.message import SEVERITY, Alert, Kind
from lottery_assets.orchestration.alerts.telling import EndedRun, FailedCheck, Overdue
from lottery_assets.settings import Settings
from lottery_assets.weekly import NoRecommendation, recommend
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.report.test_readme import hold

UI = Settings().ui_url


def told(country: str, week: str | None, status: str = "failure", **facts) -> list[Alert]:
    run = EndedRun("3f2a6c1e", "weekly_recommendation", country, week, status, **facts)
    return telling.of_run(run, UI)


@pytest.fixture(scope="module")
def alerts(real_sales) -> list[Alert]:
    its = load_country(ROOT / "configs" / "usa.yaml")
    usa = recommend(its.model_copy(update={"max_payout_ratio_12m": 0.71}), real_sales)  # a ceiling that the plan meets
    announced = Announced.of(usa, UPath(f"artifacts/recommendations/usa/{usa.week_start}"), 110.0)
    higher = its.model_copy(update={"min_jackpot": 60.0})
    changed = Announced.of(recommend(higher, real_sales), UPath(announced.folder + "/r2"), 110.0)
    changed = changed.model_copy(update={"approaching": (), "replaces": True})
    floor = load_country(ROOT / "configs" / "south_africa.yaml").model_copy(update={"min_payout_ratio_12m": 0.47})
    with pytest.raises(NoRecommendation) as infeasible:
        recommend(floor, real_sales)
    row = BadInput.of(
        "data/lottery_sales.csv.gz, row 1042 (brazil): tickets_sold is 'many'; it is a number [tickets], write a plain number, or "
        "leave it empty"
    )
    bands = FailedCheck("model_calibrated", checks.DESCRIPTIONS["model_calibrated"], 0.58, 0.65, "share of weeks")
    due = datetime(2026, 8, 24, 10, tzinfo=ZoneInfo("America/Sao_Paulo"))
    found = DatedBreak(begun=date(2026, 7, 13), noticed=date(2026, 8, 3))
    refused = Refused(
        version="9d1c04b7e2aa".ljust(64, "0"),
        champion="51e80f3c6d27".ljust(64, "0"),
        trained_until=date(2026, 8, 10),
        why=(
            "weeks set aside as faults of the data, or 3 times off their forecast, among the last 8: 2026-07-06, 2026-07-20, 2026-08-17",
        ),
    )
    return [
        *told("usa", f"{usa.week_start}", "success", announced=(announced,)),
        *told("usa", f"{usa.week_start}", "success", announced=(changed,)),
        *told("south_africa", "2024-11-18", fault=Fault.of(infeasible.value)),
        *told("brazil", "2026-08-24", fault=Fault.of(row)),
        *told("brazil", "2026-08-24", failed_check=bands),
        *told(
            "brazil", "2026-08-24", step="raw_sales", error="TimeoutError: s3://lottery/sales.csv.gz does not answer"
        ),
        *told("brazil", "2026-08-24", error="Detected run worker status FAILED: exit code 137."),
        telling.of_overdue(Overdue("brazil", date(2026, 8, 24), due, None), UI),
        *told("hong_kong", "2026-08-10", "success", breaks=(found,)),
        *told("brazil", "2026-08-24", "success", refused=(refused,)),
    ]


def test_the_alerts_in_the_readme_are_what_people_get(alerts):
    hold("\n\n".join(alert.text for alert in alerts), "## Alerts")


def test_there_is_an_example_of_every_kind(alerts):
    assert {alert.kind for alert in alerts} == set(get_args(Kind)) == set(SEVERITY)


def test_every_alert_fits_into_ten_seconds(alerts):
    """Title, what, what to do and link: a line each, and no line as long as would be cut."""
    for alert in alerts:
        assert len(alert.text.splitlines()) == 4
        assert "…" not in alert.text, alert.text


def test_the_readme_names_every_setting_of_alerts():
    section = (ROOT / "README.md").read_text().split("## Alerts")[1].split("\n## ")[0]
    settings = {name for name in Settings.model_fields if name.startswith(("alerts", "slack", "sns", "ui"))}
    assert {name for name in settings if f"`LOTTERY_{name.upper()}`" not in section} == set()
