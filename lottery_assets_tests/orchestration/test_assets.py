"""The graph over made-up countries: what it writes, what it shows, what stops it."""

import json
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from lottery_assets import jackpot, sales, weekly
from lottery_assets.country import load_country
from lottery_assets.definitions import build_definitions
from lottery_assets.jackpot import plan
from lottery_assets_tests import countries

WEEK = "2024-01-29"
"""The week after the last of the 160 made-up ones."""


def failure(result) -> str:
    [event] = result.filter_events(lambda event: event.is_step_failure)
    return event.step_failure_data.user_failure_data.description


def test_the_graph_and_the_plain_function_give_the_same_bytes(operator):
    assert operator.run("atlantis").success
    config = load_country(Path(operator.settings.configs, "atlantis.yaml"))
    plain = weekly.recommend(config, sales.read_sales(operator.settings.data).frame)
    published = operator.artifacts / "recommendations" / "atlantis" / WEEK / "recommendation.json"
    assert published.read_bytes() == plain.as_bytes()
    typed = weekly.recommend(config, pd.read_csv(operator.settings.data))
    drop = {"warnings"}  # rows of a frame are counted, rows of a file are lines: the same here
    assert typed.model_dump(exclude=drop) == plain.model_dump(exclude=drop)


def test_a_rerun_of_the_same_inputs_changes_nothing(operator):
    operator.run("atlantis")
    before = {path: path.read_bytes() for path in operator.artifacts.rglob("recommendations/**/*.*")}
    assert {path.name for path in before} == {"recommendation.json", "metadata.json", "report.html"}
    assert operator.run("atlantis").success
    assert {path: path.read_bytes() for path in operator.artifacts.rglob("recommendations/**/*.*")} == before


def test_other_inputs_for_the_same_week_are_a_revision(operator):
    operator.run("atlantis")
    operator.configure("atlantis", available_cash=20)
    operator.run("atlantis")
    assert operator.published() == [
        f"recommendations/atlantis/{WEEK}/{name}"
        for name in ("metadata.json", "r2/metadata.json", "r2/recommendation.json", "recommendation.json")
    ]


def test_metadata_names_every_input(operator):
    result = operator.run("atlantis")
    folder = operator.artifacts / "recommendations" / "atlantis" / WEEK
    metadata = json.loads((folder / "metadata.json").read_text())
    assert metadata["dagster_run_id"] == result.run_id
    assert metadata["data_version"] == sales.read_sales(operator.settings.data).data_version
    assert metadata["data_source"] == operator.settings.data
    assert metadata["week_start"] == WEEK
    assert metadata["image_digest"] is None
    for name in ("config_sha256", "model_version", "lock_sha256", "recommendation_sha256"):
        assert len(metadata[name]) == 64, name


def test_the_sales_carry_the_version_that_dvc_knows(operator):
    with dg.DagsterInstance.ephemeral() as instance:
        operator.run("atlantis", instance=instance)
        event = instance.get_latest_materialization_event(dg.AssetKey("raw_sales"))
    tags = event.asset_materialization.tags
    assert tags["dagster/data_version"] == sales.read_sales(operator.settings.data).data_version


def test_nothing_is_pickled(operator):
    operator.run("atlantis")
    kinds = {(path.relative_to(operator.artifacts).parts[0], path.suffix) for path in operator.artifacts.rglob("*.*")}
    assert kinds == {
        ("raw_sales", ".parquet"),
        ("features", ".parquet"),
        ("sales_model", ".json"),
        ("models", ".json"),
        ("recommendations", ".json"),
        ("recommendations", ".html"),
        ("index.html", ".html"),
    }


def test_a_faulty_configuration_stops_its_own_country_only(operator):
    operator.configure("atlantis", secondary_prize_payout_percentage=12)
    broken, sound = operator.run("atlantis"), operator.run("lemuria")
    assert not broken.success
    assert "atlantis.yaml: secondary_prize_payout_percentage is 12" in failure(broken)
    assert "0.12" in failure(broken)
    assert sound.success
    assert {path.split("/")[1] for path in operator.published()} == {"lemuria"}


def test_a_faulty_row_fails_the_sales_contract_of_its_country_only(operator, checks):
    rows = pd.read_csv(operator.settings.data, dtype=str)
    rows.loc[5, "tickets_sold"] = "many"
    operator.deliver(rows)
    broken, sound = operator.run("atlantis"), operator.run("lemuria")
    check = checks(broken)["sales_contract"]
    assert not check.passed
    assert "row 7" in check.metadata["reason"].value
    assert "many" in failure(broken)
    assert sound.success
    assert all(check.passed for check in checks(sound).values())


def test_late_sales_block_and_name_the_missing_weeks(operator, checks):
    result = operator.run("atlantis", week="2024-02-12")
    assert not result.success
    check = checks(result)["sales_up_to_date"]
    assert not check.passed
    assert check.blocking
    assert "2024-01-29" in check.metadata["reason"].value
    assert "2024-02-05" in check.metadata["reason"].value
    assert operator.published() == []


def test_an_earlier_week_reads_only_the_sales_before_it(operator):
    operator.run("atlantis", week="2023-06-05")
    whole = pd.read_csv(operator.settings.data)
    config = load_country(Path(operator.settings.configs, "atlantis.yaml"))
    cut = weekly.recommend(config, whole[whole["week_start"] < "2023-06-05"])
    published = operator.artifacts / "recommendations" / "atlantis" / "2023-06-05" / "recommendation.json"
    assert published.read_bytes() == cut.as_bytes()


