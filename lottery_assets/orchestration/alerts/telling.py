"""From facts to alerts: pure. One run that failed is one alert, of the most specific kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import quote

from lottery_assets.demand.card import DatedBreak
from lottery_assets.jackpot.catalogue import phrase
from lottery_assets.orchestration.alerts.facts import Announced, Fault, Refused
from lottery_assets.orchestration.alerts.message import Alert, Kind
from lottery_assets.report.units import exact

TREASURY, NOBODYS = "treasury", "all countries"
"""Where a country would stand: the pool, and what belongs to none."""
ONE_BREAK = 8
"""Weeks between which alarms are of one break: while it is weighed, now one of them explains the sales better and now the other."""
STAYS = "the last approved jackpot stays in force"


@dataclass(frozen=True)
class FailedCheck:
    """A blocking check that did not pass; `description` says what it holds."""

    name: str
    description: str
    value: float
    limit: float
    unit: str


@dataclass(frozen=True)
class EndedRun:
    """What came of a run. `error`: the first line of what failed; `step`: where, None if the run died outside of its steps."""

    run_id: str
    job: str
    country: str
    week: str | None
    status: Literal["success", "failure", "canceled"]
    starts_again: bool = False
    fault: Fault | None = None
    failed_check: FailedCheck | None = None
    step: str | None = None
    error: str = ""
    announced: tuple[Announced, ...] = ()
    breaks: tuple[DatedBreak, ...] = ()
    refused: tuple[Refused, ...] = ()


@dataclass(frozen=True)
class Overdue:
    """A country (or the treasury) without a recommendation at its deadline. `last_run`: how its newest run stands, None: no run."""

    country: str
    week: date
    due: datetime
    last_run: Literal["waiting", "failure", "canceled", "success"] | None
    run_id: str | None = None


def of_run(run: EndedRun, ui: str) -> list[Alert]:
    """Everything that is to be told of a run that has ended; `ui` is the address of the Dagster UI."""
    link = _of_run(ui, run.run_id)
    if run.status != "success":
        return [_misfortune(run, link)]
    check = [_failed_check(run, run.failed_check, link)] if run.failed_check else []
    return [*check, *_recommendations(run, link), *_refused(run, link), *_breaks(run, link)]


def of_unreadable(run_id: str, fault: Exception, ui: str) -> Alert:
    """Of a run that has ended, where the event log does not say in a known way what came of it."""
    return Alert(
        kind="run_failed",
        key=f"run:{run_id}",
        country=NOBODYS,
        week=None,
        what=f"a run has ended, and what came of it cannot be read: {type(fault).__name__}: {fault}",
        do=f"open the run and see what came of it, and report that it cannot be read; {STAYS}",
        link=_of_run(ui, run_id),
    )


def of_overdue(late: Overdue, ui: str) -> Alert:
    """Once a country and week."""
    said, do = _LAST_RUN[late.last_run]
    page = f"{ui.rstrip('/')}/assets/jackpot_recommendation?view=partitions&partition={quote(late.country)}"
    return Alert(
        kind="overdue",
        key=f"overdue:{late.country}:{late.week}",
        country=late.country,
        week=f"{late.week}",
        what=f"no recommendation by {late.due:%A %H:%M} ({late.due.tzinfo}): {said}",
        do=f"{do}; until then {STAYS}",
        link=_of_run(ui, late.run_id) if late.run_id else page,
    )


_LAST_RUN = {
    None: (
        "no run was started for it",
        "see that the daemon runs and the country's schedule is on, then launch its run by hand",
    ),
    "waiting": ("its run has not ended", "open the run; if it hangs, terminate it and launch it again"),
    "failure": ("its last run failed", "mend what the alert of that run names, then launch it again"),
    "canceled": ("its last run was cancelled", "launch it again"),
    "success": (
        "its last run ended well and published nothing for this week",
        "see which week the run was for, then launch it for this one",
    ),
}


def _of_run(ui: str, run_id: str) -> str:
    return f"{ui.rstrip('/')}/runs/{run_id}"


def _misfortune(run: EndedRun, link: str) -> Alert:
    if run.fault and run.fault.kind == "no_recommendation":
        return _no_recommendation(run, run.fault, link)
    if run.fault:
        return _bad_input(run, run.fault, link)
    if run.failed_check:
        return _failed_check(run, run.failed_check, link)
    if run.step and run.status == "failure":
        what = f"step {run.step} of {run.job} failed: {run.error}"
        do = f"not the input's fault: read the run's log, run it again from the failed step, and report it if it fails again; {STAYS}"
        return _alert("run_failed", run, what, do, link)
    died = "was cancelled before it ended" if run.status == "canceled" else "was killed or never started"
    what = f"{run.job} {died}{f': {run.error}' if run.error else ''}"
    do = "if nobody meant to stop it, see the machine's memory and its log, then launch the run again"
    if run.starts_again:
        do = "Dagster starts it again by itself: nothing, unless that run fails as well"
    return _alert("run_killed", run, what, f"{do}; {STAYS}", link)


def _no_recommendation(run: EndedRun, fault: Fault, link: str) -> Alert:
    what = "; ".join(line.strip().rstrip(":") for line in fault.lines)
    do = fault.way_out[0] if fault.way_out else "read the reasons on the run's page and decide by hand"
    return _alert("no_recommendation", run, what, f"{STAYS} until people decide; {do}", link)


def _bad_input(run: EndedRun, fault: Fault, link: str) -> Alert:
    others = len(fault.lines) - 1 + fault.more
    more = f" (and {others} more like it)" if others == 1 else f" (and {others} more)" if others else ""
    first = fault.lines[0] if fault.lines else run.error
    whose = "" if run.country == TREASURY else f" {run.country}"
    do = f"mend it as said, see with `lottery validate{whose}` that nothing else is wrong, then launch the run again"
    return _alert("bad_input", run, first + more, f"{do}; until then {STAYS}", link)


def _failed_check(run: EndedRun, check: FailedCheck, link: str) -> Alert:
    what = f"{check.name} does not hold ({check.description.rstrip('.')}): {check.value:.4g} against {check.limit:.4g} {check.unit}"
    return _alert(
        "check_failed", run, what, f"announce nothing from this run and look at the check on its page; {STAYS}", link
    )


def _recommendations(run: EndedRun, link: str) -> Iterator[Alert]:
    for its in run.announced:
        revision = its.folder.rsplit("/", 1)[-1]
        kind: Kind = "changed_recommendation" if its.replaces else "new_recommendation"
        warnings = f", with its {its.warnings} warning{'s' if its.warnings > 1 else ''}" if its.warnings else ""
        do = f"have it signed{warnings}; `lottery explain {its.country}` says more; the record: {its.folder}"
        do = "it replaces what was announced to you for this week: " + do if its.replaces else do
        if its.past:
            do = f"nothing: a later week is recommended already, this one was decided again; the record: {its.folder}"
        yield Alert(
            kind=kind,
            key=f"recommendation:{its.country}:{its.week_start}:{revision}:{its.sha256[:12]}",
            country=its.country,
            week=f"{its.week_start}",
            what=f"announce {its.currency} {exact(its.jackpot)} million, {_change(its)}: {_reason(its)}",
            do=do,
            link=link,
        )
        yield from _approaching(its, link)


def _reason(its: Announced) -> str:
    """The recommendation's own sentence, which need not name the jackpot again."""
    named = f"{its.currency} {its.jackpot:.10g} million "
    return f"it {its.sentence.removeprefix(named)}" if its.sentence.startswith(named) else its.sentence


