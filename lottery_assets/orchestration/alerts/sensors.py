"""When people are told: at the end of every run, and when a deadline passes. Both sensors are on by default.

They launch nothing. An alert that a home does not take fails the sensor's tick, never a run.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from time import time as clock

import dagster as dg

from lottery_assets.orchestration.alerts import ended_runs, telling
from lottery_assets.orchestration.alerts.deadlines import overdue, passed, published
from lottery_assets.orchestration.alerts.homes import homes
from lottery_assets.orchestration.alerts.message import Alert
from lottery_assets.orchestration.alerts.notifier import Notifier
from lottery_assets.settings import Settings

RUNS, DEADLINES = "alerts_of_runs", "alerts_of_deadlines"


def alert_sensors(settings: Settings, zones: Mapping[str, str], pool: Sequence[str]) -> list[dg.SensorDefinition]:
    """`zones`: the time zone of every country; `pool`: the countries that share a treasury, if any do."""

    def notifier(context: dg.SensorEvaluationContext, name: str) -> Notifier:
        return Notifier(context.instance, name, homes(settings, context.log), context.log, clock)

    def of_end(instance: dg.DagsterInstance, end: dg.EventLogRecord) -> Sequence[Alert]:
        try:
            run = ended_runs.ended_run(instance, end, settings.artifacts)
            return telling.of_run(run, settings.ui_url) if run else ()
        except Exception as fault:  # one run that cannot be read would silence all that end after it
            return [telling.of_unreadable(end.run_id, fault, settings.ui_url)]

    def alerts_of_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        its = notifier(context, RUNS)
        if its.fresh:
            its.queue.first = its.queue.cursor = ended_runs.newest(context.instance)
            its.tell([])
            return dg.SkipReason(f"alerts begin now: runs that ended before are not told. {its.deliver()}")
        ends = ended_runs.ended_since(context.instance, its.queue)
        its.tell(alert for end in ends for alert in of_end(context.instance, end))
        return dg.SkipReason(its.deliver())

    def alerts_of_deadlines(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        its = notifier(context, DEADLINES)
        due, now = passed(zones, pool, clock(), _grace(settings.alerts_grace_hours)), clock()
        its.queue.met = {deadline.who: now for deadline in due} | its.queue.met
        late = [
            telling.of_overdue(overdue(context.instance, deadline), settings.ui_url)
            for deadline in due
            if deadline.due.timestamp() > its.queue.met[deadline.who] and not published(settings.artifacts, deadline)
        ]
        its.tell(late)
        print(heartbeat(len(due), len(late)), flush=True)
        began = "alerts begin now: deadlines that have passed are not told. " if its.fresh else ""
        return dg.SkipReason(began + its.deliver())

    return [
        _sensor(RUNS, alerts_of_runs, 30, "Tells what came of every run that has ended", settings),
        _sensor(
            DEADLINES, alerts_of_deadlines, 300, "Tells which country has no recommendation at its deadline", settings
        ),
    ]


def heartbeat(due: int, overdue: int) -> str:
    """A line of the daemon's output, for whoever watches from outside: of `due` deadlines, `overdue` have no recommendation.

    While it comes, daemon, database and store are there; whether an alert is taken by its home does not matter to it.
    """
    return json.dumps({"heartbeat": "weekly", "due": due, "overdue": overdue})


def _sensor(
    name: str,
    evaluate: Callable[[dg.SensorEvaluationContext], dg.SkipReason],
    seconds: int,
    what: str,
    settings: Settings,
) -> dg.SensorDefinition:
    return dg.SensorDefinition(
        name=name,
        evaluation_fn=evaluate,
        minimum_interval_seconds=seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"{what}, to: {settings.alerts}. A failed tick says what could not be delivered.",
    )


def _grace(hours: str) -> timedelta:
    try:
        grace = float(hours)
    except ValueError:
        grace = math.nan
    if not 0 <= grace <= 7 * 24:
        raise ValueError(f"LOTTERY_ALERTS_GRACE_HOURS is {hours!r}; it is a number of hours, write 4")
    return timedelta(hours=grace)
