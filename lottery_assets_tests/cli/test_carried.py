"""A week that an earlier model decided, because people had gone back to it: decided again, and overridden, long after."""

import json
import shutil
from pathlib import Path

import pytest

from lottery_assets_tests import countries
from lottery_assets_tests.cli.test_cli import Desk

WEEK = "2024-01-29"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The fit of the week was taken back, and the one before it decided; two weeks later another fit is the newest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        its = Desk(tmp_path_factory.mktemp("desk"))
        for weeks in (159, 160):
            its.deliver(countries.sales(weeks=weeks, seed=7))
            assert its("recommend", "atlantis").exit_code == 0
        back = ("models", "rollback", "atlantis", "--reason", "prices were typed wrong", "--by", "Ana Lima")
        assert its.models(*back).exit_code == 0
        assert its("recommend", "atlantis").exit_code == 0
        its.deliver(countries.sales(weeks=162, seed=7))
        assert its("recommend", "atlantis").exit_code == 0
        yield its


def sealed(desk: Desk) -> dict:
    return json.loads((desk.folder / "artifacts/recommendations/atlantis" / WEEK / "r2/metadata.json").read_bytes())


def decide(desk: Desk, jackpot: str):
    return desk("decide", "atlantis", "--week", WEEK, "--by", "Ana", "--jackpot", jackpot, "--reason", "late", "--json")


def test_both_revisions_are_the_same_again_byte_for_byte(desk):
    assert len(sealed(desk)["challenger"]) == 64
    for revision in ("r1", "r2"):
        result = desk("replay", "atlantis", WEEK, "--revision", revision)
        assert result.exit_code == 0, result.output


def test_a_late_override_is_judged_by_the_model_that_decided(desk):
    result = decide(desk, "8")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["expected_difference"] < 0


def test_without_the_model_that_decided_nothing_is_recorded_and_it_is_named(desk, tmp_path, monkeypatch):
    version = sealed(desk)["model_version"]
    models = Path(shutil.copytree(desk.folder / "artifacts/models", tmp_path / "models"))
    shutil.rmtree(next(models.glob(f"atlantis/versions/*-{version}")))
    monkeypatch.setenv("LOTTERY_MODELS", str(models))
    result = decide(desk, "8")
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert f"model {version[:12]}, which decided the week of {WEEK}, is not among the versions kept here" in said