def test_a_week_that_is_no_date_is_told(operator):
    assert "write it as 2026-09-07" in failure(operator.run("atlantis", week="next monday"))


def test_when_nothing_is_feasible_nothing_is_published(operator):
    operator.configure("atlantis", min_payout_ratio_12m=0.69)
    result = operator.run("atlantis")
    assert not result.success
    assert "payout_ratio_floor cannot be met" in failure(result)
    assert operator.published() == []


def test_an_answer_that_the_independent_check_refuses_is_never_published(operator, monkeypatch):
    """The solver is made to believe in cash that is not there; the rules computed apart are not."""
    build = jackpot.decide.__globals__["build"]

    def careless(problem):
        model = build(problem)
        model.cash_cover.deactivate()
        model.cash_at_risk.deactivate()
        return model

    operator.configure("atlantis", available_cash=13)
    assert operator.run("atlantis").success
    monkeypatch.setitem(jackpot.decide.__globals__, "build", careless)
    operator.configure("atlantis", available_cash=12)
    before = operator.published()
    assert not operator.run("atlantis").success
    assert operator.published() == before


def test_a_verified_recommendation_says_how_it_stands_with_every_rule(operator, checks):
    check = checks(operator.run("atlantis"))["recommendation_verified"]
    assert check.passed
    assert check.metadata["value"].value == 0
    assert {name for name in plan.RULES if name in check.metadata["rules"].value} >= {
        "jackpot_range",
        "payout_ratio_floor",
        "cash_cover",
        "cash_at_risk",
    }


def test_every_check_has_value_limit_unit_and_country(operator, checks):
    found = checks(operator.run("atlantis"))
    blocking = {"sales_contract", "sales_up_to_date", "model_calibrated", "recommendation_verified"}
    assert set(found) == {*blocking, "champion_gates"}
    for name, check in found.items():
        assert {"value", "limit", "unit", "country"} <= set(check.metadata), name
        assert check.blocking == (name in blocking), name


def test_a_model_whose_bands_do_not_hold_is_blocked(operator, checks, monkeypatch):
    from lottery_assets.demand import fitting as module

    honest = module._calibration
    monkeypatch.setattr(module, "_calibration", lambda *args: honest(*args).model_copy(update={"inside_80": 20}))
    result = operator.run("atlantis")
    assert not result.success
    assert not checks(result)["model_calibrated"].passed
    assert operator.published() == []


def test_the_ui_shows_counts_columns_pictures_and_tables(operator):
    result = operator.run("atlantis")
    shown = {
        name: result.asset_materializations_for_node(name)[0].metadata
        for name in ("raw_sales", "features", "sales_model", "jackpot_recommendation")
    }
    assert shown["raw_sales"]["dagster/row_count"].value == 161
    for name in ("raw_sales", "features"):
        schema = shown[name]["dagster/column_schema"].value
        assert all(column.description for column in schema.columns), [
            c.name for c in schema.columns if not c.description
        ]
    for name, picture in (("sales_model", "fit"), ("jackpot_recommendation", "net_revenue")):
        text = shown[name][picture].value
        assert "data:image/png;base64," in text
        assert len(text) < 60_000, name
    assert "jackpot to announce" in shown["jackpot_recommendation"]["recommendation"].value
    assert isinstance(shown["sales_model"]["wape"].value, float)


def test_a_fifth_file_with_data_is_a_fifth_country(operator):
    operator.configure("mu")
    operator.deliver(
        pd.concat([pd.read_csv(operator.settings.data), countries.sales(seed=9, name="mu")], ignore_index=True)
    )
    definitions = build_definitions(operator.settings)
    keys = definitions.resolve_asset_graph().get(dg.AssetKey("raw_sales")).partitions_def.get_partition_keys()
    assert keys == ["atlantis", "lemuria", "mu"]
    assert operator.run("mu").success


def test_s3_needs_nothing_but_other_settings(operator, bucket):
    import boto3

    boto3.client("s3").upload_file(operator.settings.data, "lottery", "landing/sales.csv")
    on_disk = operator.run("atlantis")
    assert on_disk.success
    local = (operator.artifacts / "recommendations" / "atlantis" / WEEK / "recommendation.json").read_bytes()
    operator.settings = operator.settings.model_copy(
        update={"data": f"{bucket}/landing/sales.csv", "artifacts": f"{bucket}/artifacts"}
    )
    assert operator.run("atlantis").success
    stored = boto3.client("s3").get_object(
        Bucket="lottery", Key=f"artifacts/recommendations/atlantis/{WEEK}/recommendation.json"
    )
    assert stored["Body"].read() == local


def test_a_storage_that_does_not_answer_is_asked_again_but_a_fault_is_not(operator):
    definitions = build_definitions(operator.settings)
    node = definitions.resolve_job_def("weekly_recommendation").get_node_named("raw_sales")
    assert node.definition.retry_policy.max_retries == 2
    operator.configure("atlantis", currency="euro")
    result = operator.run("atlantis")
    assert not result.filter_events(lambda event: event.is_step_up_for_retry)


@pytest.mark.parametrize("name", ["features", "sales_model", "jackpot_recommendation"])
def test_the_deterministic_steps_are_never_retried(operator, name):
    definitions = build_definitions(operator.settings)
    assert definitions.resolve_job_def("weekly_recommendation").get_node_named(name).definition.retry_policy is None
