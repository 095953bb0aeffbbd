"""The pool's run and its countries' runs keep out of each other's way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest
import yaml
from dagster._core.events import DagsterEvent, DagsterEventType
from dagster._core.test_utils import create_run_for_test

from lottery_assets.definitions import build_definitions
from lottery_assets.orchestration import turns
from lottery_assets.orchestration.resources import Installation
from lottery_assets.orchestration.treasury import pool_config
from lottery_assets_tests import countries
from lottery_assets_tests.orchestration.conftest import NAMES

WEEK = "2024-01-29"


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as its:
        yield its


@pytest.fixture
def pool(operator, monkeypatch) -> Any:
    """Two countries share a treasury, mu has its own; nobody waits long."""
    operator.configure("mu")
    operator.deliver(pd.concat([countries.sales(seed=n, name=name) for n, name in enumerate((*NAMES, "mu"))]))
    keys = {"countries": list(NAMES), "available_cash": 100, "safety_buffer": 10}
    Path(operator.settings.configs, "treasury.yaml").write_text(yaml.safe_dump(keys))
    monkeypatch.setattr(turns, "PAUSE", 0.0)
    monkeypatch.setattr(turns, "TRIES", 2)
    return operator


def decide(pool, instance: dg.DagsterInstance) -> Any:
    job = build_definitions(pool.settings).resolve_job_def("weekly_treasury")
    return job.execute_in_process(run_config=pool_config(None), raise_on_error=False, instance=instance)


def under_way(instance: dg.DagsterInstance, job: str = "weekly_treasury", **kwargs: Any) -> dg.DagsterRun:
    run = create_run_for_test(instance, job, **kwargs)
    started = DagsterEvent(event_type_value=DagsterEventType.RUN_START.value, job_name=job)
    instance.report_dagster_event(started, run_id=run.run_id)
    return run


def waits(result: Any) -> int:
    assert not result.success
    [event] = result.filter_events(lambda event: event.is_step_failure)
    assert "has not ended" in event.step_failure_data.user_failure_data.description
    return len(result.filter_events(lambda event: event.is_step_up_for_retry))


def test_a_country_waits_for_the_pool_that_started_before_it(pool, instance):
    run = under_way(instance)
    assert waits(pool.run("atlantis", WEEK, instance)) == 2
    assert pool.published() == []
    assert pool.run("mu", WEEK, instance).success
    instance.report_run_failed(run)
    assert pool.run("atlantis", WEEK, instance).success


def test_a_pool_that_was_launched_from_its_asset_is_waited_for_too(pool, instance):
    under_way(instance, "__ASSET_JOB", asset_selection={turns.POOL})
    assert waits(pool.run("atlantis", WEEK, instance)) == 2


def test_the_pool_waits_for_a_country_that_started_before_it(pool, instance):
    assert pool.run("atlantis", WEEK, instance).success
    run = under_way(instance, "weekly_recommendation", tags={"dagster/partition": "atlantis"})
    other = under_way(instance, "weekly_recommendation", tags={"dagster/partition": "mu"})
    assert waits(decide(pool, instance)) == 2
    assert not (pool.artifacts / "treasury").exists()
    instance.report_run_canceled(run)
    assert decide(pool, instance).success
    assert not instance.get_run_by_id(other.run_id).is_finished


def test_nobody_waits_for_a_run_that_started_later(pool, instance, monkeypatch):
    """Or each would wait for the other."""
    honest = Installation.landed

    def meanwhile(its: Installation) -> str:
        under_way(instance)
        return honest(its)

    monkeypatch.setattr(Installation, "landed", meanwhile)
    assert pool.run("atlantis", WEEK, instance).success
