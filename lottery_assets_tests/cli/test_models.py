"""`lottery models`: listing versions, promoting one, rolling back."""

import json

import pytest
from typer.testing import CliRunner

from lottery_assets.audit.models import FolderHome
from lottery_assets.cli import app
from lottery_assets_tests.audit.models.fits import register

BY = ("--reason", "the weeks are right", "--by", "Ada")


@pytest.fixture
def home(tmp_path) -> FolderHome:
    return FolderHome(str(tmp_path / "models"))


@pytest.fixture
def models(tmp_path):
    return lambda *words: CliRunner().invoke(app, ["models", *words, "--artifacts", str(tmp_path)])


def test_versions_are_listed_with_stage_window_and_metrics(home, models):
    register(home, 1)
    refused = register(home, 2, passed=False)
    for words in ((), ("atlantis",), ("list", "atlantis")):
        result = models(*words, "--json")
        assert result.exit_code == 0
        newest, oldest = json.loads(result.stdout)["atlantis"]["versions"]
        assert (newest["version"], newest["stage"], oldest["stage"]) == (refused.version, "refused", "champion")
        assert newest["trained_until"] == "2025-01-20"
        assert newest["calibration"]["weeks"] > 0
        assert newest["verdict"]["gates"][0]["reason"] == "its bands do not hold"
    table = models("atlantis")
    assert table.exit_code == 0
    assert "champion" in table.stdout
    assert f"{refused.short} failed: its bands do not hold" in table.stdout


def test_a_promotion_and_a_rollback_are_listed_with_who_and_why(home, models):
    first = register(home, 1)
    refused = register(home, 2, passed=False)
    promoted = models("promote", "atlantis", refused.short, *BY)
    assert promoted.exit_code == 0
    assert "promote by Ada" in " ".join(promoted.stdout.split())
    assert json.loads(models("--json").stdout)["atlantis"]["champion"] == refused.version
    assert models("rollback", "atlantis", *BY).exit_code == 0
    document = json.loads(models("--json").stdout)["atlantis"]
    assert document["champion"] == first.version
    assert [its["kind"] for its in document["decisions"]] == ["promote", "rollback"]
    assert {its["reason"] for its in document["decisions"]} == {"the weeks are right"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("promote", "atlantis", "beefbeef", *BY), "beefbeef is no version"),
        (("promote", "atlantis", "01aaaaaa", "--reason", " ", "--by", "Ada"), "--reason and --by are not empty"),
        (("rollback", "atlantis", *BY), "no earlier champion"),
        (("lemuria",), "no model was kept"),
    ],
)
def test_what_cannot_be_done_is_told_on_standard_error(home, models, words, said):
    register(home, 1)
    result = models(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in " ".join(result.stderr.split())


def test_a_decision_without_a_reason_is_wrong_usage(home, models):
    register(home, 1)
    assert models("rollback", "atlantis", "--by", "Ada").exit_code == 2
    assert not home.decisions("atlantis")


def test_a_store_without_models_is_an_empty_list(models):
    result = models("--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {}
