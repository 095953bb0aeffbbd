"""Real runs that end in each of the ways, and the one alert that each is worth."""

import json
import shutil
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
import yaml

from lottery_assets.definitions import build_definitions
from lottery_assets.orchestration.alerts import ended_runs
from lottery_assets.orchestration.alerts.notifier import Undelivered
from lottery_assets.orchestration.treasury import pool_config
from lottery_assets_tests import countries

WEEK = "2024-01-29"
LAST = float(countries.sales(seed=0)["jackpot_announced"].iloc[-1])
"""Jackpot of the week before, in atlantis."""


@pytest.fixture
def ended(talking, instance, tick):
    """Runs a country as the schedule does and lets the sensor tick; the result of the run."""

    def run(name: str = "atlantis", week: str | None = WEEK, **kwargs):
        tags = {"country": name} | ({"week": week} if week else {})
        result = talking.run(name, week, instance, tags=tags, **kwargs)
        tick()
        return result

    return run


def lines(post) -> dict[str, str]:
    """The blocks of a post by their headings."""
    title, what, do, see = (block["text"]["text"] for block in post["blocks"])
    return {"title": title.split("*")[1], "what": what, "do": do, "see": see}


def only(slack) -> dict[str, str]:
    [post] = slack.posts
    return lines(post)


def test_a_new_recommendation_says_jackpot_change_reasons_and_where_to_look(ended, slack, operator):
    run = ended()
    said = only(slack)
    assert said["title"] == f"INFO atlantis, week of {WEEK}: new recommendation"
    jackpot = operator.recommended("atlantis", WEEK)
    assert said["what"].startswith(f"*What:* announce EUR {jackpot:g} million, ")
    assert (" as last week: " in said["what"]) == (jackpot == LAST)
    assert "it earns the most" in said["what"]
    assert "; the next best, " in said["what"]
    assert f"recommendations/atlantis/{WEEK}" in said["do"]
    assert said["see"] == f"*See:* &lt;http://ui/runs/{run.run_id}&gt;".replace("&lt;", "<").replace("&gt;", ">")


def test_a_jackpot_is_told_with_all_of_its_digits(ended, slack, operator):
    operator.configure("atlantis", announcement_step=None, optimization_grid_steps=2999, max_jackpot=41.777)
    ended()
    jackpot = operator.recommended("atlantis", WEEK)
    assert len(str(jackpot)) > len("5.12345")
    assert f"announce EUR {jackpot:.6f} million" in lines(slack.posts[0])["what"]


def test_a_rerun_that_changes_nothing_is_not_told_again(ended, slack):
    ended()
    ended()
    ended(week=None)
    assert len(slack.posts) == 1


def test_a_changed_recommendation_of_the_same_week_is_told(ended, slack, operator):
    ended()
    operator.configure("atlantis", max_jackpot=5)
    ended()
    ended()
    assert [title.split(": ")[1] for title in slack.titles] == ["new recommendation", "changed recommendation"]
    assert "announce EUR 5 million" in lines(slack.posts[1])["what"]


def test_a_week_of_the_past_decided_again_asks_for_no_signature(ended, slack):
    ended()
    ended(week="2024-01-22")
    assert "have it signed" in lines(slack.posts[0])["do"]
    said = lines(slack.posts[1])
    assert said["title"] == "INFO atlantis, week of 2024-01-22: new recommendation"
    assert "nothing: a later week is recommended already" in said["do"]
    assert "2024-01-22" in said["do"]


def test_a_run_started_by_hand_is_told_with_the_week_of_its_sales(ended, slack):
    ended(week=None)
    assert only(slack)["title"] == f"INFO atlantis, week of {WEEK}: new recommendation"


def test_no_recommendation_says_which_rules_and_how_the_way_out_begins(ended, slack, operator):
    operator.configure("atlantis", min_payout_ratio_12m=0.69)
    assert not ended().success
    said = only(slack)
    assert said["title"] == f"CRITICAL atlantis, week of {WEEK}: no recommendation"
    assert "payout_ratio_floor cannot be met by any jackpot this week" in said["what"]
    assert "the plan that breaks least, to be signed by people" in said["do"]


