"""What must hold of the workflows, whoever edits them."""

import re
from typing import Any

import pytest
import yaml

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.linters import findings

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CI, DEPLOY = "ci.yml", "deploy.yml"


def read(name: str) -> dict[str, Any]:
    """YAML takes the key `on` for a yes."""
    document = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
    return {"on" if key is True else key: value for key, value in document.items()}


def commands(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def is_pinned(uses: str) -> bool:
    return uses.startswith("./") or bool(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", uses))


def test_there_are_two():
    assert [path.name for path in FILES] == [CI, DEPLOY]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_whatever_is_used_is_pinned_by_commit(path):
    jobs = read(path.name)["jobs"].values()
    used = [its["uses"] for job in jobs for its in (job, *job.get("steps", [])) if "uses" in its]
    assert [uses for uses in used if not is_pinned(uses)] == []


@pytest.mark.parametrize(
    ("uses", "pinned"),
    [("./.github/workflows/ci.yml", True), ("a/b@" + "0" * 40, True), ("a/b@v4", False), ("a/b@0123abc", False)],
)
def test_a_tag_or_a_short_hash_is_no_pin(uses, pinned):
    assert is_pinned(uses) is pinned


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_permitted_but_what_a_job_asks_for(path):
    workflow = read(path.name)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        may = {"contents": "read"} | ({"id-token": "write"} if "environment" in job else {})
        assert job["permissions"] == may, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_job_ends_by_itself_on_a_named_release_of_its_runner(path):
    for name, job in read(path.name)["jobs"].items():
        if "uses" not in job:
            assert job["timeout-minutes"] <= 120, name
            assert job["runs-on"] == "ubuntu-24.04", name


def test_every_push_and_pull_request_is_checked_once():
    ci, deploy = read(CI)["on"], read(DEPLOY)
    assert ci["push"] == {"branches-ignore": deploy["on"]["push"]["branches"]}
    assert ci["pull_request"] is None
    assert "workflow_call" in ci
    assert deploy["jobs"]["ci"]["uses"] == "./.github/workflows/ci.yml"
    assert all(job["needs"] == "ci" for name, job in deploy["jobs"].items() if name != "ci")


def test_ci_tests_checks_builds_the_image_plays_the_deployment_holds_the_template_to_its_rules_and_scans():
    jobs = read(CI)["jobs"]
    assert "make test" in commands(jobs["test"])
    assert "make check" in commands(jobs["check"])
    assert "make image" in commands(jobs["image"])
    assert "make e2e" in commands(jobs["deployment"])
    assert "cfn-lint" in commands(jobs["template"])
    assert "pytest lottery_assets_tests/deploy" in commands(jobs["template"])
    assert "pip-audit" in commands(jobs["scan"])
    assert "zizmor" in commands(jobs["scan"])


def test_develop_goes_to_staging_and_main_to_production():
    deploy = read(DEPLOY)
    assert deploy["on"]["push"]["branches"] == ["develop", "main"]
    assert "pull_request" not in deploy["on"]
    for name, branch in (
        ("staging", "github.ref != 'refs/heads/main'"),
        ("production", "github.ref == 'refs/heads/main'"),
    ):
        job = deploy["jobs"][name]
        assert job["environment"] == name
        assert job["if"] == branch
        assert job["env"]["ENVIRONMENT"] == name


def test_deployments_of_one_environment_wait_for_each_other_and_are_never_cut_off():
    concurrency = read(DEPLOY)["concurrency"]
    assert concurrency["cancel-in-progress"] is False
    assert "'production' || 'staging'" in concurrency["group"]


def test_staging_builds_once_and_production_builds_nothing():
    staging, production = (commands(read(DEPLOY)["jobs"][name]) for name in ("staging", "production"))
    assert re.findall(r"release\.sh (\w+)", staging) == ["image", "changes", "apply", "smoke", "passed"]
    assert re.findall(r"release\.sh (\w+)", production) == ["promote", "changes", "apply", "smoke"]
    assert "docker" not in production


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_key_is_stored_and_no_expression_is_pasted_into_a_command(path):
    assert not re.search(r"\bsecrets\.\w", path.read_text())
    assert "${{" not in "".join(commands(job) for job in read(path.name)["jobs"].values() if "steps" in job)


def test_zizmor_finds_nothing():
    assert findings("zizmor", "--offline", "--quiet", *FILES) == ""


def test_the_schema_of_workflows_is_kept():
    assert findings("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *FILES) == ""


@pytest.mark.parametrize("script", sorted((ROOT / "deploy").glob("*.sh")), ids=lambda path: path.name)
def test_shellcheck_finds_nothing(script):
    assert findings("shellcheck", script) == ""
