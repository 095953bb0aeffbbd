"""The pool in Dagster: the asset downstream of its countries, what it publishes, who starts it; without the file it is not there."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._core.test_utils import create_run_for_test

from lottery_assets import jackpot
from lottery_assets.definitions import build_definitions
from lottery_assets.orchestration.treasury import pool_config
from lottery_assets.simulation.families import FAMILIES

WEEK = "2024-01-29"


@pytest.fixture
def pool(operator):
    """atlantis and lemuria share less cash than both would like."""

    def share(**changes: Any) -> None:
        keys = {"countries": ["atlantis", "lemuria"], "available_cash": 18, "safety_buffer": 10} | changes
        Path(operator.settings.configs, "treasury.yaml").write_text(yaml.safe_dump(keys))

    operator.share = share
    share()
    return operator


def decide(operator, week: str | None = None, without=(), instance=None):
    job = build_definitions(operator.settings).resolve_job_def("weekly_treasury")
    config = pool_config(None, without)
    config["ops"]["treasury_recommendation"]["config"]["week_start"] = week
    return job.execute_in_process(run_config=config, raise_on_error=False, instance=instance)


def document(operator, path: str) -> dict[str, Any]:
    return json.loads((operator.artifacts / path).read_text())


def codes(recommendation: dict[str, Any]) -> set[str]:
    return {warning["code"] for warning in recommendation["warnings"]}


def test_without_the_file_there_is_no_pool(operator):
    definitions = build_definitions(operator.settings)
    keys = {key.to_user_string() for key in definitions.resolve_asset_graph().get_all_asset_keys()}
    assert keys == {"raw_sales", "features", "sales_model", "jackpot_recommendation"}
    assert [job.name for job in definitions.jobs] == ["weekly_recommendation"]
    assert "treasury_after_its_countries" not in {sensor.name for sensor in definitions.sensors}
    operator.run("atlantis")
    own = document(operator, f"recommendations/atlantis/{WEEK}/recommendation.json")
    assert not {code for code in codes(own) if code.startswith("treasury")}


def test_with_the_file_the_pool_lies_downstream_of_its_countries(pool):
    definitions = build_definitions(pool.settings)
    dg.Definitions.validate_loadable(definitions)
    node = definitions.resolve_asset_graph().get(dg.AssetKey("treasury_recommendation"))
    assert dg.AssetKey("jackpot_recommendation") in node.parent_keys
    assert not node.is_partitioned
    weekly = definitions.resolve_job_def("weekly_recommendation")
    assert dg.AssetKey("treasury_recommendation") not in weekly.asset_layer.selected_asset_keys


def test_an_own_recommendation_says_that_the_pool_has_not_decided(pool):
    pool.run("atlantis")
    assert "treasury_pending" in codes(document(pool, f"recommendations/atlantis/{WEEK}/recommendation.json"))


def test_an_own_recommendation_promises_no_experiment_that_the_pool_would_not_make(pool):
    market = FAMILIES["s_curve"](1006)
    pool.deliver(market.history.tail(40).assign(country="atlantis"))
    keys = {key: value for key, value in market.config.items() if key != "country_name"}
    pool.configure("atlantis", **keys | {"horizon_weeks": 1})
    pool.run("atlantis")
    own = [path for path in pool.published() if path.endswith("recommendation.json")]
    assert codes(document(pool, own[0])) & {"treasury_pending", "experiment"} == {"treasury_pending"}
    Path(pool.settings.configs, "treasury.yaml").unlink()
    pool.run("atlantis")
    [alone] = [path for path in pool.published() if path.endswith("r2/recommendation.json")]
    assert codes(document(pool, alone)) & {"treasury_pending", "experiment"} == {"experiment"}


def test_the_joint_recommendation_is_the_next_revision_and_the_pools_record_says_what_each_gave_up(pool, checks):
    for name in ("atlantis", "lemuria"):
        assert pool.run(name).success
    result = decide(pool, WEEK)
    assert result.success
    record = document(pool, f"treasury/{WEEK}/treasury.json")
    assert (record["currency"], record["available_cash"], record["safety_buffer"]) == ("EUR", 18, 10)
    assert record["max_cash_breach"] == 0.05
    assert record["rule"]["holds"]
    assert any(member["gave_up"] > 0 for member in record["countries"])
    for member in record["countries"]:
        own = document(pool, f"recommendations/{member['country']}/{WEEK}/recommendation.json")
        joint = document(pool, f"recommendations/{member['country']}/{WEEK}/r2/recommendation.json")
        assert (own["jackpot"], joint["jackpot"]) == (member["own_jackpot"], member["jackpot"])
        assert "treasury_pending" not in codes(joint)
    metadata = document(pool, f"treasury/{WEEK}/metadata.json")
    assert metadata["dagster_run_id"] == result.run_id
    assert set(metadata["recommendations"]) == {"atlantis", "lemuria"}
    check = checks(result)["treasury_verified"]
    assert check.passed
    assert check.blocking
    assert {"value", "limit", "unit", "country"} <= set(check.metadata)
    [shown] = result.asset_materializations_for_node("treasury_recommendation")
    assert "gave up" in shown.metadata["jackpots"].value


def test_the_command_line_and_the_plain_function_agree(pool):
    from lottery_assets import sales, weekly
    from lottery_assets.country import load_country, load_treasury

    for name in ("atlantis", "lemuria"):
        pool.run(name)
    decide(pool)
    raw = sales.read_sales(pool.settings.data).frame
    cases = [weekly.case(load_country(Path(pool.settings.configs, f"{n}.yaml")), raw) for n in ("atlantis", "lemuria")]
    plain = weekly.recommend_together(load_treasury(pool.settings.configs), cases)
    assert (pool.artifacts / f"treasury/{WEEK}/treasury.json").read_bytes() == plain.record.as_bytes()
    for name, joint in plain.recommendations.items():
        published = pool.artifacts / f"recommendations/{name}/{WEEK}/r2/recommendation.json"
        assert published.read_bytes() == joint.as_bytes()


def test_a_rerun_of_countries_and_pool_changes_nothing(pool):
    for _ in range(2):
        for name in ("atlantis", "lemuria"):
            pool.run(name)
        assert decide(pool).success
    assert [path for path in pool.published() if "atlantis" in path] == [
        f"recommendations/atlantis/{WEEK}/{name}"
        for name in ("metadata.json", "r2/metadata.json", "r2/recommendation.json", "recommendation.json")
    ]
    assert not (pool.artifacts / f"treasury/{WEEK}/r2").exists()


def test_a_country_that_never_ran_is_reserved_its_last_jackpot(pool):
    pool.share(available_cash=100)
    pool.run("atlantis")
    assert decide(pool, WEEK).success
    [reserved] = document(pool, f"treasury/{WEEK}/treasury.json")["reserved"]
    assert reserved["country"] == "lemuria"
    assert reserved["jackpot"] == 8.0
    joint = document(pool, f"recommendations/atlantis/{WEEK}/r2/recommendation.json")
    assert "treasury_member_missing" in codes(joint)


def test_what_is_stored_of_another_week_does_not_count(pool):
    pool.share(available_cash=100)
    pool.run("atlantis")
    pool.run("lemuria", week="2024-01-22")
    assert decide(pool, WEEK).success
    assert [r["country"] for r in document(pool, f"treasury/{WEEK}/treasury.json")["reserved"]] == ["lemuria"]


def test_a_country_whose_model_was_blocked_counts_as_missing(pool, monkeypatch):
    from lottery_assets.demand import fitting

    pool.share(available_cash=100)
    pool.run("atlantis")
    honest = fitting._calibration
    monkeypatch.setattr(fitting, "_calibration", lambda *args: honest(*args).model_copy(update={"inside_80": 20}))
    assert not pool.run("lemuria").success
    assert decide(pool, WEEK).success
    [reserved] = document(pool, f"treasury/{WEEK}/treasury.json")["reserved"]
    assert (reserved["country"], reserved["reason"]) == ("lemuria", "the bands of its model do not hold")


def test_a_pool_of_one_country_is_decided_too(pool):
    pool.share(countries=["atlantis"], available_cash=14)
    pool.run("atlantis")
    assert decide(pool).success
    joint = document(pool, f"recommendations/atlantis/{WEEK}/r2/recommendation.json")
    assert joint["jackpot"] <= 4
    assert "treasury_cover" in {rule["rule"] for rule in joint["rules"]}


def test_on_s3_it_is_the_same(pool, bucket):
    import boto3

    pool.share(available_cash=100)
    for artifacts in (str(pool.artifacts), f"{bucket}/artifacts"):
        pool.settings = pool.settings.model_copy(update={"artifacts": artifacts})
        assert pool.run("atlantis").success
        assert decide(pool, WEEK).success
    stored = boto3.client("s3").get_object(Bucket="lottery", Key=f"artifacts/treasury/{WEEK}/treasury.json")
    assert stored["Body"].read() == (pool.artifacts / f"treasury/{WEEK}/treasury.json").read_bytes()


def test_a_pool_without_an_answer_publishes_nothing_and_says_why(pool):
    for name in ("atlantis", "lemuria"):
        pool.run(name)
    pool.share(available_cash=11)
    result = decide(pool)
    assert not result.success
    [event] = result.filter_events(lambda event: event.is_step_failure)
    assert "treasury_cover misses by" in event.step_failure_data.user_failure_data.description
    assert not (pool.artifacts / "treasury").exists()
    assert not any("r2" in path for path in pool.published())


def test_an_answer_that_the_independent_check_refuses_is_never_published(pool, monkeypatch):
    for name in ("atlantis", "lemuria"):
        pool.run(name)
    module = jackpot.decide_together.__globals__
    honest = module["_solved"]
    monkeypatch.setitem(module, "_solved", lambda its, worths: (its.own, honest(its, worths)[1]))
    assert not decide(pool).success
    assert not (pool.artifacts / "treasury").exists()


def test_a_faulty_file_fails_the_runs_of_the_countries_it_lists(pool):
    pool.share(countries=["atlantis"], safety_buffer=-1)
    assert not pool.run("atlantis").success
    assert pool.run("lemuria").success
    assert not decide(pool).success
    dg.Definitions.validate_loadable(build_definitions(pool.settings))


def tick(operator, instance: dg.DagsterInstance) -> Any:
    definitions = build_definitions(operator.settings)
    sensor = definitions.resolve_sensor_def("treasury_after_its_countries")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    context = dg.build_sensor_context(instance=instance, repository_def=definitions.get_repository_def())
    return sensor.evaluate_tick(context)


def test_the_pool_is_started_once_every_country_has_had_its_run(pool):
    tags = {"week": WEEK}
    with dg.DagsterInstance.ephemeral() as instance:
        assert "no country" in tick(pool, instance).skip_message
        pool.run("atlantis", WEEK, instance, tags=tags | {"country": "atlantis"})
        assert tick(pool, instance).skip_message == f"{WEEK}: waiting for lemuria"
        pool.run("lemuria", WEEK, instance, tags=tags | {"country": "lemuria"})
        [request] = tick(pool, instance).run_requests
        assert request.run_key == WEEK
        assert request.tags["week"] == WEEK
        job = build_definitions(pool.settings).resolve_job_def("weekly_treasury")
        assert job.execute_in_process(run_config=request.run_config, instance=instance).success


def test_a_failed_country_is_not_waited_for_and_counts_as_missing(pool):
    pool.share(available_cash=100)
    pool.run("lemuria")
    pool.configure("lemuria", available_cash=11)
    with dg.DagsterInstance.ephemeral() as instance:
        for name in ("atlantis", "lemuria"):
            pool.run(name, WEEK, instance, tags={"week": WEEK, "country": name})
        [request] = tick(pool, instance).run_requests
        assert request.run_config == pool_config_of(WEEK, ["lemuria"])
        job = build_definitions(pool.settings).resolve_job_def("weekly_treasury")
        assert job.execute_in_process(run_config=request.run_config, instance=instance).success
    assert [r["country"] for r in document(pool, f"treasury/{WEEK}/treasury.json")["reserved"]] == ["lemuria"]


def test_the_pool_is_decided_once_more_when_the_missing_country_has_its_answer(pool):
    with dg.DagsterInstance.ephemeral() as instance:
        for name, status in {"atlantis": "SUCCESS", "lemuria": "FAILURE"}.items():
            ended(instance, name, status)
        [without] = tick(pool, instance).run_requests
        ended(instance, "lemuria", "STARTED")
        assert tick(pool, instance).skip_message == f"{WEEK}: waiting for lemuria"
        ended(instance, "lemuria", "SUCCESS")
        [whole] = tick(pool, instance).run_requests
    assert without.run_key != whole.run_key
    assert without.run_config == pool_config_of(WEEK, ["lemuria"])
    assert whole.run_config == pool_config_of(WEEK, [])


def ended(instance: dg.DagsterInstance, country: str, status: str) -> None:
    """A run of the week that has come so far."""
    tags = {"country": country, "week": WEEK}
    create_run_for_test(instance, "weekly_recommendation", tags=tags, status=dg.DagsterRunStatus(status))


def pool_config_of(week: str, without: list[str]) -> dict[str, Any]:
    return {"ops": {"treasury_recommendation": {"config": {"week_start": week, "without": without}}}}


def test_the_pages_agree_with_the_records_they_lie_beside(pool):
    for name in ("atlantis", "lemuria"):
        pool.run(name)
    pending = (pool.artifacts / f"recommendations/atlantis/{WEEK}/report.html").read_text()
    assert "Not the final jackpot." in pending
    decide(pool, WEEK)
    joint = {name: f"recommendations/{name}/{WEEK}/r2" for name in ("atlantis", "lemuria")}
    overview = (pool.artifacts / "index.html").read_text()
    for folder in joint.values():
        jackpot = document(pool, f"{folder}/recommendation.json")["jackpot"]
        page = (pool.artifacts / folder / "report.html").read_text()
        assert f"EUR {jackpot:g} million</title>" in page
        assert 'data-rule="treasury_cover"' in page
        assert "Not the final jackpot." not in page
        assert f'href="{folder}/report.html"' in overview
