"""The production instance: deploy/dagster.yaml, read and used by Dagster's own machinery."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import boto3
import dagster as dg
import pytest
import yaml
from dagster._config import process_config, resolve_to_config_type
from dagster._core.events import RunFailureReason
from dagster._core.execution.retries import auto_reexecution_should_retry_run
from dagster._core.instance.config import dagster_instance_config
from dagster._core.instance.ref import InstanceRef
from dagster._core.instance.types import InstanceType
from dagster._core.launcher import LaunchRunContext
from dagster._core.storage.dagster_run import DagsterRunStatus
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.runs import InMemoryRunStorage
from dagster._core.test_utils import create_run_for_test, instance_for_test
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_aws.ecs import EcsRunLauncher, launcher
from dagster_postgres.storage import DagsterPostgresStorage
from dagster_postgres.utils import pg_url_from_config

from lottery_assets_tests import countries
from lottery_assets_tests.conftest import ROOT

LIMIT = 8192
"""Characters of a task's overrides that ECS takes, JSON and all."""
WRITABLE = "/tmp/"  # noqa: S108 - the image's own
PASSWORD = "not-in-any-override"
LONG = "the_united_kingdom_of_great_britain_and_northern_ireland"


@pytest.fixture
def home(tmp_path) -> str:
    """A folder with the file, as the image has one."""
    shutil.copy(ROOT / "deploy" / "dagster.yaml", tmp_path / "dagster.yaml")
    return str(tmp_path)


