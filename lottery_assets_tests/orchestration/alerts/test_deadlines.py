"""A country that is late, told by itself, once, with how its run stands."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from lottery_assets.definitions import build_definitions
from lottery_assets.orchestration.alerts import sensors
from lottery_assets.orchestration.alerts.deadlines import passed
from lottery_assets.orchestration.treasury import pool_config

WEEK = "2024-01-29"


class Calendar:
    """What the clock shows the sensor."""

    def __init__(self, talking, tick, monkeypatch) -> None:
        self._tick = tick
        monkeypatch.setattr(sensors, "clock", lambda: self.now.timestamp())
        self.now = datetime.fromisoformat(f"{WEEK}T05:00+00:00")
        self._tick("alerts_of_deadlines")

    def at(self, time: str) -> str:
        self.now = datetime.fromisoformat(time if "T" in time else f"{WEEK}T{time}+00:00")
        return self._tick("alerts_of_deadlines")


@pytest.fixture
def calendar(talking, tick, monkeypatch):
    return Calendar(talking, tick, monkeypatch)


def job(operator):
    return build_definitions(operator.settings).resolve_job_def("weekly_recommendation")


def said(post) -> tuple[str, str]:
    return post["blocks"][1]["text"]["text"], post["blocks"][2]["text"]["text"]


def test_who_has_no_recommendation_at_the_deadline_is_told_country_by_country_and_once(
    calendar, talking, instance, slack
):
    assert talking.run("lemuria", WEEK, instance).success
    calendar.at("09:59")
    assert slack.titles == []
    calendar.at("10:01")
    assert slack.titles == [f"CRITICAL atlantis, week of {WEEK}: overdue"]
    for later in ("10:06", "23:00", "2024-02-03T12:00+00:00"):
        calendar.at(later)
    assert len(slack.titles) == 1


def test_each_week_has_its_own_deadline(calendar, slack):
    calendar.at("10:01")
    calendar.at("2024-02-05T10:01+00:00")
    assert slack.titles == [
        f"CRITICAL {country}, week of {week}: overdue"
        for week in (WEEK, "2024-02-05")
        for country in ("atlantis", "lemuria")
    ]


def test_a_country_that_never_ran_is_told_to_be_started(calendar, slack):
    calendar.at("10:01")
    what, do = said(slack.posts[0])
    assert "no recommendation by Monday 10:00 (UTC): no run was started for it" in what
    assert "see that the daemon runs" in do
    assert (
        "assets/jackpot_recommendation?view=partitions&amp;partition=atlantis"
        in slack.posts[0]["blocks"][3]["text"]["text"]
    )


def test_a_run_in_progress_is_nothing_to_tell_before_the_deadline_and_is_after_it(calendar, talking, instance, slack):
    talking.run("lemuria", WEEK, instance)
    run = instance.create_run_for_job(
        job(talking), tags={"dagster/partition": "atlantis"}, status=dg.DagsterRunStatus.STARTED
    )
    calendar.at("09:59")
    assert slack.titles == []
    calendar.at("10:01")
    what, _ = said(slack.posts[0])
    assert "its run has not ended" in what
    assert run.run_id in slack.posts[0]["blocks"][3]["text"]["text"]


def test_a_country_whose_run_failed_is_told_what_to_mend(calendar, talking, instance, slack):
    talking.run("lemuria", WEEK, instance)
    talking.configure("atlantis", currency="euro")
    talking.run("atlantis", WEEK, instance)
    calendar.at("10:01")
    what, do = said(slack.posts[0])
    assert "its last run failed" in what
    assert "mend what the alert of that run names" in do


def test_a_run_for_another_week_does_not_count(calendar, talking, instance, slack):
    talking.run("lemuria", WEEK, instance)
    talking.run("atlantis", "2024-01-22", instance)
    calendar.at("10:01")
    assert "ended well and published nothing for this week" in said(slack.posts[0])[0]


def test_the_deadline_is_that_of_the_countrys_own_monday(talking, tick, monkeypatch, slack):
    talking.configure("atlantis", timezone="Pacific/Auckland")
    talking.configure("lemuria", timezone="America/Sao_Paulo")
    monkeypatch.setattr(sensors, "clock", lambda: moment.timestamp())
    titles = {}
    for time in ("2024-01-28T16:00", "2024-01-28T21:01", "2024-01-29T12:59", "2024-01-29T13:01"):
        moment = datetime.fromisoformat(f"{time}+00:00")
        tick("alerts_of_deadlines")
        titles[time] = [title.split(",")[0] for title in slack.titles]
    assert list(titles.values()) == [
        [],
        ["CRITICAL atlantis"],
        ["CRITICAL atlantis"],
        ["CRITICAL atlantis", "CRITICAL lemuria"],
    ]
    assert all(f"week of {WEEK}" in title for title in slack.titles)


def test_the_grace_is_a_setting_and_a_wrong_one_is_told(calendar, talking, slack):
    talking.settings = talking.settings.model_copy(update={"alerts_grace_hours": "0.5"})
    calendar.at("06:31")
    assert len(slack.titles) == 2
    talking.settings = talking.settings.model_copy(update={"alerts_grace_hours": "four"})
    dg.Definitions.validate_loadable(build_definitions(talking.settings))
    with pytest.raises(Exception, match="LOTTERY_ALERTS_GRACE_HOURS is 'four'; it is a number of hours, write 4"):
        calendar.at("10:01")


def test_deadlines_that_passed_before_the_first_tick_are_not_told(talking, tick, monkeypatch, slack):
    monkeypatch.setattr(sensors, "clock", lambda: datetime.fromisoformat(f"{WEEK}T12:00+00:00").timestamp())
    assert "alerts begin now: deadlines that have passed are not told" in tick("alerts_of_deadlines")
    assert tick("alerts_of_deadlines") == "nothing new to tell"
    assert slack.titles == []


def test_a_treasury_is_late_by_itself(calendar, talking, instance, slack):
    keys = {"countries": ["atlantis", "lemuria"], "available_cash": 100, "safety_buffer": 10}
    Path(talking.settings.configs, "treasury.yaml").write_text(yaml.safe_dump(keys))
    for name in ("atlantis", "lemuria"):
        talking.run(name, WEEK, instance)
    calendar.at("09:59")
    calendar.at("10:01")
    assert slack.titles == [f"CRITICAL treasury, week of {WEEK}: overdue"]


def test_a_treasury_that_has_decided_is_not_late(calendar, talking, instance, slack):
    keys = {"countries": ["atlantis", "lemuria"], "available_cash": 100, "safety_buffer": 10}
    Path(talking.settings.configs, "treasury.yaml").write_text(yaml.safe_dump(keys))
    for name in ("atlantis", "lemuria"):
        talking.run(name, WEEK, instance)
    pool = build_definitions(talking.settings).resolve_job_def("weekly_treasury")
    assert pool.execute_in_process(run_config=pool_config(None), instance=instance).success
    calendar.at("10:01")
    assert slack.titles == []


def test_both_sensors_are_on_by_default_and_say_where_alerts_go(talking):
    found = {its.name: its for its in build_definitions(talking.settings).sensors}
    for name in ("alerts_of_runs", "alerts_of_deadlines"):
        assert found[name].default_status is dg.DefaultSensorStatus.RUNNING
        assert "to: slack" in found[name].description


def test_a_country_that_is_added_is_not_late_for_a_week_before_it(calendar, talking, instance, slack):
    for name in ("atlantis", "lemuria"):
        talking.run(name, WEEK, instance)
    talking.configure("mu")
    calendar.at("2024-01-31T12:00+00:00")
    assert slack.titles == []
    for name in ("atlantis", "lemuria"):
        Path(talking.settings.configs, f"{name}.yaml").unlink()
    calendar.at("2024-02-05T10:01+00:00")
    assert slack.titles == ["CRITICAL mu, week of 2024-02-05: overdue"]


def test_a_renamed_country_is_told_by_its_new_name_alone(calendar, talking, slack):
    Path(talking.settings.configs, "atlantis.yaml").unlink()
    Path(talking.settings.configs, "lemuria.yaml").unlink()
    talking.configure("mu")
    calendar.at("09:00")
    calendar.at("10:01")
    assert slack.titles == [f"CRITICAL mu, week of {WEEK}: overdue"]


@pytest.mark.parametrize(("zone", "day"), [("America/Sao_Paulo", "2024-02-05"), ("Europe/Berlin", "2024-10-28")])
def test_hours_of_grace_are_hours_where_the_clocks_change_too(zone, day):
    """Berlin's clocks go back in the night to 2024-10-27; seven days of grace before Monday 06:00 hold 169 hours by the clock."""
    now = datetime.fromisoformat(f"{day}T05:30+01:00" if "Berlin" in zone else f"{day}T09:30-03:00").timestamp()
    for grace in (timedelta(hours=3), timedelta(hours=167), timedelta(hours=168)):
        [deadline] = passed({"atlantis": zone}, [], now, grace)
        assert deadline.due.timestamp() <= now
        assert deadline.due.timestamp() - deadline.scheduled.timestamp() == grace.total_seconds()
        assert (deadline.scheduled.hour, deadline.scheduled.weekday()) == (6, 0)


@pytest.fixture
def beats(calendar, capsys):
    """What the daemon says at a time for whoever watches from outside."""

    def at(time: str) -> dict[str, object]:
        capsys.readouterr()
        calendar.at(time)
        [line] = [its for its in capsys.readouterr().out.splitlines() if its.startswith("{")]
        return json.loads(line)

    return at


def test_every_tick_says_how_many_countries_are_late_until_they_are_not(beats, talking, instance):
    assert talking.run("lemuria", WEEK, instance).success
    assert beats("09:59") == {"heartbeat": "weekly", "due": 2, "overdue": 0}
    assert beats("10:01") == {"heartbeat": "weekly", "due": 2, "overdue": 1}
    assert beats("10:06")["overdue"] == 1
    assert talking.run("atlantis", WEEK, instance).success
    assert beats("10:11")["overdue"] == 0


def test_a_home_that_does_not_answer_does_not_stop_the_heart(calendar, slack, capsys):
    slack.refuses = lambda post: "fatal_error"
    capsys.readouterr()
    with pytest.raises(Exception, match="fatal_error"):
        calendar.at("10:01")
    assert '"overdue": 2' in capsys.readouterr().out
