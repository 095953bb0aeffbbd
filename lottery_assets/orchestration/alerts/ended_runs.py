"""Reading the event log: which runs have ended since, and what came of one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, islice, takewhile
from typing import Any, TypeVar

import dagster as dg
from dagster import DagsterEvent, DagsterEventType, EventLogRecord
from dagster._core.event_api import RunStatusChangeRecordsFilter
from dagster._core.storage.tags import PARTITION_NAME_TAG, WILL_RETRY_TAG
from pydantic import BaseModel, ValidationError

from lottery_assets.audit.publication import RECOMMENDATION, latest, revisions
from lottery_assets.audit.store import records
from lottery_assets.demand.card import DatedBreak
from lottery_assets.jackpot import ApproachingRule, Recommendation
from lottery_assets.orchestration import checks
from lottery_assets.orchestration.alerts.facts import ANNOUNCED, BREAKS, FAULT, REFUSED, Announced, Fault, Refused
from lottery_assets.orchestration.alerts.notifier import Queue
from lottery_assets.orchestration.alerts.telling import NOBODYS, TREASURY, EndedRun, FailedCheck
from lottery_assets.orchestration.resources import is_pending
from lottery_assets.orchestration.schedules import TREASURY_JOB, asked_week, date_of

AT_ONCE = 100
"""Ends of runs told in one tick, and read in one page."""
BEHIND = 200
"""Storage ids that are looked at again: Postgres gives ids out before it shows the rows, so a lower one may appear late."""
ENDS = (DagsterEventType.RUN_SUCCESS, DagsterEventType.RUN_FAILURE, DagsterEventType.RUN_CANCELED)
TELLING = {
    *ENDS,
    DagsterEventType.STEP_FAILURE,
    DagsterEventType.ENGINE_EVENT,
    DagsterEventType.ASSET_MATERIALIZATION,
    DagsterEventType.ASSET_CHECK_EVALUATION,
}
OUTSIDE = "from outside the execution context"
"""What Dagster says of a run whose process is gone, where nobody gave a reason."""
LAST_WORDS = "Run worker logs:"
Fact = TypeVar("Fact", bound=BaseModel)


def newest(instance: dg.DagsterInstance) -> int:
    """Storage id of the last end of a run; 0 where none has ended."""
    last = [instance.fetch_run_status_changes(end, limit=1).records for end in ENDS]
    return max((record.storage_id for records in last for record in records), default=0)


def ended_since(instance: dg.DagsterInstance, queue: Queue) -> list[EventLogRecord]:
    """The next ends of runs that the queue has not seen, oldest first; moves the queue's cursor past them.

    Where runs were deleted, SQLite gives their storage ids to later runs: then everything since alerts began is read again. What was
    told before is known by its key.
    """
    if (last := newest(instance)) < queue.cursor:
        queue.first, queue.cursor, queue.seen, queue.renumbered = 0, 0, [], last
    after, seen = max(queue.first, queue.cursor - BEHIND), set(queue.seen)

    def unread(record: EventLogRecord) -> bool:
        old = record.storage_id <= queue.renumbered and record.timestamp < queue.begun
        return not old and (record.storage_id, record.run_id) not in seen

    next_ones = (islice(filter(unread, _read(instance, end, after)), AT_ONCE) for end in ENDS)
    found = sorted(chain.from_iterable(next_ones), key=lambda record: record.storage_id)[:AT_ONCE]
    behind = queue.renumbered if len(found) < AT_ONCE else 0
    queue.cursor = max([queue.cursor, behind, *(record.storage_id for record in found)])
    seen |= {(record.storage_id, record.run_id) for record in found}
    queue.seen = sorted(its for its in seen if its[0] > queue.cursor - BEHIND)
    return found


def _read(instance: dg.DagsterInstance, end: DagsterEventType, after: int) -> Iterator[EventLogRecord]:
    """Every such event after a storage id, page by page."""
    while True:
        only = RunStatusChangeRecordsFilter(event_type=end, after_storage_id=after)  # type: ignore[arg-type]
        page = instance.fetch_run_status_changes(only, limit=AT_ONCE, ascending=True).records
        yield from page
        if len(page) < AT_ONCE:
            return
        after = page[-1].storage_id


def ended_run(instance: dg.DagsterInstance, end: EventLogRecord, artifacts: str) -> EndedRun | None:
    """What came of the run; None where it has been deleted."""
    run = instance.get_run_by_id(end.run_id)
    event = end.event_log_entry.dagster_event
    if run is None or event is None:
        return None
    read = instance.get_records_for_run(run.run_id, of_type=TELLING).records
    events = [its for record in read if (its := record.event_log_entry.dagster_event)]
    country = run.tags.get("country") or run.tags.get(PARTITION_NAME_TAG)
    country = country or (TREASURY if run.job_name == TREASURY_JOB else NOBODYS)
    failed = next((its for its in events if its.is_step_failure), None)
    return EndedRun(
        run_id=run.run_id,
        job=run.job_name,
        country=country,
        week=_week(run, events),
        status={ENDS[0]: "success", ENDS[1]: "failure", ENDS[2]: "canceled"}[event.event_type],  # type: ignore[arg-type]
        starts_again=run.tags.get(WILL_RETRY_TAG) == "true",
        fault=next(iter(_facts(Fault, FAULT, _metadata_of_failure(failed))), None),
        failed_check=_failed_check(events),
        step=failed.step_key if failed else None,
        error=_error(failed) if failed else _cause_of_death(event, events),
        announced=tuple(_news(its, artifacts) for its in _from_assets(Announced, ANNOUNCED, events)),
        breaks=tuple(_from_assets(DatedBreak, BREAKS, events)),
        refused=tuple(_from_assets(Refused, REFUSED, events)),
    )


def _week(run: dg.DagsterRun, events: Sequence[DagsterEvent]) -> str | None:
    """As the schedule tagged it, as somebody asked for it, or as the sales say."""
    if asked := asked_week(run):
        return asked.isoformat()
    shown = (event.metadata.get(key) for event in _materialised(events) for key in ("coming_week", "week_start"))
    return next((week.isoformat() for its in shown if its and (week := date_of(its.value))), None)


def _materialised(events: Sequence[DagsterEvent]) -> Iterator[dg.AssetMaterialization]:
    for event in events:
        if event.event_type is DagsterEventType.ASSET_MATERIALIZATION:
            yield event.step_materialization_data.materialization


def _from_assets(kind: type[Fact], key: str, events: Sequence[DagsterEvent]) -> list[Fact]:
    return [fact for materialised in _materialised(events) for fact in _facts(kind, key, materialised.metadata)]


def _facts(kind: type[Fact], key: str, metadata: Mapping[str, Any]) -> list[Fact]:
    """One fact or a list of them; nothing where an older version of the program left them in another shape."""
    value = getattr(metadata.get(key), "value", None)
    try:
        return [kind.model_validate(one) for one in (value if isinstance(value, list) else [value] if value else [])]
    except ValidationError:
        return []


def _metadata_of_failure(failed: DagsterEvent | None) -> Mapping[str, Any]:
    data = failed.step_failure_data.user_failure_data if failed else None
    return data.metadata if data else {}


def _failed_check(events: Sequence[DagsterEvent]) -> FailedCheck | None:
    for event in events:
        if event.event_type is not DagsterEventType.ASSET_CHECK_EVALUATION:
            continue
        its = event.asset_check_evaluation_data
        if its.passed or not its.blocking:
            continue
        value, limit, unit = (getattr(its.metadata.get(key), "value", None) for key in ("value", "limit", "unit"))
        said = checks.DESCRIPTIONS.get(its.check_name, its.description or "")
        return FailedCheck(its.check_name, said, float(value or 0), float(limit or 0), str(unit or ""))
    return None


def _error(failed: DagsterEvent) -> str:
    """First line of the innermost error: the outer one says only that the step failed."""
    error = failed.step_failure_data.error
    while error and error.cause:
        error = error.cause
    return _first_line(error.message if error else failed.message or "")


def _cause_of_death(end: DagsterEvent, events: Sequence[DagsterEvent]) -> str:
    """Why a run ended outside of its steps: by the event of its end, or by the engine's last word where that says nothing."""
    if OUTSIDE not in (end.message or ""):
        return _before_logs(end.message or "")
    words = [its.message for its in events if its.event_type is DagsterEventType.ENGINE_EVENT and its.message]
    return _first_line(words[-1] if words else end.message or "").removeprefix("[DagsterApiServer] ")


