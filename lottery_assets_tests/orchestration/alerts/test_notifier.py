"""Once to every home, whatever happens to the daemon or to a home in between."""

import itertools
import logging

import pytest

from lottery_assets.orchestration.alerts.home import NotDelivered
from lottery_assets.orchestration.alerts.notifier import GIVEN_UP, Notifier, Undelivered
from lottery_assets_tests.orchestration.alerts.conftest import Told, alert


class Home:
    """Takes what comes, unless it is down or dislikes a key."""

    amiss = None

    def __init__(self, name: str) -> None:
        self.name, self.took, self.tries = name, [], 0
        self.down = False
        self.dislikes: set[str] = set()
        self.asks_to_wait = 0.0

    def send(self, alert) -> None:
        self.tries += 1
        if self.down or alert.key in self.dislikes:
            raise NotDelivered("no answer", self.asks_to_wait)
        self.took.append(alert.key)


class Clock:
    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def slack():
    return Home("slack")


@pytest.fixture
def sns():
    return Home("sns")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log():
    its, told = logging.Logger("alerts"), Told()
    its.addHandler(told)
    its.told = told
    return its


@pytest.fixture
def notifier(instance, slack, sns, clock, log):
    """A new one each time, as after a restart of the daemon."""
    return lambda: Notifier(instance, "alerts", [slack, sns], log, clock)


def test_every_home_hears_once_however_often_it_is_told(notifier, slack, sns):
    for _ in range(3):
        its = notifier()
        its.tell([alert()])
        its.deliver()
    assert slack.took == sns.took == ["run:1"]


def test_a_daemon_killed_after_a_delivery_tells_nobody_twice(notifier, slack, sns, monkeypatch):
    """Slack has it and that is noted; the daemon dies before SNS, and before the queue is kept."""
    its = notifier()
    its.tell([alert()])

    def die(alert) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sns, "send", die)
    with pytest.raises(KeyboardInterrupt):
        its.deliver()
    monkeypatch.undo()
    notifier().deliver()
    assert (slack.took, sns.took) == (["run:1"], ["run:1"])


