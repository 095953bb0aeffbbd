"""What else happens in a year: a missed Monday, late sales, secrets that are gone, runs that are stopped, a dead daemon in a backfill."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import boto3
import pytest
import yaml

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.e2e.conftest import ALONE, SECRETS, THIS_WEEK, TWENTY, deliver
from lottery_assets_tests.e2e.stack import DATABASE_SECRET
from lottery_assets_tests.e2e.ui import wait_for

AT_ONCE = yaml.safe_load((ROOT / "deploy" / "dagster.yaml").read_text())["concurrency"]["runs"]["max_concurrent_runs"]


@pytest.fixture(scope="module", autouse=True)
def never_started(deployment) -> str:
    """A run whose task could not have the database's password. Five minutes pass until it is noticed: begun first, looked at last."""
    secrets = boto3.client("secretsmanager")
    whole = secrets.get_secret_value(SecretId=DATABASE_SECRET)["SecretString"]
    without = json.dumps({"username": json.loads(whole)["username"]})  # as when somebody stored it by hand
    secrets.put_secret_value(SecretId=DATABASE_SECRET, SecretString=without)
    run = deployment.ui.launch("shangri_la")
    [container] = wait_for(lambda: deployment.tasks.of_run(run), told=lambda: deployment.log("daemon"))
    assert container.over.wait(60)
    secrets.put_secret_value(SecretId=DATABASE_SECRET, SecretString=whole)
    assert container.process is None
    assert "unable to pull secrets" in container.task.stopped_reason
    return run


def most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """Of spans of time, each with its begin and end."""
    changes = sorted(change for begun, ended in spans for change in ((begun, 1), (ended, -1)))
    now = most = 0
    for _, step in changes:
        now += step
        most = max(most, now)
    return most


def spans(deployment, runs: Iterable[str]) -> list[tuple[float, float]]:
    """From launch to end, by Dagster's books."""
    stats = [deployment.instance.get_run_stats(run) for run in runs]
    return [(its.launch_time, its.end_time) for its in stats]


def records(deployment, country: str) -> list[str]:
    """Sealed ones, each revision by itself."""
    return [path for path in deployment.published(country) if path.endswith("/metadata.json")]


def test_two_runs_of_a_country_wait_for_each_other_and_the_second_changes_nothing(deployment):
    runs = [deployment.ui.launch("atlantis") for _ in range(2)]
    for run in runs:
        assert deployment.wait(run, "SUCCESS", "FAILURE") == "SUCCESS", deployment.story(run)
    assert most_at_once(spans(deployment, runs)) == 1
    assert len(records(deployment, "atlantis")) == 1


def test_a_daemon_that_missed_monday_makes_up_for_it_and_late_sales_start_the_run_again(deployment):
    deliver({ALONE: THIS_WEEK - timedelta(weeks=3)})
    deployment.miss_last_monday("monday_Africa_Abidjan")
    scheduled = {"dagster/schedule_name": "monday_Africa_Abidjan"}
    [blocked] = wait_for(lambda: deployment.ui.runs(**scheduled), told=lambda: deployment.log("daemon"))
    assert deployment.wait(blocked["runId"], "SUCCESS", "FAILURE") == "FAILURE"
    assert "deliver them" in deployment.wait_for_message(ALONE, "bad_input")
    deliver()
    started = {"dagster/sensor_name": "late_sales"}
    [again] = wait_for(lambda: deployment.ui.runs(**started), told=lambda: deployment.log("daemon"))
    assert (again["tags"]["dagster/partition"], again["tags"]["week"]) == (ALONE, blocked["tags"]["week"])
    assert deployment.wait(again["runId"], "SUCCESS", "FAILURE") == "SUCCESS", deployment.story(again["runId"])
    assert deployment.wait_for_message(ALONE, "new_recommendation")
    assert f"{again['tags']['week']}/recommendation.json" in deployment.published(ALONE)
    assert len(deployment.ui.runs(**scheduled)) == 1


def test_cash_comes_from_its_secret_and_without_it_the_country_fails_and_says_so(deployment):
    boto3.client("secretsmanager").delete_secret(SecretId=SECRETS["utopia"], ForceDeleteWithoutRecovery=True)
    sound, broken = deployment.ui.launch("avalon"), deployment.ui.launch("utopia")
    assert deployment.wait(sound, "SUCCESS", "FAILURE") == "SUCCESS", deployment.story(sound)
    assert deployment.wait(broken, "SUCCESS", "FAILURE") == "FAILURE"
    message = deployment.wait_for_message("utopia", "bad_input")
    assert f"the secret {SECRETS['utopia']} cannot be read from AWS Secrets Manager" in message
    assert deployment.published("utopia") == []


def test_a_run_that_is_stopped_in_the_ui_is_cancelled_and_not_started_again(deployment):
    run = deployment.ui.launch("utopia")
    deployment.wait(run, "STARTED")
    deployment.ui.terminate(run)
    assert deployment.wait(run, "CANCELED", "FAILURE", "SUCCESS") == "CANCELED"
    [container] = deployment.tasks.of_run(run)
    assert container.over.wait(60)
    assert "was cancelled before it ended" in deployment.wait_for_message("utopia", "run_killed")
    assert not deployment.ui.runs(**{"dagster/parent_run_id": run})


def test_a_backfill_survives_its_daemon_runs_nothing_twice_and_loses_nothing(deployment):
    deployment.ui.backfill(TWENTY)

    def runs() -> list[dict]:
        return [its for country in TWENTY for its in deployment.ui.runs(**{"dagster/partition": country})]

    def answered() -> Counter:
        return Counter(its["tags"]["dagster/partition"] for its in runs() if its["status"] == "SUCCESS")

    wait_for(lambda: len(answered()) >= 4, 900, 2.0, lambda: deployment.log("daemon"))
    deployment.kill_daemon()
    assert len(answered()) < len(TWENTY)
    deployment.restart_daemon()
    wait_for(lambda: len(answered()) == len(TWENTY), 900, 2.0, lambda: deployment.log("daemon"))
    assert answered() == dict.fromkeys(TWENTY, 1)
    started = [its["runId"] for its in runs() if deployment.tasks.of_run(its["runId"])]
    # A daemon killed between a run and its task leaves a run without one: that is given up, and started again.
    assert len(started) == len(TWENTY)
    assert {len(deployment.tasks.of_run(run)) for run in started} == {1}
    assert 1 < most_at_once(spans(deployment, started)) <= AT_ONCE
    for country in TWENTY:
        assert deployment.wait_for_message(country, "new_recommendation")
        assert len(records(deployment, country)) == 1
    assert {len(deployment.told(country, "new_recommendation")) for country in TWENTY} == {1}


def test_a_run_that_never_started_fails_and_is_told_and_is_started_again(deployment, never_started):
    assert deployment.wait(never_started, "FAILURE", seconds=600) == "FAILURE"
    assert "taking longer than" in deployment.wait_for_message("shangri_la", "run_killed")
    [again] = wait_for(lambda: deployment.ui.runs(**{"dagster/parent_run_id": never_started}))
    assert deployment.wait(again["runId"], "SUCCESS", "FAILURE") == "SUCCESS", deployment.story(again["runId"])
    assert deployment.wait_for_message("shangri_la", "new_recommendation")
