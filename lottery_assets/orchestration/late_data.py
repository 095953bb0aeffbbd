"""Sales that come too late for Monday morning: the week's run is started again when another sales file has landed.

A run that late sales blocked says in its check which version of the file it read. The event log is all the memory there is: a sensor
that was down starts what has become due meanwhile, and what was blocked by the newest file waits for the next one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from time import time as clock

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)
from dagster._core.storage.tags import PARTITION_NAME_TAG

from lottery_assets.audit.publication import latest
from lottery_assets.orchestration.checks import LANDED, SALES_UP_TO_DATE
from lottery_assets.orchestration.resources import Installation
from lottery_assets.orchestration.schedules import asked_week, week_config

A_WEEK = 7 * 24 * 3600.0
"""Seconds after which the next Monday's run has taken the place of a blocked one."""
LOOK_BACK = 50
"""Runs of a country among which its newest of each week is looked for."""
MOST = 5000
"""Blocked runs looked at in one tick, the newest first."""


@dataclass(frozen=True)
class Blocked:
    """A run whose sales ended too early; `landed`: the version of the file that it read."""

    run_id: str
    country: str
    landed: str


def late_data_sensor(
    installation: Installation, countries: Collection[str], job: UnresolvedAssetJobDefinition
) -> dg.SensorDefinition:
    """Starts a blocked country's week again, once for each version of the sales file, and nobody else's."""

    @dg.sensor(
        name="late_sales",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Starts runs that `{SALES_UP_TO_DATE.name}` blocked again, once {installation.data} has changed.",
    )
    def late_sales(context: dg.SensorEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        blocked = [its for its in _blocked(context.instance) if its.country in countries]
        if not blocked:
            return dg.SkipReason("no run of the past week was blocked by late sales")
        landed = installation.landed()
        waiting = [its for its in blocked if its.landed != landed]
        requests = [
            _again(its.country, week, f"{its.run_id}:{landed}")
            for its in waiting
            if (week := _open_week(context.instance, its))
            and not latest(installation.artifacts, its.country, f"{week}")
        ]
        return requests or dg.SkipReason(f"no blocked run waits for what {installation.data} holds now")

    return late_sales


def _blocked(instance: dg.DagsterInstance) -> list[Blocked]:
    history = instance.event_log_storage.get_asset_check_execution_history(
        SALES_UP_TO_DATE.key, limit=MOST, status={AssetCheckExecutionRecordStatus.FAILED}
    )
    since = clock() - A_WEEK
    return [_read(record) for record in history if record.create_timestamp > since]


def _read(record: AssetCheckExecutionRecord) -> Blocked:
    assert record.event  # noqa: S101 - a check that failed has its evaluation
    assert record.event.dagster_event  # noqa: S101
    said = record.event.dagster_event.asset_check_evaluation_data.metadata
    return Blocked(record.run_id, *(str(said[key].value) if key in said else "" for key in ("country", LANDED)))


def _open_week(instance: dg.DagsterInstance, blocked: Blocked) -> date | None:
    """The week of the blocked run; None where a later run took its place, or a later week was scheduled."""
    runs = instance.get_runs(dg.RunsFilter(tags={PARTITION_NAME_TAG: blocked.country}), limit=LOOK_BACK)
    newest = {week: run for run in reversed(runs) if (week := asked_week(run))}
    scheduled = [week for week, run in newest.items() if "week" in run.tags]
    for week, run in newest.items():
        if run.run_id == blocked.run_id and run.status is dg.DagsterRunStatus.FAILURE:
            return week if week >= max(scheduled or newest) else None
    return None


def _again(country: str, week: date, run_key: str) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=run_key,
        partition_key=country,
        tags={"country": country, "week": f"{week}"},
        run_config=week_config(week),
    )
