"""The sensors in a real daemon, killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import dagster as dg
import pytest

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.orchestration.alerts.conftest import CHANNEL


@pytest.fixture
def home(tmp_path) -> str:
    """Of an instance as `make` sets it up."""
    path = tmp_path / "home"
    path.mkdir()
    (path / "dagster.yaml").write_text((ROOT / "deploy" / "laptop.yaml").read_text())
    return str(path)


@pytest.fixture
def instance(home, monkeypatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", home)
    with dg.DagsterInstance.get() as its:
        yield its


@pytest.fixture
def daemon(talking, slack, home, tmp_path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts one; what was started is gone at the end."""
    started: list[subprocess.Popen] = []
    settings = {
        "LOTTERY_ALERTS": "slack",
        "LOTTERY_SLACK_CHANNEL": CHANNEL,
        "LOTTERY_SLACK_API_URL": slack.url,
        **{f"LOTTERY_{name.upper()}": getattr(talking.settings, name) for name in ("configs", "data", "artifacts")},
    }

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "dagster._daemon", "run", "-m", "lottery_assets.definitions"]
        with open(tmp_path / "daemon.log", "a") as log:
            started.append(
                subprocess.Popen(
                    command, env=os.environ | settings, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
                )
            )
        return started[-1]

    yield start
    for process in started:
        _kill(process)


def _kill(process: subprocess.Popen) -> None:
    """At once, with its code server."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(what: Callable[[], bool], seconds: float = 120) -> bool:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.2)
    return what()


def test_a_killed_daemon_repeats_nothing_and_what_cannot_be_delivered_fails_a_tick(
    talking, instance, slack, daemon, tmp_path
):
    def log() -> str:
        return (tmp_path / "daemon.log").read_text()[-3000:]

    talking.configure("atlantis", currency="euro")

    def noted() -> bool:
        """Between Slack's answer and this nobody can say whether it has the alert."""
        return bool(instance.daemon_cursor_storage.get_cursor_values({f"lottery_alerts/slack/run:{run.run_id}"}))

    run = talking.run("atlantis", instance=instance)
    first = daemon()
    assert _wait_for(noted), log()
    assert slack.titles == ["ERROR atlantis: bad input"]
    _kill(first)
    slack.refuses = lambda post: "not_in_channel" if "lemuria" in post["text"] else None
    assert talking.run("lemuria", instance=instance).success
    daemon()
    assert _wait_for(lambda: bool(_failed_ticks(instance))), log()
    [error] = _failed_ticks(instance)
    assert "slack did not take 'INFO lemuria" in error
    assert "invite the bot to the channel" in error
    assert slack.titles == ["ERROR atlantis: bad input"]


def _failed_ticks(instance: dg.DagsterInstance) -> list[str]:
    """What the UI shows of the failed ticks of the sensor."""
    [state] = [its for its in instance.all_instigator_state() if its.instigator_name == "alerts_of_runs"]
    ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id)
    return [tick.error.cause.message for tick in ticks if tick.status.value == "FAILURE"]
