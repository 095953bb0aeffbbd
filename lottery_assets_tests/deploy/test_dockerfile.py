"""What must hold of the image, read from the Dockerfile; `make image` builds it and sees it happen."""

import json
import re
from io import BytesIO

import pytest
import yaml
from dockerfile_parse import DockerfileParser

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.linters import findings

RUN_FROM_LOCK = "install --no-cache-dir --no-deps --require-hashes --requirement requirements/run.txt"
BASE = re.compile(r"docker\.io/library/python:3\.\d+\.\d+-slim-bookworm(@sha256:[0-9a-f]{64})?")


@pytest.fixture(scope="module")
def dockerfile() -> DockerfileParser:
    return DockerfileParser(fileobj=BytesIO((ROOT / "Dockerfile").read_bytes()))


@pytest.fixture(scope="module")
def last_stage(dockerfile) -> list[tuple[str, str]]:
    """Instructions of the stage that becomes the image."""
    steps = [(step["instruction"], step["value"]) for step in dockerfile.structure]
    start = max(at for at, (instruction, _) in enumerate(steps) if instruction == "FROM")
    return steps[start:]


def values(stage: list[tuple[str, str]], instruction: str) -> list[str]:
    return [value for name, value in stage if name == instruction]


def test_one_base_is_named_once_to_the_patch_release(dockerfile):
    steps = [(step["instruction"], step["value"]) for step in dockerfile.structure]
    [base] = [value for value in values(steps, "ARG") if value.startswith("BASE=")]
    assert BASE.fullmatch(base.removeprefix("BASE=")), base
    assert values(steps, "FROM") == ["${BASE} AS build", "${BASE}"]


def test_packages_come_from_the_lock_by_hash(dockerfile):
    installs = [
        step["value"] for step in dockerfile.structure if step["instruction"] == "RUN" and "pip " in step["value"]
    ]
    lock, project = installs
    assert RUN_FROM_LOCK in lock
    assert "--no-index" in project
    assert "--no-deps" in project


def test_the_image_has_no_installer_and_no_apt_run_of_its_own(last_stage):
    assert not [run for run in values(last_stage, "RUN") if "apt" in run or "pip" in run]


def test_the_role_is_the_command(dockerfile, last_stage):
    assert not [step for step in dockerfile.structure if step["instruction"] in ("ENTRYPOINT", "HEALTHCHECK")]
    [command] = values(last_stage, "CMD")
    assert json.loads(command)[:2] == ["tini", "--"]


def test_it_is_nobody_who_may_write_anywhere_but_below_tmp(last_stage):
    names = [name for name, _ in last_stage]
    assert values(last_stage, "USER") == ["10001:10001"]
    assert values(last_stage, "VOLUME") == ['["/tmp"]']
    assert "COPY" not in names[names.index("USER") :]
    assert not [copy for copy in values(last_stage, "COPY") if "--chown" in copy]


def test_it_says_which_commit_it_is(last_stage):
    assert "GIT_COMMIT" in values(last_stage, "ARG")
    [labels], [environment] = values(last_stage, "LABEL"), values(last_stage, "ENV")
    assert 'org.opencontainers.image.revision="${GIT_COMMIT}"' in labels
    assert 'org.opencontainers.image.base.name="${BASE}"' in labels
    assert "LOTTERY_GIT_COMMIT=${GIT_COMMIT}" in environment


def test_the_instance_lies_where_dagster_looks_for_it(dockerfile, last_stage):
    [environment] = values(last_stage, "ENV")
    assert "DAGSTER_HOME=/app/dagster_home" in environment
    assert any("deploy/dagster.yaml dagster_home/dagster.yaml" in step["value"] for step in dockerfile.structure)


def test_the_database_is_known_by_authorities_that_are_in_the_image(dockerfile, last_stage):
    [environment] = values(last_stage, "ENV")
    assert "PGSSLROOTCERT=/app/dagster_home/rds-ca.pem" in environment
    assert any("deploy/rds-ca.pem dagster_home/rds-ca.pem" in step["value"] for step in dockerfile.structure)


def test_only_what_the_image_is_made_of_reaches_the_builder():
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = [rule[1:] for rule in rules if rule.startswith("!")]
    assert all((ROOT / name).exists() for name in allowed)
    assert not [name for name in allowed if name.startswith((".git", ".env", "lottery_assets_tests", "artifacts"))]


def test_the_workspace_is_found_by_module_name():
    [location] = yaml.safe_load((ROOT / "workspace.yaml").read_text())["load_from"]
    assert location["python_module"]["module_name"] == "lottery_assets.definitions"


def test_hadolint_finds_nothing():
    assert findings("hadolint", "Dockerfile") == ""