def test_a_faulty_row_is_bad_input_with_file_row_and_remedy_and_not_a_failed_check_as_well(ended, slack, operator):
    rows = pd.read_csv(operator.settings.data, dtype=str)
    rows.loc[5:7, "tickets_sold"] = "many"
    operator.deliver(rows)
    run = ended()
    assert any(not check.passed for check in run.get_asset_check_evaluations())
    said = only(slack)
    assert said["title"] == f"ERROR atlantis, week of {WEEK}: bad input"
    assert "sales.csv, row 7 (atlantis): tickets_sold is 'many'" in said["what"]
    assert "write a plain number" in said["what"]
    assert "(and 2 more)" in said["what"]
    assert "lottery validate atlantis" in said["do"]


def test_a_faulty_configuration_is_bad_input_with_its_key(ended, slack, operator):
    operator.configure("atlantis", secondary_prize_payout_percentage=12)
    ended()
    assert "atlantis.yaml: secondary_prize_payout_percentage is 12" in only(slack)["what"]


def test_late_sales_are_bad_input_that_names_the_weeks(ended, slack):
    ended(week="2024-02-12")
    said = only(slack)
    assert said["title"].startswith("ERROR atlantis, week of 2024-02-12")
    assert "2024-01-29, 2024-02-05; deliver them" in said["what"]


def test_a_blocking_check_that_failed_is_told_with_its_value_and_limit(ended, slack, monkeypatch):
    from lottery_assets.demand import fitting

    honest = fitting._calibration
    monkeypatch.setattr(fitting, "_calibration", lambda *args: honest(*args).model_copy(update={"inside_80": 20}))
    assert not ended().success
    said = only(slack)
    assert said["title"] == f"ERROR atlantis, week of {WEEK}: check failed"
    assert "model_calibrated does not hold (The 80 % band held about 80 % of the recent weeks)" in said["what"]
    assert "0.1923 against 0.6" in said["what"]


def test_a_bug_is_a_failed_run_that_names_the_step_and_the_error(ended, slack, monkeypatch):
    from lottery_assets import demand

    def broken(features):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(demand, "fit", broken)
    ended()
    said = only(slack)
    assert said["title"] == f"ERROR atlantis, week of {WEEK}: run failed"
    assert "step sales_model of weekly_recommendation failed: ZeroDivisionError: a bug" in said["what"]


@pytest.fixture
def started(talking, instance):
    """A run that is going, as its worker and run monitoring see it."""
    job = build_definitions(talking.settings).resolve_job_def("weekly_recommendation")
    run = instance.create_run_for_job(job, tags={"dagster/partition": "atlantis", "country": "atlantis", "week": WEEK})
    instance.report_dagster_event(
        dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, run.job_name, message="started"), run.run_id
    )
    return run


def test_a_run_that_was_killed_is_told_once(started, instance, slack, tick):
    """As run monitoring reports a worker that is gone; the tick after it, and a second report, add nothing."""
    instance.report_run_failed(started, "Detected run worker status FAILED: exit code 137.")
    tick()
    instance.report_run_failed(started, "Detected run worker status FAILED: exit code 137.")
    tick()
    said = only(slack)
    assert said["title"] == f"ERROR atlantis, week of {WEEK}: run killed"
    assert "was killed or never started: Detected run worker status FAILED: exit code 137." in said["what"]
    assert "launch the run again" in said["do"]


def test_a_run_whose_process_is_gone_is_told_with_the_engines_last_word(started, instance, slack, tick):
    """As on a laptop, where the code server notices it."""
    instance.report_engine_event(
        "[DagsterApiServer] Run execution process was terminated by signal 9 (SIGKILL).", started
    )
    instance.report_run_failed(started)
    tick()
    assert "never started: Run execution process was terminated by signal 9 (SIGKILL)." in only(slack)["what"]


def test_a_cancelled_run_is_told_once(started, instance, slack, tick):
    instance.report_run_canceling(started)
    instance.report_run_canceled(started)
    tick()
    assert "weekly_recommendation was cancelled before it ended" in only(slack)["what"]


def test_a_killed_run_that_starts_again_by_itself_asks_for_nothing(started, instance, slack, tick):
    instance.add_run_tags(started.run_id, {"dagster/will_retry": "true"})
    instance.report_run_failed(started, "gone")
    tick()
    assert "Dagster starts it again by itself" in only(slack)["do"]


