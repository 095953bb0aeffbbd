"""deploy/image.sh, with stand-ins for the engines; `make image` uses a real one."""

import hashlib

import pytest

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.standin import Shell

UNPINNED = "docker.io/library/python:3.12.12-slim-bookworm"
ENGINES = ["docker", "podman", "buildah"]
SOURCE = "https://truststore.pki.rds.amazonaws.com/eu-west-1/eu-west-1-bundle.pem"
AUTHORITIES = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"


@pytest.fixture
def shell(tmp_path) -> Shell:
    dockerfile = f"ARG BASE={UNPINNED}\nFROM ${{BASE}}\n"
    scripts = {name: ROOT / name for name in ("deploy/image.sh", "deploy/rds-ca.pem")}
    return Shell(tmp_path, {"Dockerfile": dockerfile, "configs/usa.yaml": ""} | scripts, [*ENGINES, "skopeo", "curl"])


def test_where_no_builder_works_it_says_so(shell):
    for engine in ENGINES:
        shell.answer(f"{engine} info", "cannot connect", 1)
    told = shell.run("deploy/image.sh")
    assert told.returncode == 1
    assert "no docker, podman or buildah works here" in told.stderr
    assert "CI builds and checks it" in told.stderr


@pytest.mark.parametrize("engine", ENGINES)
def test_the_first_builder_that_works_is_taken(shell, engine):
    for other in ENGINES[: ENGINES.index(engine)]:
        shell.answer(f"{other} info", "cannot connect", 1)
    assert shell.run("deploy/image.sh", "build").returncode == 0
    [build] = shell.calls(f"{engine} build")
    assert f"--build-arg GIT_COMMIT={shell.git('rev-parse', 'HEAD')}" in build


def test_changes_that_are_not_committed_are_said_to_stay_out(shell):
    (shell.checkout / "configs" / "usa.yaml").write_text("edited")
    told = shell.run("deploy/image.sh", "build")
    assert "not committed; they are not in the image" in told.stderr
    [build] = shell.calls("docker build")
    assert str(shell.checkout) not in build.split("--file")[1]


@pytest.mark.parametrize(
    ("dockerfile", "authorities", "why"),
    [
        (f"ARG BASE={UNPINNED}\n", AUTHORITIES, "has no digest"),
        (f"ARG BASE={UNPINNED}@sha256:{'0' * 64}\n", "# none yet", "no authority by which a database could be known"),
    ],
    ids=["base", "authorities"],
)
def test_a_release_refuses_what_was_not_pinned(shell, dockerfile, authorities, why):
    (shell.checkout / "Dockerfile").write_text(dockerfile)
    (shell.checkout / "deploy" / "rds-ca.pem").write_text(authorities)
    shell.commit("half of it")
    told = shell.run("deploy/image.sh", "build", REQUIRE_PINS="1")
    assert told.returncode == 1
    assert f"{why}; run `deploy/image.sh pin`, commit Dockerfile" in told.stderr
    assert shell.calls("docker build") == []


def test_pin_writes_the_digest_of_what_the_registry_has_and_the_authorities_of_databases(shell):
    manifest = '{"schemaVersion": 2, "manifests": []}'
    shell.answer(f"skopeo inspect --raw docker://{UNPINNED}", manifest)
    shell.answer(f"curl --fail --silent --show-error --proto =https {SOURCE}", AUTHORITIES)
    assert shell.run("deploy/image.sh", "pin", AWS_REGION="eu-west-1").returncode == 0
    pinned = f"ARG BASE={UNPINNED}@sha256:{hashlib.sha256(manifest.encode()).hexdigest()}"
    assert (shell.checkout / "Dockerfile").read_text().splitlines()[0] == pinned
    assert (shell.checkout / "deploy" / "rds-ca.pem").read_text() == f"{AUTHORITIES}\n"
    shell.commit("of today")
    assert shell.run("deploy/image.sh", "build", REQUIRE_PINS="1").returncode == 0


@pytest.mark.parametrize("silent", ["skopeo inspect", "curl"])
def test_who_does_not_answer_leaves_the_pins_as_they_were(shell, silent):
    shell.answer("curl", AUTHORITIES)
    shell.answer(silent, "no route to host", 1)
    assert shell.run("deploy/image.sh", "pin", AWS_REGION="eu-west-1").returncode != 0
    assert shell.git("status", "--porcelain") == ""


def test_a_page_that_is_no_certificate_is_not_taken_for_one(shell):
    shell.answer("curl", "<html>Sign in to this network</html>")
    told = shell.run("deploy/image.sh", "pin", AWS_REGION="eu-west-1")
    assert "holds no certificate" in told.stderr
    assert shell.git("status", "--porcelain") == ""


def test_pin_wants_to_know_the_region(shell):
    told = shell.run("deploy/image.sh", "pin", AWS_REGION="")
    assert "AWS_REGION is missing" in told.stderr
    assert shell.calls("skopeo") == shell.calls("curl") == []


@pytest.mark.parametrize("flag", ["--read-only", "--network none", "--cap-drop ALL", "no-new-privileges"])
def test_the_check_runs_the_image_as_production_does(shell, flag):
    shell.answer("docker run", "0\n")
    told = shell.run("deploy/image.sh", "check")
    assert "does not run as user 10001" in told.stderr
    [run] = shell.calls("docker run")
    assert flag in run
