"""deploy/release.sh and credentials.sh, with stand-ins for aws, docker and skopeo."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from lottery_assets_tests.audit.container import container
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.standin import Shell

STAGING, PRODUCTION = "111111111111", "222222222222"
DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
NONE = ("An error occurred (ImageNotFoundException) when calling the DescribeImages operation", 254)

pytestmark = pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed; GitHub's runners have it")


class Release(Shell):
    """The script in an account; images are told by account and kind of tag."""

    def __init__(self, folder, account: str) -> None:
        files = {
            "deploy/release.sh": ROOT / "deploy" / "release.sh",
            "deploy/image.sh": '#!/bin/sh\necho "image.sh $IMAGE pinned=$REQUIRE_PINS" >> ../bin/calls\n',
            "deploy/template.yaml": "",
            "deploy/parameters/staging.json": '[{"ParameterKey": "EnvironmentName", "ParameterValue": "staging"}]',
            "deploy/parameters/production.json": "[]",
        }
        super().__init__(folder, files, ["aws", "docker", "skopeo"])
        self.account = account
        self.answer("aws sts get-caller-identity", account)
        self.answer("aws ecr describe-images", *NONE)

    @property
    def tree(self) -> str:
        return self.git("rev-parse", "HEAD^{tree}")

    @property
    def uri(self) -> str:
        return f"{self.account}.dkr.ecr.eu-west-1.amazonaws.com/lottery@{DIGEST}"

    def has(self, account: str, kind: str, digest: str = DIGEST) -> None:
        found = f"aws ecr describe-images --registry-id {account} --repository-name lottery --image-ids imageTag={kind}-{self.tree} "
        self.answer(found, digest)

    def release(self, command: str):
        environment = "staging" if self.account == STAGING else "production"
        return self.run(
            "deploy/release.sh", command, AWS_REGION="eu-west-1", ENVIRONMENT=environment, STAGING_ACCOUNT_ID=STAGING
        )


def file_named_in(call: str) -> Path:
    return Path(call.split("file://")[1].split()[0])


@pytest.fixture
def staging(tmp_path) -> Release:
    return Release(tmp_path, STAGING)


@pytest.fixture
def production(tmp_path) -> Release:
    return Release(tmp_path, PRODUCTION)


def test_an_image_is_built_on_a_pinned_base_checked_and_pushed(staging):
    assert staging.release("image").returncode == 0
    name = f"{STAGING}.dkr.ecr.eu-west-1.amazonaws.com/lottery:tree-{staging.tree}"
    assert staging.calls("image.sh") == [f"image.sh {name} pinned=1"]
    assert staging.calls("docker push") == [f"docker push --quiet {name}"]


def test_content_that_was_built_before_is_not_built_again_whatever_its_commit(staging):
    staging.has(STAGING, "tree")
    staging.commit("a merge that changes nothing")
    assert staging.release("image").returncode == 0
    assert staging.calls("image.sh") == staging.calls("docker") == []


def test_a_registry_in_trouble_is_no_missing_image(staging):
    staging.answer("aws ecr describe-images", "AccessDeniedException", 254)
    told = staging.release("image")
    assert told.returncode == 1
    assert "AccessDeniedException" in told.stderr
    assert staging.calls("image.sh") == []


def test_production_refuses_content_that_has_not_passed_staging(production):
    production.has(STAGING, "tree")
    told = production.release("promote")
    assert told.returncode == 1
    assert "production runs what staging ran" in told.stderr
    assert production.calls("skopeo") == []


def test_production_copies_the_digest_that_passed(production):
    production.has(STAGING, "passed")
    production.release("promote")
    [copy] = production.calls("skopeo copy")
    assert "--preserve-digests" in copy
    assert f"docker://{STAGING}.dkr.ecr.eu-west-1.amazonaws.com/lottery@{DIGEST} " in copy
    assert copy.endswith(f"docker://{PRODUCTION}.dkr.ecr.eu-west-1.amazonaws.com/lottery:tree-{production.tree}")


@pytest.mark.parametrize(("its", "code"), [(DIGEST, 0), (OTHER, 1)])
def test_another_digest_than_the_one_that_passed_is_never_deployed(production, its, code):
    production.has(STAGING, "passed")
    production.has(PRODUCTION, "tree", its)
    assert production.release("promote").returncode == code


def test_a_stack_is_changed_with_the_image_by_digest_and_by_cloudformations_role(staging):
    staging.has(STAGING, "tree")
    assert staging.release("apply").returncode == 0
    [deploy] = staging.calls("aws cloudformation deploy")
    assert f"--role-arn arn:aws:iam::{STAGING}:role/lottery-cloudformation" in deploy
    parameters = json.loads(file_named_in(deploy).read_text())
    assert parameters == [
        {"ParameterKey": "EnvironmentName", "ParameterValue": "staging"},
        {"ParameterKey": "ImageUri", "ParameterValue": staging.uri},
    ]


@pytest.mark.parametrize("command", ["changes", "apply"])
def test_a_stack_is_not_changed_without_an_image(staging, command):
    told = staging.release(command)
    assert told.returncode == 1
    assert "has no image of this content" in told.stderr
    assert staging.calls("aws cloudformation") == []


def test_changes_are_shown_and_not_made(staging):
    staging.has(STAGING, "tree")
    change_set = "arn:aws:cloudformation:eu-west-1:111111111111:changeSet/awscli-1/0"
    staging.answer("aws cloudformation deploy", f"To review run: describe-change-set --change-set-name {change_set}\n")
    staging.answer("aws cloudformation describe-change-set", "| Modify | DaemonService |\n")
    told = staging.release("changes")
    assert told.returncode == 0, told.stderr
    assert "| Modify | DaemonService |" in told.stdout
    assert "--no-execute-changeset" in staging.calls("aws cloudformation deploy")[0]
    assert staging.calls("aws cloudformation delete") == [
        f"aws cloudformation delete-change-set --change-set-name {change_set}"
    ]


def test_a_failed_change_fails_and_shows_the_reasons(staging):
    staging.has(STAGING, "tree")
    staging.answer("aws cloudformation deploy", "Failed to create/update the stack", 255)
    staging.answer("aws cloudformation describe-stack-events", "DaemonService CREATE_FAILED: no such subnet")
    told = staging.release("apply")
    assert told.returncode == 1
    assert "no such subnet" in told.stdout


def tasks(image: str, health: str = "HEALTHY"):
    return {"tasks": [{"healthStatus": health, "containers": [{"image": image}]}]}


def smoke(release: Release, described):
    release.has(release.account, "tree")
    release.answer("aws cloudformation describe-stacks", "named")
    release.answer("aws ecs list-tasks", "arn:1")
    release.answer("aws ecs describe-tasks", described)
    return release.release("smoke")


def test_the_smoke_test_holds_where_services_run_this_image_and_the_ui_is_reached(staging):
    told = smoke(staging, tasks(staging.uri))
    assert told.returncode == 0, told.stderr
    assert staging.calls("aws ecs wait services-stable")
    assert staging.calls("aws elbv2 wait target-in-service --target-group-arn named")


@pytest.mark.parametrize("fault", ["another image", "unhealthy", "no task"])
def test_the_smoke_test_fails_on(staging, fault):
    described = {
        "another image": tasks(staging.uri.replace(DIGEST, OTHER)),
        "unhealthy": tasks(staging.uri, "UNHEALTHY"),
        "no task": {"tasks": []},
    }
    told = smoke(staging, described[fault])
    assert told.returncode == 1
    assert "not every task of named is healthy" in told.stderr


def test_an_ui_that_the_load_balancer_does_not_reach_fails_the_smoke_test(staging):
    staging.answer("aws elbv2 wait", "Max attempts exceeded", 255)
    assert smoke(staging, tasks(staging.uri)).returncode != 0


def test_what_passed_is_noted_on_the_very_same_manifest(staging):
    manifest = '{\n "schemaVersion": 2,\n "config": {"digest": "é"}\n}'
    digest = "sha256:" + hashlib.sha256(manifest.encode()).hexdigest()
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    image = {"imageManifest": manifest, "imageManifestMediaType": kind, "imageId": {"imageDigest": digest}}
    staging.answer("aws ecr batch-get-image", {"images": [image]})
    assert staging.release("passed").returncode == 0
    [put] = staging.calls("aws ecr put-image")
    assert f"--image-tag passed-{staging.tree} " in put
    assert f"--image-digest {digest}" in put
    assert "sha256:" + hashlib.sha256(file_named_in(put).read_bytes()).hexdigest() == digest


def test_a_workflow_has_an_hour_of_the_role_and_leaves_its_token_nowhere(tmp_path):
    shell = Shell(tmp_path, {"deploy/credentials.sh": ROOT / "deploy" / "credentials.sh"}, ["aws"])
    runner = tmp_path / "runner"
    runner.mkdir()
    key = {"AccessKeyId": "ASIA1", "SecretAccessKey": "secret+/=", "SessionToken": "session"}
    shell.answer("aws sts assume-role-with-web-identity", {"Credentials": key})
    asked: list[str] = []
    with container({"value": "eyJ.token"}, asked) as address:
        told = shell.run(
            "deploy/credentials.sh",
            RUNNER_TEMP=str(runner),
            GITHUB_ENV=str(runner / "environment"),
            GITHUB_RUN_ID="7",
            AWS_DEPLOY_ROLE=f"arn:aws:iam::{STAGING}:role/lottery-deploy",
            ACTIONS_ID_TOKEN_REQUEST_URL=f"{address}?api-version=2.0",
            ACTIONS_ID_TOKEN_REQUEST_TOKEN="of-the-runner",
        )
    assert told.returncode == 0, told.stderr
    assert asked[0].endswith("?api-version=2.0&audience=sts.amazonaws.com")
    assert "eyJ.token" not in "".join(shell.calls("aws")) + told.stdout + told.stderr
    credentials = runner / "credentials"
    assert credentials.read_text() == (
        "[default]\naws_access_key_id = ASIA1\naws_secret_access_key = secret+/=\naws_session_token = session\n"
    )
    assert credentials.stat().st_mode & 0o077 == 0
    assert (runner / "environment").read_text() == f"AWS_SHARED_CREDENTIALS_FILE={credentials}\n"
    assert not (runner / "identity").exists()