def test_a_failure_in_one_country_says_nothing_of_another(ended, slack, operator):
    operator.configure("atlantis", currency="euro")
    ended("atlantis")
    ended("lemuria")
    assert [title.split(",")[0] for title in slack.titles] == ["ERROR atlantis", "INFO lemuria"]


def test_an_installation_with_a_history_begins_now_and_says_so(operator, instance, tick):
    for _ in range(3):
        operator.configure("atlantis", currency="euro")
        operator.run("atlantis", instance=instance)
    assert "alerts begin now: runs that ended before are not told" in tick()
    assert tick() == "nothing new to tell"
    assert operator.told.texts == []


def test_with_nothing_set_it_is_the_log_that_tells(operator, instance, tick):
    tick()
    operator.run("atlantis", instance=instance)
    assert tick() == "1 delivered"
    [text] = operator.told.texts
    jackpot = operator.recommended("atlantis", WEEK)
    assert text.startswith(f"INFO atlantis, week of {WEEK}: new recommendation\nWhat: announce EUR {jackpot:g} million")


def test_a_home_set_up_wrongly_stops_no_definitions_and_is_told_on_every_tick(operator, instance, tick):
    operator.settings = operator.settings.model_copy(update={"alerts": "log,slack"})
    dg.Definitions.validate_loadable(build_definitions(operator.settings))
    assert "slack: set LOTTERY_SLACK_CHANNEL" in tick()
    run = operator.run("atlantis", instance=instance)
    assert run.success
    with pytest.raises(
        Undelivered, match=r"1 delivered; slack did not take .*new recommendation.*: set LOTTERY_SLACK_CHANNEL"
    ):
        tick()
    assert "slack: set LOTTERY_SLACK_CHANNEL" in tick()


def test_slack_and_sns_hear_the_same_each_over_http(talking, instance, slack, inbox, tick):
    homes = {"alerts": "slack,sns,log", "sns_topic_arn": inbox.topic}
    talking.settings = talking.settings.model_copy(update=homes)
    slack.refuses = lambda post: "channel_not_found"
    talking.run("atlantis", WEEK, instance)
    with pytest.raises(Undelivered, match="2 delivered; slack did not take"):
        tick()
    assert "slack is tried again at" in tick()
    [message] = inbox.receive()
    assert message["Subject"] == talking.told.texts[0].splitlines()[0]
    assert (slack.posts, slack.tries) == ([], 1)


def test_ends_of_runs_beyond_one_reading_are_all_told(talking, instance, slack, tick, monkeypatch):
    monkeypatch.setattr(ended_runs, "AT_ONCE", 2)
    job = build_definitions(talking.settings).resolve_job_def("weekly_recommendation")
    for number in range(5):
        run = instance.create_run_for_job(job, tags={"country": f"country {number}"})
        instance.report_run_canceled(run) if number % 2 else instance.report_run_failed(run)
    for _ in range(5):
        tick()
    assert sorted(title.split(":")[0][-1] for title in slack.titles) == ["0", "1", "2", "3", "4"]


def test_an_end_that_the_database_shows_late_is_not_missed(talking, instance, slack, tick):
    """Two transactions of Postgres: the later number is read before the earlier one is there."""
    job = build_definitions(talking.settings).resolve_job_def("weekly_recommendation")
    early, late = (instance.create_run_for_job(job, tags={"country": name}) for name in ("early", "late"))
    instance.report_run_failed(early)
    hidden = ended_runs.newest(instance)
    instance.report_run_failed(late)
    honest = instance.fetch_run_status_changes

    def without_the_first(*args, **kwargs):
        read = honest(*args, **kwargs)
        return read._replace(records=[r for r in read.records if r.storage_id != hidden])

    instance.fetch_run_status_changes = without_the_first
    tick()
    instance.fetch_run_status_changes = honest
    tick()
    assert [title.split(":")[0] for title in slack.titles] == ["ERROR late", "ERROR early"]


def test_countries_of_a_treasury_are_told_once_it_has_decided(talking, instance, slack, tick):
    keys = {"countries": ["atlantis", "lemuria"], "available_cash": 100, "safety_buffer": 10}
    Path(talking.settings.configs, "treasury.yaml").write_text(yaml.safe_dump(keys))
    for name in ("atlantis", "lemuria"):
        talking.run(name, WEEK, instance)
        tick()
    assert slack.posts == []
    job = build_definitions(talking.settings).resolve_job_def("weekly_treasury")
    job.execute_in_process(run_config=pool_config(None), instance=instance)
    tick()
    assert slack.titles == [f"INFO {name}, week of {WEEK}: new recommendation" for name in ("atlantis", "lemuria")]
    assert f"announce EUR {talking.recommended('atlantis', WEEK):g} million, " in lines(slack.posts[0])["what"]


