"""Late sales: what they blocked is started again when they have come, and only that."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pandas as pd
import pytest
from dagster._core.test_utils import freeze_time
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._daemon.sensor import execute_sensor_iteration

from lottery_assets.definitions import build_definitions
from lottery_assets.orchestration import late_data
from lottery_assets_tests import countries
from lottery_assets_tests.orchestration.conftest import NAMES

LAST_SOLD, WEEK = "2024-01-22", "2024-02-05"
TAGS = {"week": WEEK}


@pytest.fixture
def instance(tmp_path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as its:
        yield its


def sold(until: dict[str, str]) -> pd.DataFrame:
    """The sales file, with each country's sales up to a week."""
    rows = pd.concat([countries.sales(weeks=170, seed=n, name=name) for n, name in enumerate(NAMES)])
    return rows[rows["week_start"] <= rows["country"].map(until)]


@pytest.fixture
def monday(operator, instance) -> Callable[..., Any]:
    """The runs of a Monday morning, as the schedule tags them."""

    def run(*names: str, week: str = WEEK, **tags: str) -> None:
        for name in names or NAMES:
            operator.run(name, week, instance, tags={"week": week, "country": name} | tags)

    return run


@pytest.fixture
def tick(operator, instance) -> Callable[[], list[dg.RunRequest]]:
    def evaluate() -> list[dg.RunRequest]:
        definitions = build_definitions(operator.settings)
        sensor = definitions.resolve_sensor_def("late_sales")
        with dg.build_sensor_context(instance=instance, repository_def=definitions.get_repository_def()) as context:
            return list(sensor.evaluate_tick(context).run_requests or [])

    return evaluate


@pytest.fixture
def late(operator, monday):
    """atlantis delivered in time, lemuria did not, and had its run."""
    operator.deliver(sold({"atlantis": "2024-01-29", "lemuria": LAST_SOLD}))
    monday("lemuria")
    return operator


def test_what_late_sales_blocked_is_started_again_once_they_have_come(late, tick, monday, instance):
    monday("atlantis")
    assert tick() == []
    late.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    [request] = tick()
    assert request.partition_key == "lemuria"
    assert request.tags.items() >= {"country": "lemuria", "week": WEEK}.items()
    job = build_definitions(late.settings).resolve_job_def("weekly_recommendation")
    assert job.execute_in_process(
        partition_key=request.partition_key, run_config=request.run_config, tags=request.tags, instance=instance
    ).success
    assert f"recommendations/lemuria/{WEEK}/recommendation.json" in late.published()
    assert tick() == []


def test_one_change_of_the_file_has_one_key_and_the_next_change_another(late, tick):
    late.deliver(sold({"atlantis": "2024-01-29", "lemuria": "2024-01-15"}))
    [first], [again] = tick(), tick()
    assert first.run_key == again.run_key
    late.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    [second] = tick()
    assert second.run_key != first.run_key


def test_a_run_that_the_changed_file_blocks_too_waits_for_the_next_change(late, tick, monday):
    late.deliver(sold({"atlantis": "2024-01-29", "lemuria": "2024-01-15"}))
    monday("lemuria")
    assert tick() == []


def test_a_file_that_landed_between_reading_and_failing_is_not_missed(operator, monday, tick, monkeypatch):
    """The version is taken before the file is read."""
    from lottery_assets.orchestration.resources import Installation

    honest = Installation.sales

    def landing_meanwhile(its: Installation) -> Any:
        read = honest(its)
        operator.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
        return read

    operator.deliver(sold(dict.fromkeys(NAMES, LAST_SOLD)))
    with monkeypatch.context() as during_the_run:
        during_the_run.setattr(Installation, "sales", landing_meanwhile)
        monday("lemuria")
    assert [request.partition_key for request in tick()] == ["lemuria"]


def test_a_file_that_was_not_there_is_late_too(operator, monday, tick):
    Path(operator.settings.data).unlink()
    monday("atlantis")
    assert tick() == []
    operator.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    assert [request.partition_key for request in tick()] == ["atlantis"]


def test_other_faults_start_nothing(operator, monday, tick):
    rows = sold(dict.fromkeys(NAMES, "2024-01-29")).astype(object)
    rows.iloc[5, list(rows).index("tickets_sold")] = "many"
    operator.deliver(rows)
    operator.configure("lemuria", currency="euro")
    monday()
    operator.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    assert tick() == []


def test_a_week_that_somebody_decided_meanwhile_is_left_alone(late, tick, monday):
    late.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    monday("lemuria")
    late.deliver(sold(dict.fromkeys(NAMES, "2024-02-05")))
    assert tick() == []


def test_a_week_that_was_published_without_a_tag_is_left_alone(late, tick, instance):
    late.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    late.run("lemuria", None, instance)
    assert tick() == []


def test_only_the_last_scheduled_week_is_started_again(late, tick, monday, instance):
    monday("lemuria", week="2024-02-12")
    late.run("lemuria", "2023-06-05", instance)
    late.deliver(sold(dict.fromkeys(NAMES, "2024-02-05")))
    assert [request.tags["week"] for request in tick()] == ["2024-02-12"]


def test_after_a_week_the_next_mondays_run_has_taken_its_place(late, tick, monkeypatch):
    late.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    assert tick()
    later = late_data.clock() + late_data.A_WEEK + 60
    monkeypatch.setattr(late_data, "clock", lambda: later)
    assert tick() == []


def test_a_country_whose_file_was_taken_away_is_not_started(late, tick):
    late.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    Path(late.settings.configs, "lemuria.yaml").unlink()
    assert tick() == []


def test_a_daemon_that_was_started_again_starts_nothing_twice(late, instance, monkeypatch):
    for name in ("configs", "data", "artifacts"):
        monkeypatch.setenv(f"LOTTERY_{name.upper()}", getattr(late.settings, name))
    late.deliver(sold(dict.fromkeys(NAMES, "2024-01-29")))
    target = ModuleTarget("lottery_assets.definitions", None, None, "lottery")
    for moment in (time.time(), time.time() + 120):
        with freeze_time(moment), WorkspaceProcessContext(instance, target) as daemon:
            list(execute_sensor_iteration(daemon, logging.getLogger(), None, None))
    [started] = instance.get_runs(dg.RunsFilter(tags={"dagster/sensor_name": "late_sales"}))
    assert (started.tags["dagster/partition"], started.status) == ("lemuria", dg.DagsterRunStatus.QUEUED)


def test_on_s3_the_object_is_asked_anew_every_time(operator, bucket, monday, tick):
    operator.settings = operator.settings.model_copy(update={"data": f"{bucket}/landing/sales.csv"})
    s3 = boto3.client("s3")

    def land(until: str) -> None:
        body = sold(dict.fromkeys(NAMES, until)).to_csv(index=False).encode()
        s3.put_object(Bucket="lottery", Key="landing/sales.csv", Body=body)

    monday("atlantis")
    assert tick() == []
    land(LAST_SOLD)
    assert [request.partition_key for request in tick()] == ["atlantis"]
    monday()
    assert tick() == []
    land("2024-01-29")
    assert [request.partition_key for request in tick()] == ["lemuria", "atlantis"]
