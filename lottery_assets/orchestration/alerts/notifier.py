"""How an alert gets to every home, once: a queue and a memory in the instance's own database, which outlive the daemon.

An alert is queued in the same write that moves past the event it comes from, so nothing is lost; each home's delivery is remembered
by the alert's key as soon as the home has taken it, so nothing is sent twice. Only where the home's answer is lost, or the daemon killed
between it and that note, one is sent again: neither Slack nor a standard topic of SNS has a way to say that it had it.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from dagster import DagsterInstance
from pydantic import BaseModel, ConfigDict

from lottery_assets.orchestration.alerts.home import Home, NotDelivered
from lottery_assets.orchestration.alerts.message import Alert

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0
"""Seconds before the second try; they double with each."""
GIVEN_UP = 24 * 3600.0
"""Seconds after which an alert that a home has not taken is given up, visibly."""
BUDGET = 30.0
"""Seconds for the deliveries of one tick; a sensor is cut off after sixty."""


class Undelivered(Exception):
    """Fails the tick, so that the UI shows what could not be delivered; everything else went on."""


class Waiting(BaseModel):
    """An alert that a home has yet to take. Times are seconds since 1970."""

    alert: Alert
    home: str
    since: float
    tries: int = 0
    next_try: float = 0.0
    why: str = ""


class Queue(BaseModel):
    """What the notifier keeps between ticks. `begun`: what happened before that is not told.

    `met`: since when each country (and the treasury) has been known here. Of the event log: `first`, the last storage id that is not told; `cursor`, the last one read; `seen`, what was read a short way
    behind it, as storage id and run; `renumbered`, the last id there was when ids were found to be given out again.
    """

    model_config = ConfigDict(validate_assignment=True)

    begun: float
    first: int = 0
    cursor: int = 0
    seen: list[tuple[int, str]] = []
    renumbered: int = 0
    met: dict[str, float] = {}
    waiting: list[Waiting] = []


class Notifier:
    """Sends alerts to the homes, and remembers. `name`: of the sensor, which has a queue of its own."""

    def __init__(
        self,
        instance: DagsterInstance,
        name: str,
        homes: Sequence[Home],
        log: logging.Logger,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._notes = instance.daemon_cursor_storage
        self._place = f"lottery_alerts/{name}"
        self._homes = {home.name: home for home in homes}
        self._log, self._now = log, now
        stored = self._notes.get_cursor_values({self._place}).get(self._place)
        self.fresh = stored is None
        """Nothing was ever told here."""
        self.queue = Queue.model_validate_json(stored) if stored else Queue(begun=now())
        self._trust_no_future()
        homeless = [its.alert for its in self.queue.waiting if its.home not in self._homes]
        self.queue.waiting = [its for its in self.queue.waiting if its.home in self._homes]
        if homeless:  # their home was misspelt, or another took its place: that one is told
            self.tell(homeless)

    def tell(self, alerts: Iterable[Alert]) -> None:
        """Queues what a home has neither taken nor waits for, and keeps the queue with its cursor in one write."""
        waiting = {(its.home, its.alert.key) for its in self.queue.waiting}
        for alert in alerts:
            for home in self._homes:
                if not waiting & {(home, key) for key in (alert.key, *alert.akin)} and not self._taken(home, alert):
                    waiting.add((home, alert.key))
                    self.queue.waiting.append(Waiting(alert=alert, home=home, since=self._now()))
        self._keep()

    def deliver(self) -> str:
        """Sends what is due and says how it stands. Raises Undelivered where a home did not take an alert."""
        due = sorted((its for its in self.queue.waiting if its.next_try <= self._now()), key=lambda its: its.tries)
        until, sent, failed = self._now() + BUDGET, 0, dict[str, Waiting]()
        for its in due:
            if its.home in failed or self._now() > until:
                continue  # a home that is down is tried once a tick, and the other homes are not kept waiting
            if self._taken(its.home, its.alert):
                self.queue.waiting.remove(its)
            elif self._home_takes(its):
                sent += 1
                self.queue.waiting.remove(its)
            else:
                failed[its.home] = its
        given_up = [its for its in self.queue.waiting if its.tries and self._now() - its.since > GIVEN_UP]
        for its in given_up:
            self._log.error(f"given up after a day, {its.home} never took it ({its.why}):\n{its.alert.text}")
            self._note(its.home, its.alert, "given up")
        self.queue.waiting = [its for its in self.queue.waiting if its not in given_up]
        if due or given_up:
            self._keep()
        said = f"{sent} delivered" if sent else "nothing new to tell"
        if failed or given_up:
            raise Undelivered("; ".join([said, *self._misses(failed, given_up)]))
        return "; ".join([said, *self._patience(), *(f"{h.name}: {h.amiss}" for h in self._homes.values() if h.amiss)])

    def _home_takes(self, its: Waiting) -> bool:
        try:
            self._homes[its.home].send(its.alert)
        except Exception as refusal:  # whatever is the matter with one home, the others are told
            its.why = str(refusal) if isinstance(refusal, NotDelivered) else f"{type(refusal).__name__}: {refusal}"
            its.next_try = self._now() + min(FIRST_PAUSE * 2.0**its.tries, LONGEST_PAUSE)
            its.tries += 1
            self._wait_as_asked(its.home, refusal.wait if isinstance(refusal, NotDelivered) else 0.0)
            return False
        self._note(its.home, its.alert, "delivered")
        return True

    def _wait_as_asked(self, home: str, seconds: float) -> None:
        """Nothing goes to the home before that."""
        until = self._now() + min(seconds, LONGEST_PAUSE)
        for its in self.queue.waiting:
            if its.home == home:
                its.next_try = max(its.next_try, until)

    def _trust_no_future(self) -> None:
        """What was noted by a clock that has been put back since holds nothing up."""
        now = self._now()
        self.queue.begun = min(self.queue.begun, now)
        self.queue.met = {who: min(since, now) for who, since in self.queue.met.items()}
        for its in self.queue.waiting:
            its.since = min(its.since, now)
            its.next_try = its.next_try if its.next_try <= now + LONGEST_PAUSE else now

    def _misses(self, failed: dict[str, Waiting], given_up: list[Waiting]) -> list[str]:
        said = [
            f"{its.home} did not take {its.alert.title!r}: {its.why}; {sum(w.home == its.home for w in self.queue.waiting)} wait for it, "
            f"this one until {_clock(its.next_try)} (try {its.tries})"
            for its in failed.values()
            if its not in given_up
        ]
        return said + [
            f"{its.home} never took {its.alert.title!r} ({its.why}): given up after a day" for its in given_up
        ]

    def _patience(self) -> list[str]:
        """Homes whose alerts wait for their next try."""
        counted = {
            its.home: min(w.next_try for w in self.queue.waiting if w.home == its.home) for its in self.queue.waiting
        }
        return [f"{home} is tried again at {_clock(next_try)}" for home, next_try in counted.items()]

    def _taken(self, home: str, alert: Alert) -> bool:
        return bool(self._notes.get_cursor_values({self._memory_of(home, key) for key in (alert.key, *alert.akin)}))

    def _note(self, home: str, alert: Alert, what: str) -> None:
        self._notes.set_cursor_values({self._memory_of(home, alert.key): f"{what} {_clock(self._now())}"})

    def _memory_of(self, home: str, key: str) -> str:
        return f"lottery_alerts/{home}/{key}"

    def _keep(self) -> None:
        self._notes.set_cursor_values({self._place: self.queue.model_dump_json()})


def _clock(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