def test_a_treasury_that_decides_otherwise_says_that_it_replaces_what_it_told(talking, instance, slack, tick):
    def shared(cash: float) -> None:
        keys = {"countries": ["atlantis", "lemuria"], "available_cash": cash, "safety_buffer": 10}
        Path(talking.settings.configs, "treasury.yaml").write_text(yaml.safe_dump(keys))

    def decide(cash: float) -> None:
        shared(cash)
        job = build_definitions(talking.settings).resolve_job_def("weekly_treasury")
        assert job.execute_in_process(run_config=pool_config(None), instance=instance).success
        tick()

    shared(100)
    for name in ("atlantis", "lemuria"):
        talking.run(name, WEEK, instance)
    decide(100)
    slack.posts.clear()
    decide(16)
    assert slack.titles
    for post in slack.posts:
        assert "changed recommendation" in post["text"]
        assert "it replaces what was announced" in lines(post)["do"]


def test_a_treasury_without_an_answer_is_told_as_its_own(talking, instance, slack, tick):
    keys = {"countries": ["atlantis", "lemuria"], "available_cash": 11, "safety_buffer": 10}
    Path(talking.settings.configs, "treasury.yaml").write_text(yaml.safe_dump(keys))
    for name in ("atlantis", "lemuria"):
        talking.run(name, WEEK, instance)
    job = build_definitions(talking.settings).resolve_job_def("weekly_treasury")
    job.execute_in_process(run_config=pool_config(None), instance=instance, tags={"week": WEEK}, raise_on_error=False)
    tick()
    assert only(slack)["title"] == f"CRITICAL treasury, week of {WEEK}: no recommendation"
    assert "treasury_cover" in only(slack)["what"]


def broken(seed: int) -> pd.DataFrame:
    """From the hundredth week on, 2022-12-05, sales are 40 % lower."""
    sales = countries.sales(seed=seed)
    sales.loc[100:, "tickets_sold"] = (sales.loc[100:, "tickets_sold"] * 0.6).round().astype(int)
    sales["prizes_paid"] = None
    return sales


def told_of_breaks(ended, slack, weeks: int) -> list[dict[str, str]]:
    """After runs of so many weeks, the first of them two weeks after the break."""
    for day in pd.date_range("2022-12-19", periods=weeks, freq="7D"):
        ended(week=f"{day:%Y-%m-%d}")
    return [lines(post) for post in slack.posts if "demand break" in post["text"]]


def test_a_break_of_demand_is_told_in_the_week_it_is_noticed_and_not_again(ended, slack, operator):
    operator.deliver(broken(seed=2))
    [found] = told_of_breaks(ended, slack, weeks=4)
    assert found["title"].startswith("WARNING atlantis, week of 2022-12-19")
    assert "sales changed in the week of 2022-12-05, noticed after the week of 2022-12-12" in found["what"]


def test_a_break_that_is_dated_anew_is_not_told_again(ended, slack, operator):
    """An alarm of three weeks before explains these sales as well, and in the third week no longer."""
    operator.deliver(broken(seed=1))
    assert len(told_of_breaks(ended, slack, weeks=3)) == 1


@pytest.fixture
def near(operator):
    """The plan of nine weeks stands at the floor later on; the coming week is clear of it."""
    operator.configure("atlantis", horizon_weeks=9, min_payout_ratio_12m=0.64)
    return operator


def test_a_rule_that_comes_near_is_told_with_its_week_and_by_how_much(ended, near, slack):
    ended()
    ended()
    assert slack.titles[1:] == [f"WARNING atlantis, week of {WEEK}: rule approaching"]
    what = lines(slack.posts[1])["what"]
    assert "clear of payout_ratio_floor (the floor of the 52-week payout ratio), and the plan meets it" in what
    [its] = json.loads((near.artifacts / "recommendations" / "atlantis" / WEEK / "recommendation.json").read_text())[
        "approaching"
    ]
    assert f"in the week of {its['week_start']}: {its['value']:.4g} against a limit of 0.64 fraction of sales" in what
    assert what.endswith(f"{abs(its['slack']):.2g} {'inside' if its['slack'] >= 0 else 'beyond'} it")