@pytest.fixture
def environment(aws, monkeypatch) -> None:
    """What the template sets."""
    for name, value in {
        "DAGSTER_POSTGRES_HOST": "lottery.abc.eu-west-1.rds.amazonaws.com",
        "DAGSTER_POSTGRES_PORT": "5432",
        "DAGSTER_POSTGRES_DB": "dagster",
        "DAGSTER_POSTGRES_USER": "dagster",
        "DAGSTER_POSTGRES_PASSWORD": PASSWORD,
        "DAGSTER_RUN_TASK_DEFINITION": run_task_definition(),
        "DAGSTER_LOG_BUCKET": "lottery-logs",
        "AWS_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)


def run_task_definition() -> str:
    ecs = boto3.client("ecs")
    ecs.create_cluster(clusterName="lottery")
    run = {"name": "run", "image": "lottery@sha256:1", "memory": 4096}
    made = ecs.register_task_definition(family="lottery-run", containerDefinitions=[run])
    return made["taskDefinition"]["taskDefinitionArn"]


def settings(home: str) -> dict[str, Any]:
    config, _ = dagster_instance_config(home)
    return dict(config)


@pytest.fixture
def instance(home, environment) -> Iterator[dg.DagsterInstance]:
    """That of the file, except that runs are kept in memory: no Postgres is there."""
    ref = InstanceRef.from_dir(home)
    with dg.DagsterInstance(
        instance_type=InstanceType.PERSISTENT,
        local_artifact_storage=ref.local_artifact_storage,
        run_storage=InMemoryRunStorage(),
        event_storage=InMemoryEventLogStorage(),
        compute_log_manager=ref.compute_log_manager,
        run_coordinator=ref.run_coordinator,
        run_launcher=ref.run_launcher,
        settings=ref.settings,
        ref=ref,
    ) as its:
        yield its


def test_dagster_takes_the_file(home):
    assert settings(home)["telemetry"] == {"enabled": False}


def test_postgres_is_reached_over_tls_with_what_the_environment_names(home, environment):
    schema = resolve_to_config_type(DagsterPostgresStorage.config_type())
    processed = process_config(schema, settings(home)["storage"]["postgres"])
    assert processed.success, processed.errors
    assert pg_url_from_config(processed.value) == (
        f"postgresql://dagster:{PASSWORD}@lottery.abc.eu-west-1.rds.amazonaws.com:5432/dagster?sslmode=verify-full"
    )


def test_runs_start_from_the_revision_that_the_stack_made(instance):
    assert isinstance(instance.run_launcher, EcsRunLauncher)
    assert instance.run_launcher.task_definition.endswith("task-definition/lottery-run:1")
    assert instance.run_launcher.container_name == "run"
    assert instance.run_launcher.secrets_tags == []


def test_compute_logs_go_to_the_bucket(instance):
    manager = instance.compute_log_manager
    assert type(manager).__name__ == "S3ComputeLogManager"
    assert manager._s3_bucket == "lottery-logs"


def test_whatever_is_written_is_written_below_tmp(home):
    config = settings(home)
    assert config["local_artifact_storage"]["config"]["base_dir"].startswith(WRITABLE)
    assert config["compute_logs"]["config"]["local_dir"].startswith(WRITABLE)


def test_a_crashed_worker_is_retried_twice_and_a_failed_decision_never(instance):
    crashed = create_run_for_test(instance, status=DagsterRunStatus.FAILURE)
    assert auto_reexecution_should_retry_run(instance, crashed, RunFailureReason.RUN_EXCEPTION)
    assert auto_reexecution_should_retry_run(instance, crashed, None)
    assert not auto_reexecution_should_retry_run(instance, crashed, RunFailureReason.STEP_FAILURE)
    assert instance.run_retries_max_retries == 2


def test_a_worker_that_dies_is_noticed(instance):
    assert instance.run_monitoring_enabled
    assert instance.run_launcher.supports_check_run_worker_health
    assert instance.run_monitoring_max_resume_run_attempts == 0


@pytest.fixture
def overrides(instance, tmp_path, monkeypatch) -> dict[str, Any]:
    """What ECS was given for a run of a country with a long name, launched from the workspace of the image."""
    configs = tmp_path / "configs"
    configs.mkdir()
    (configs / f"{LONG}.yaml").write_text(yaml.safe_dump(countries.settings(country_name=LONG)))
    monkeypatch.setenv("LOTTERY_CONFIGS", str(configs))
    network = {"cluster": "lottery", "launchType": "FARGATE"}  # copied from the daemon's own task, which is not here
    monkeypatch.setattr(launcher, "get_current_ecs_task_metadata", Mock)
    monkeypatch.setattr(launcher, "get_current_ecs_task", Mock())
    monkeypatch.setattr(launcher, "get_task_kwargs_from_current_task", lambda *_: network)
    target = WorkspaceFileTarget([str(ROOT / "workspace.yaml")])
    with instance_for_test() as laptop, WorkspaceProcessContext(laptop, target) as process:
        workspace = process.create_request_context()
        job = (
            workspace.get_code_location("lottery")
            .get_repository("__repository__")
            .get_full_job("weekly_recommendation")
        )
        run = create_run_for_test(
            instance,
            job_name=job.name,
            remote_job_origin=job.get_remote_origin(),
            job_code_origin=job.get_python_origin(),
            tags={"dagster/partition": LONG, "country": LONG, "week": "2026-08-24"},
        )
        instance.run_launcher.launch_run(LaunchRunContext(dagster_run=run, workspace=workspace))
    ecs = boto3.client("ecs")
    [task] = ecs.describe_tasks(cluster="lottery", tasks=ecs.list_tasks(cluster="lottery")["taskArns"])["tasks"]
    return task["overrides"]


def test_a_run_fits_into_the_overrides_of_its_task_and_carries_no_secret(overrides):
    [container] = overrides["containerOverrides"]
    assert container["name"] == "run"
    assert container["command"][:3] == ["dagster", "api", "execute_run"]
    text = json.dumps(overrides)
    assert len(text) < 0.75 * LIMIT, (
        "deploy/dagster.yaml has grown: every run carries it, and ECS takes 8,192 characters"
    )
    assert PASSWORD not in text


def test_the_environment_that_the_file_needs_is_the_templates(home):
    named = set()

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            named.update([node["env"]] if set(node) == {"env"} else [])
            [walk(its) for its in node.values()]
        elif isinstance(node, list):
            [walk(its) for its in node]

    walk(yaml.safe_load(Path(home, "dagster.yaml").read_text()))
    assert named == {
        *(f"DAGSTER_POSTGRES_{part}" for part in ("HOST", "PORT", "DB", "USER", "PASSWORD")),
        "DAGSTER_RUN_TASK_DEFINITION",
        "DAGSTER_LOG_BUCKET",
        "AWS_REGION",
    }
