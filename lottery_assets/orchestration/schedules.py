"""Monday morning, in each country's own time zone: one job, one schedule a zone, one run a country."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

JOB, TREASURY_JOB = "weekly_recommendation", "weekly_treasury"
MONDAY_MORNING = "0 6 * * 1"


def weekly_job() -> UnresolvedAssetJobDefinition:
    """All four assets of one country, in one process: four steps in a row gain nothing from more."""
    return dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.groups("weekly"),
        executor_def=dg.in_process_executor,
        description="Read the sales, learn the demand, decide and publish, for one country: its partition. About ten seconds. "
        "A week in the past is asked for by `week_start` in the launchpad.",
    )


def week_config(week: date | None) -> dict[str, Any]:
    """Run configuration for a given week; None is the week after the last sales."""
    return {"ops": {"raw_sales": {"config": {"week_start": week.isoformat() if week else None}}}}


def asked_week(run: dg.DagsterRun) -> date | None:
    """The week that a run was started for, as its tag or its configuration says; None where neither names one."""
    ops: Any = run.run_config.get("ops") or {}
    configured = [((op or {}).get("config") or {}).get("week_start") for op in ops.values()]
    return next((week for said in (run.tags.get("week"), *configured) if (week := date_of(said))), None)


def date_of(said: Any) -> date | None:
    """A date, where it is one: not every tag is; and a field of a run's configuration may name a variable instead."""
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        return None


def week_of(scheduled: datetime) -> date:
    """The Monday of the week that a run scheduled for this local time is for."""
    return scheduled.date() - timedelta(days=scheduled.weekday())


def weekly_schedules(zones: Mapping[str, str], job: UnresolvedAssetJobDefinition) -> list[dg.ScheduleDefinition]:
    """`zones`: the time zone of every country. A country keeps its run whatever becomes of the others' runs."""
    return [
        _schedule(zone, sorted(country for country, its in zones.items() if its == zone), job)
        for zone in sorted(set(zones.values()))
    ]


def _schedule(zone: str, countries: list[str], job: UnresolvedAssetJobDefinition) -> dg.ScheduleDefinition:
    @dg.schedule(
        name="monday_" + "".join(c if c.isalnum() else "_" for c in zone),
        job=job,
        cron_schedule=MONDAY_MORNING,
        execution_timezone=zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Every Monday at 06:00 in {zone}, for the week that begins that day, one run for each of: "
        f"{', '.join(countries)}.",
    )
    def monday(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        week = week_of(context.scheduled_execution_time.astimezone(ZoneInfo(zone)))
        for country in countries:
            yield dg.RunRequest(
                run_key=f"{week}:{country}",
                partition_key=country,
                tags={"country": country, "week": week.isoformat()},
                run_config=week_config(week),
            )

    return monday