def _change(its: Announced) -> str:
    if its.jackpot == its.last_jackpot:
        return "as last week"
    way = "up" if its.jackpot > its.last_jackpot else "down"
    return f"{way} {exact(abs(its.jackpot - its.last_jackpot))} from last week's {exact(its.last_jackpot)}"


def _approaching(its: Announced, link: str) -> Iterator[Alert]:
    for rule in its.approaching:
        how = f"{abs(rule.slack):.2g} {'inside' if rule.slack >= 0 else 'beyond'} it"
        yield Alert(
            kind="rule_approaching",
            key=f"approaching:{its.country}:{its.week_start}:{rule.rule}",
            country=its.country,
            week=f"{its.week_start}",
            what=f"the coming week is clear of {rule.rule} ({phrase(rule.rule)}), and the plan meets it in the week of {rule.week_start}: "
            f"{rule.value:.4g} against a limit of {rule.limit:.4g} {rule.unit}, {how}",
            do=f"look at the plan (`lottery explain {its.country}`) and speak with whoever sets this limit before that week",
            link=link,
        )


def _refused(run: EndedRun, link: str) -> Iterator[Alert]:
    for its in run.refused:
        yield Alert(
            kind="challenger_refused",
            key=f"challenger:{run.country}:{its.version}",
            country=run.country,
            week=run.week,
            what=f"this week's fit {its.version[:12]} failed a gate, and the champion {its.champion[:12]}, trained until the week of "
            f"{its.trained_until}, recommended: {'; '.join(its.why)}",
            do=f"look for faults in the last weeks of the sales and mend them, then launch the run again; where the fit is right, "
            f"`lottery models promote {run.country} {its.version[:12]}` and launch it again",
            link=link,
        )


def _breaks(run: EndedRun, link: str) -> Iterator[Alert]:
    for found in run.breaks:
        key = f"demand_break:{run.country}:"
        near = (found.noticed + timedelta(weeks=weeks) for weeks in range(-ONE_BREAK, ONE_BREAK + 1))
        yield Alert(
            kind="demand_break",
            key=f"{key}{found.noticed}",
            akin=tuple(f"{key}{noticed}" for noticed in near),
            country=run.country,
            week=run.week,
            what=f"sales changed in the week of {found.begun}, noticed after the week of {found.noticed}; level and slope are learnt anew",
            do="ask what changed (price, game, competitor, a fault of the data), and read bands and jackpot with more care than usual",
            link=link,
        )


def _alert(kind: Kind, run: EndedRun, what: str, do: str, link: str) -> Alert:
    return Alert(kind=kind, key=f"run:{run.run_id}", country=run.country, week=run.week, what=what, do=do, link=link)
