"""Who is late: a country whose week has no recommendation some hours after its scheduled run, and the treasury after the last of them.

The deadline is the weekly schedule's own time plus `LOTTERY_ALERTS_GRACE_HOURS`. Dagster's freshness policy does not see partitions: one
healthy country would hide all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster._utils.schedules import reverse_cron_string_iterator

from lottery_assets.audit.publication import latest, latest_treasury
from lottery_assets.orchestration.alerts.telling import TREASURY, Overdue
from lottery_assets.orchestration.schedules import MONDAY_MORNING, TREASURY_JOB, week_of


@dataclass(frozen=True)
class Deadline:
    """`who`: a country, or the treasury; `scheduled`: when its run was to start, in its time zone."""

    who: str
    week: date
    scheduled: datetime
    due: datetime


def passed(zones: Mapping[str, str], pool: Sequence[str], now: float, grace: timedelta) -> list[Deadline]:
    """The last deadline of each country that has passed, and of the pool where there is one; `now` in seconds since 1970."""
    found = {}
    for country, zone in zones.items():
        scheduled = next(reverse_cron_string_iterator(now - grace.total_seconds(), MONDAY_MORNING, zone))
        due = datetime.fromtimestamp(scheduled.timestamp() + grace.total_seconds(), scheduled.tzinfo)
        found[country] = Deadline(country, week_of(scheduled), scheduled, due)
    if members := [found[country] for country in pool if country in found]:
        week = min(its.week for its in members)
        last = max((its for its in members if its.week == week), key=lambda its: its.due)
        found[TREASURY] = Deadline(TREASURY, week, last.scheduled, last.due)
    return list(found.values())


def published(artifacts: str, deadline: Deadline) -> bool:
    """Whether the week's record lies among the artifacts."""
    if deadline.who == TREASURY:
        return latest_treasury(artifacts, deadline.week.isoformat()) is not None
    return latest(artifacts, deadline.who, deadline.week.isoformat()) is not None


def overdue(instance: dg.DagsterInstance, deadline: Deadline) -> Overdue:
    """The missed deadline, with how the newest run since its schedule stands."""
    since = deadline.scheduled.astimezone(UTC)
    sought = (
        dg.RunsFilter(job_name=TREASURY_JOB, created_after=since)
        if deadline.who == TREASURY
        else dg.RunsFilter(tags={PARTITION_NAME_TAG: deadline.who}, created_after=since)
    )
    last = next(iter(instance.get_runs(sought, limit=1)), None)
    return Overdue(
        deadline.who,
        deadline.week,
        deadline.due,
        _standing(last.status) if last else None,
        last.run_id if last else None,
    )


def _standing(status: dg.DagsterRunStatus) -> Literal["waiting", "failure", "canceled", "success"]:
    match status:
        case dg.DagsterRunStatus.FAILURE:
            return "failure"
        case dg.DagsterRunStatus.CANCELED:
            return "canceled"
        case dg.DagsterRunStatus.SUCCESS:
            return "success"
    return "waiting"
