"""Two weeks of the graph, the second with faulty sales: who recommends, what the record says, and who hears of it."""

import json
from pathlib import Path

import dagster as dg
import pytest

from lottery_assets import weekly
from lottery_assets.country import load_country
from lottery_assets.orchestration.alerts import telling
from lottery_assets.orchestration.alerts.ended_runs import ended_run
from lottery_assets_tests import countries
from lottery_assets_tests.orchestration.conftest import Operator

WEEKS = 120


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    """The operator after both weeks, the results of their runs, and the alerts of the second."""
    operator = Operator(tmp_path_factory.mktemp("operator"))
    rows = countries.sales(weeks=WEEKS)
    faulty = rows.astype({"tickets_sold": float})
    faulty.loc[faulty.index[-6::2], "tickets_sold"] *= 10
    with dg.DagsterInstance.ephemeral() as instance:
        operator.deliver(rows[: WEEKS - 1])
        first = operator.run("atlantis", instance=instance)
        operator.deliver(faulty)
        second = operator.run("atlantis", instance=instance)
        [end, *_] = instance.fetch_run_status_changes(dg.DagsterEventType.RUN_SUCCESS, limit=1).records
        alerts = telling.of_run(ended_run(instance, end, str(operator.artifacts)), "http://127.0.0.1:3000")
    return operator, first, second, alerts


def published(operator: Operator, week: str, name: str) -> dict:
    return json.loads((operator.artifacts / "recommendations" / "atlantis" / week / name).read_text())


def last_weeks(operator: Operator) -> list[str]:
    return sorted(path.name for path in (operator.artifacts / "recommendations" / "atlantis").iterdir())


def test_where_the_fit_is_refused_the_champion_recommends_and_the_record_says_so(weeks):
    operator, first, second, _ = weeks
    assert first.success
    assert second.success
    before, after = (published(operator, week, "metadata.json") for week in last_weeks(operator))
    assert before["model_stage"] == after["model_stage"] == "champion"
    assert before["challenger"] is None
    assert after["model_version"] == before["model_version"]
    assert len(after["challenger"]) == 64
    warnings = published(operator, last_weeks(operator)[1], "recommendation.json")["warnings"]
    assert "champion_kept" in {warning["code"] for warning in warnings}


def test_a_week_without_a_refusal_is_the_plain_functions(weeks):
    operator, *_ = weeks
    config = load_country(Path(operator.settings.configs, "atlantis.yaml"))
    plain = weekly.recommend(config, countries.sales(weeks=WEEKS - 1))
    document = published(operator, last_weeks(operator)[0], "recommendation.json")
    drop = {"warnings"}
    assert {key: its for key, its in document.items() if key not in drop} == plain.model_dump(mode="json", exclude=drop)


def test_the_gates_show_what_was_refused_without_blocking(weeks, checks):
    _, first, second, _ = weeks
    assert checks(first)["champion_gates"].passed
    check = checks(second)["champion_gates"]
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert "| sound_weeks | no |" in check.metadata["gates"].value
    assert checks(second)["model_calibrated"].passed


def test_people_hear_why_and_what_to_do(weeks):
    *_, alerts = weeks
    [said] = [alert for alert in alerts if alert.kind == "challenger_refused"]
    assert said.severity == "warning"
    assert "set aside as faults of the data" in said.what
    assert "lottery models promote atlantis" in said.do
    assert said.country == "atlantis"


def test_a_rerun_changes_nothing_and_a_promotion_makes_a_revision(weeks):
    operator, *_ = weeks
    from lottery_assets.audit.models import FolderHome, promote
    from lottery_assets_tests.audit.models.fits import NOW

    kept = {path: path.read_bytes() for path in operator.artifacts.rglob("models/**/*.json")}
    assert operator.run("atlantis").success
    week = last_weeks(operator)[1]
    assert not (operator.artifacts / "recommendations" / "atlantis" / week / "r2").exists()
    assert {path: path.read_bytes() for path in operator.artifacts.rglob("models/**/*.json")} == kept
    challenger = published(operator, week, "metadata.json")["challenger"]
    promote(FolderHome(str(operator.artifacts / "models")), "atlantis", challenger, reason="right", by="Ada", at=NOW)
    assert operator.run("atlantis").success
    assert published(operator, f"{week}/r2", "metadata.json")["model_version"] == challenger
    codes = {its["code"] for its in published(operator, f"{week}/r2", "recommendation.json")["warnings"]}
    assert "champion_kept" not in codes