def test_a_daemon_killed_before_the_queue_is_kept_tells_nobody_twice(notifier, slack, monkeypatch):
    its = notifier()
    its.tell([alert()])
    monkeypatch.setattr(its, "_keep", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        its.deliver()
    notifier().deliver()
    assert slack.took == ["run:1"]


def test_a_home_that_is_down_fails_the_tick_and_keeps_no_other_home_waiting(notifier, slack, sns):
    slack.down = True
    its = notifier()
    its.tell([alert(), alert(key="run:2")])
    with pytest.raises(Undelivered, match=r"2 delivered; slack did not take .*no answer; 2 wait for it"):
        its.deliver()
    assert sns.took == ["run:1", "run:2"]


def test_a_home_that_is_back_gets_what_it_missed_and_the_others_nothing_again(notifier, slack, sns, clock):
    slack.down = True
    its = notifier()
    its.tell([alert(), alert(key="run:2")])
    with pytest.raises(Undelivered):
        its.deliver()
    slack.down = False
    clock.time += 3600
    assert notifier().deliver() == "2 delivered"
    assert sorted(slack.took) == sns.took == ["run:1", "run:2"]


def test_pauses_between_tries_double_up_to_an_hour(notifier, slack, clock):
    slack.down = True
    notifier_ = notifier()
    notifier_.tell([alert()])
    tried = []
    for _ in range(4 * 120):
        before = slack.tries
        try:
            said = notifier().deliver()
            assert "slack is tried again at" in said
        except Undelivered:
            pass
        if slack.tries > before:
            tried.append(clock.time)
        clock.time += 30
    pauses = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert pauses[:7] == [30, 60, 120, 240, 480, 960, 1920]
    assert max(pauses) == 3600


def test_what_a_home_has_not_taken_in_a_day_is_given_up_visibly_and_for_good(notifier, slack, clock, log):
    slack.down = True
    its = notifier()
    its.tell([alert()])
    with pytest.raises(Undelivered):
        its.deliver()
    clock.time += GIVEN_UP + 1
    with pytest.raises(Undelivered, match="given up after a day"):
        notifier().deliver()
    assert alert().text in log.told.texts[0]
    slack.down = False
    again = notifier()
    again.tell([alert()])
    assert again.deliver() == "nothing new to tell"
    assert slack.took == []


def test_an_alert_that_a_home_cannot_take_does_not_hold_up_those_behind_it(notifier, slack, clock):
    slack.dislikes = {"run:1"}
    its = notifier()
    its.tell([alert(), alert(key="run:2"), alert(key="run:3")])
    with pytest.raises(Undelivered):
        its.deliver()
    clock.time += 60
    with pytest.raises(Undelivered):
        notifier().deliver()
    assert slack.took == ["run:2", "run:3"]


def test_a_home_with_a_bug_keeps_no_other_home_waiting(notifier, slack, sns):
    slack.send = lambda alert: 1 / 0
    its = notifier()
    its.tell([alert()])
    with pytest.raises(Undelivered, match="ZeroDivisionError"):
        its.deliver()
    assert sns.took == ["run:1"]


def test_a_home_that_is_no_longer_set_is_not_waited_for(notifier, instance, slack, sns, clock, log):
    slack.down = True
    its = notifier()
    its.tell([alert()])
    with pytest.raises(Undelivered):
        its.deliver()
    clock.time += 60
    Notifier(instance, "alerts", [sns], log, clock).deliver()
    assert notifier().queue.waiting == []


def test_what_waited_for_a_home_whose_name_was_misspelt_goes_to_the_right_one(instance, sns, clock, log):
    misspelt, right = Home("slak"), Home("slack")
    misspelt.down = True
    its = Notifier(instance, "alerts", [misspelt, sns], log, clock)
    its.tell([alert()])
    with pytest.raises(Undelivered):
        its.deliver()
    assert Notifier(instance, "alerts", [right, sns], log, clock).deliver() == "1 delivered"
    assert (right.took, sns.took) == (["run:1"], ["run:1"])


def test_a_home_that_asks_to_wait_is_left_alone_for_so_long(notifier, slack, sns, clock):
    slack.down, slack.asks_to_wait = True, 300.0
    its = notifier()
    its.tell([alert(), alert(key="run:2")])
    with pytest.raises(Undelivered):
        its.deliver()
    slack.down = False
    clock.time += 299
    assert "slack is tried again at" in notifier().deliver()
    assert slack.tries == 1
    clock.time += 1
    assert notifier().deliver() == "2 delivered"


def test_a_clock_that_is_put_back_holds_nothing_up(notifier, slack, clock):
    clock.time += 10 * 365 * 86400
    slack.down = True
    its = notifier()
    its.tell([alert()])
    with pytest.raises(Undelivered):
        its.deliver()
    clock.time -= 10 * 365 * 86400
    slack.down = False
    assert notifier().queue.begun <= clock.time
    assert notifier().deliver() == "1 delivered"
    assert slack.took == ["run:1"]


def test_what_a_killed_daemon_had_delivered_is_not_counted_as_delivered_again(notifier, slack, sns, monkeypatch):
    its = notifier()
    its.tell([alert()])
    monkeypatch.setattr(its, "_keep", lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        its.deliver()
    assert notifier().deliver() == "nothing new to tell"
    assert notifier().queue.waiting == []


def test_what_was_told_under_a_key_akin_is_not_told_again(notifier, slack):
    for key, akin in (("break:1", ("break:0", "break:1", "break:2")), ("break:2", ("break:1", "break:2", "break:3"))):
        its = notifier()
        its.tell([alert(key=key, akin=akin)])
        its.deliver()
    its = notifier()
    its.tell([alert(key="break:9", akin=("break:8", "break:9"))])
    its.deliver()
    assert slack.took == ["break:1", "break:9"]