def _before_logs(text: str) -> str:
    """What the launcher says of a worker's end (reason, exit code), without the log's last lines that it appends."""
    return " ".join(text.partition(LAST_WORDS)[0].split())


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _news(its: Announced, artifacts: str) -> Announced:
    """Without the rules that last week's recommendation already said to approach, and with what it replaces and what came after it."""
    if _past(its, artifacts):
        return its.model_copy(update={"approaching": (), "past": True})
    return its.model_copy(
        update={"approaching": _approaching_anew(its, artifacts), "replaces": _replaces(its, artifacts)}
    )


def _past(its: Announced, artifacts: str) -> bool:
    try:
        return any(record.week_start > its.week_start for record in records(artifacts, its.country))
    except Exception:  # rather an alert that asks for a signature too many than none
        return False


def _approaching_anew(its: Announced, artifacts: str) -> tuple[ApproachingRule, ...]:
    if not its.approaching:
        return ()
    try:
        before = latest(artifacts, its.country, f"{its.week_start - timedelta(weeks=1)}")
        said = before and Recommendation.model_validate_json((before / RECOMMENDATION).read_bytes())
    except Exception:  # last week's record only spares a repetition: rather that than no alert
        said = None
    known = {rule.rule for rule in said.approaching} if said else set()
    return tuple(rule for rule in its.approaching if rule.rule not in known)


def _replaces(its: Announced, artifacts: str) -> bool:
    """Whether an earlier revision of the week was final: what waited for the treasury was announced to nobody."""
    this = its.folder.rsplit("/", 1)[-1]
    try:
        earlier = takewhile(lambda folder: folder.name != this, revisions(artifacts, its.country, f"{its.week_start}"))
        return any(not is_pending((folder / RECOMMENDATION).read_bytes()) for folder in earlier)
    except Exception:  # rather an alert that does not say so than none
        return False
