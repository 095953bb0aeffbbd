"""What starts when something else has ended: the pool, once every one of its countries has had its run of the week."""

from collections.abc import Sequence
from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from lottery_assets.orchestration.schedules import JOB
from lottery_assets.orchestration.treasury import pool_config

LOOK_BACK = 50
"""Runs of a country among which its newest of the week is looked for."""
ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def treasury_sensor(countries: Sequence[str], job: UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """One run a week. A country whose run failed is not waited for: the pool reserves its jackpot and says so.

    Where it succeeds later in the week, the pool is decided once more, with it.
    """

    @dg.sensor(
        name="treasury_after_its_countries",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Starts {job.name} when the week's run of each of {', '.join(countries)} has ended.",
    )
    def treasury_after_its_countries(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        runs = {country: _by_week(context.instance, country) for country in countries}
        weeks = [week for its in runs.values() for week in its]
        if not weeks:
            return dg.SkipReason("no country of the treasury has run for a week yet")
        week = max(weeks)
        waiting = [c for c, its in runs.items() if week not in its or its[week] not in ENDED]
        if waiting:
            return dg.SkipReason(f"{week}: waiting for {', '.join(waiting)}")
        failed = [c for c, its in runs.items() if its[week] is not dg.DagsterRunStatus.SUCCESS]
        return dg.RunRequest(
            run_key=":".join([week, *failed]),
            tags={"week": week},
            run_config=pool_config(date.fromisoformat(week), failed),
        )

    return treasury_after_its_countries


def _by_week(instance: dg.DagsterInstance, country: str) -> dict[str, dg.DagsterRunStatus]:
    """Status of the country's newest run of each week."""
    runs = instance.get_runs(dg.RunsFilter(job_name=JOB, tags={"country": country}), limit=LOOK_BACK)
    return {run.tags["week"]: run.status for run in reversed(runs) if "week" in run.tags}
