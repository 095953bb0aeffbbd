"""The record of a week that was decided on S3: its sales, models and decisions are found there again."""

import json

from typer.testing import CliRunner
from upath import UPath

from lottery_assets.cli import app
from lottery_assets_tests import countries
from lottery_assets_tests.cli.test_cli import Desk

WEEK = "2022-05-16"


def test_a_week_decided_on_s3_by_an_earlier_model_is_replayed_overridden_and_verified(tmp_path, bucket, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    configs, artifacts = ("--configs", str(Desk(tmp_path).folder / "configs")), ("--artifacts", f"{bucket}/artifacts")
    landing = UPath(f"{bucket}/landing/sales.csv")

    def lottery(*arguments: str):
        return CliRunner().invoke(app, [*arguments, *artifacts])

    def over_the_sales(*arguments: str):
        return lottery(*arguments, *configs, "--data", str(landing))

    for weeks in (70, 71):
        landing.write_text(countries.sales(weeks=weeks, seed=7).to_csv(index=False))
        assert over_the_sales("recommend", "atlantis").exit_code == 0
    assert lottery("models", "rollback", "atlantis", "--reason", "prices", "--by", "Ana Lima").exit_code == 0
    assert over_the_sales("recommend", "atlantis").exit_code == 0
    landing.write_text(countries.sales(weeks=73, seed=7).to_csv(index=False))
    result = over_the_sales("replay", "atlantis", WEEK)
    assert result.exit_code == 0, result.output
    about = ("decide", "atlantis", "--week", WEEK, "--by", "Ana", "--jackpot", "8", "--reason", "late", "--json")
    result = over_the_sales(*about)
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["file"] == f"{bucket}/artifacts/recommendations/atlantis/{WEEK}/r2/decision.json"
    whole = lottery("verify-artifacts")
    assert whole.exit_code == 0, whole.output
    sealed = json.loads(UPath(f"{bucket}/artifacts/recommendations/atlantis/{WEEK}/r2/metadata.json").read_text())
    models = UPath(f"{bucket}/artifacts/models/atlantis/versions")
    folder = next(its for its in models.iterdir() if its.name.endswith(sealed["model_version"]))
    (folder / "model.json").write_text("{}")
    assert lottery("verify-artifacts", "atlantis").exit_code == 3