def test_a_rule_that_last_week_already_said_comes_near_is_not_told_again(ended, near, slack):
    ended()
    week = near.artifacts / "recommendations" / "atlantis" / WEEK
    shutil.copytree(week, week.with_name("2024-01-22"))
    shutil.rmtree(week)
    near.configure("atlantis", horizon_weeks=9, min_payout_ratio_12m=0.6401)
    slack.posts.clear()
    slack_before = near.published()
    ended()
    assert near.published() != slack_before
    assert not [title for title in slack.titles if "rule approaching" in title]


def failed(operator, instance, country: str):
    """A run that has failed, without running it."""
    job = build_definitions(operator.settings).resolve_job_def("weekly_recommendation")
    run = instance.create_run_for_job(job, tags={"country": country})
    instance.report_run_failed(run)
    return run


def test_a_run_that_gets_the_number_of_a_deleted_one_is_told(talking, instance, slack, tick):
    """SQLite gives the highest storage ids out again once their events are deleted."""
    gone = failed(talking, instance, "deleted")
    tick()
    number = ended_runs.newest(instance)
    instance.delete_run(gone.run_id)
    failed(talking, instance, "later")
    assert ended_runs.newest(instance) == number
    tick()
    tick()
    assert slack.titles == ["ERROR deleted: run killed", "ERROR later: run killed"]


def test_after_all_runs_were_wiped_new_ones_are_told_and_none_twice(talking, instance, slack, tick):
    runs = [failed(talking, instance, f"country {number}") for number in range(3)]
    tick()
    for run in runs[1:]:
        instance.delete_run(run.run_id)
    tick()
    failed(talking, instance, "later")
    tick()
    assert slack.titles == [f"ERROR {name}: run killed" for name in ("country 0", "country 1", "country 2", "later")]


def test_where_numbers_begin_anew_what_ended_before_alerts_began_is_not_told(operator, instance, slack, tick):
    failed(operator, instance, "before")
    after = failed(operator, instance, "before as well")
    tick()
    instance.delete_run(after.run_id)
    assert tick() == "nothing new to tell"
    failed(operator, instance, "later")
    assert tick() == "1 delivered"
    assert operator.told.texts[0].startswith("ERROR later")


@pytest.mark.parametrize("config", [{"week_start": {"env": "HOME"}}, {"week_start": "next\nmonday"}])
def test_a_week_that_is_no_date_is_no_week(talking, instance, slack, tick, config):
    definitions = build_definitions(talking.settings).resolve_job_def("weekly_recommendation")
    run = instance.create_run_for_job(
        definitions, run_config={"ops": {"raw_sales": {"config": config}}}, tags={"country": "atlantis", "week": "37"}
    )
    instance.report_run_failed(run)
    tick()
    assert slack.titles == ["ERROR atlantis: run killed"]


def test_a_run_that_cannot_be_read_is_told_and_silences_none_after_it(talking, instance, slack, tick, monkeypatch):
    odd = failed(talking, instance, "odd")
    failed(talking, instance, "later")
    honest = ended_runs.ended_run

    def picky(instance, end, artifacts):
        if end.run_id == odd.run_id:
            raise KeyError("a rule of another version")
        return honest(instance, end, artifacts)

    monkeypatch.setattr(ended_runs, "ended_run", picky)
    tick()
    tick()
    assert slack.titles == ["ERROR all countries: run failed", "ERROR later: run killed"]
    said = lines(slack.posts[0])
    assert "cannot be read: KeyError: 'a rule of another version'" in said["what"]
    assert odd.run_id in said["see"]


def test_bytes_that_are_no_text_stop_no_alert(talking, instance, slack, tick):
    """A file's name of another encoding, as Python has it in an error."""
    job = build_definitions(talking.settings).resolve_job_def("weekly_recommendation")
    run = instance.create_run_for_job(job, tags={"country": "atlantis"})
    instance.report_run_failed(run, "cannot read sales\udcff.csv")
    tick()
    assert "cannot read sales.csv" in only(slack)["what"]
