"""`lottery replay` over the product itself: a repository with a history, and countries that share a treasury."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lottery_assets_tests import countries
from lottery_assets_tests.cli.test_cli import Desk
from lottery_assets_tests.conftest import ROOT

WEEK = "2024-01-29"


class Repository:
    """This package in a repository of its own, with one made-up country."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("lottery_assets", "requirements"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("configs", "data"):
            (folder / name).mkdir()
        (folder / "configs/atlantis.yaml").write_text(yaml.safe_dump(countries.settings()))
        (folder / ".gitignore").write_text("artifacts/\n__pycache__/\n")
        countries.sales().to_csv(folder / "data/lottery_sales.csv.gz", index=False)
        self.git("init", "-q")
        self.commit()

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], cwd=self.folder, check=True)

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "-q", "-m", "next")

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.folder / file).read_text()
        assert old in text
        (self.folder / file).write_text(text.replace(old, new))
        self.commit()

    def lottery(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-c", "from lottery_assets.cli import main; main()", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True)


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Repository:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return Repository(tmp_path)


def test_a_week_is_the_same_years_of_commits_later(repository):
    assert repository.lottery("recommend").returncode == 0
    countries.sales(weeks=161).to_csv(repository.folder / "data/lottery_sales.csv.gz", index=False)
    repository.edit("configs/atlantis.yaml", "available_cash: 80", "available_cash: 20")
    repository.edit("lottery_assets/jackpot/recommendation.py", "DIGITS = 10", "DIGITS = 4")
    refused = repository.lottery("replay", "atlantis", WEEK, "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["status"] == "refused"
    for said in ("lottery_assets/jackpot/recommendation.py", "--at-commit", "--anyway"):
        assert said in refused.stderr
    then = repository.lottery("replay", "atlantis", WEEK, "--at-commit", "--json")
    assert (then.returncode, json.loads(then.stdout)["status"]) == (0, "same")
    now = repository.lottery("replay", "atlantis", WEEK, "--anyway", "--json")
    found = json.loads(now.stdout)
    assert (now.returncode, found["status"], found["revision"]) == (3, "different", 1)
    assert [its["cause"] for its in found["causes"]] == ["code"]
    changed = {its["field"]: its for its in found["differences"]}
    assert "jackpot" not in changed
    tickets = changed["expected_tickets"]
    assert float(f"{tickets['recorded']:.4g}") == tickets["replayed"]


def test_the_answer_of_a_treasury_and_what_a_country_chose_before_it_are_the_same_again(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    desk = Desk(tmp_path)
    pool = {"countries": ["atlantis", "lemuria"], "available_cash": 18, "safety_buffer": 10}
    (tmp_path / "configs/treasury.yaml").write_text(yaml.safe_dump(pool))
    assert desk("recommend").exit_code == 0
    for revision in ("r1", "r2"):
        result = desk("replay", "lemuria", WEEK, "--revision", revision)
        assert result.exit_code == 0, result.output
        assert f"revision {revision[1:]}: the same again, byte for byte" in " ".join(result.stdout.split())


def test_a_revision_is_written_as_its_folder_is_named(tmp_path):
    result = Desk(tmp_path)("replay", "atlantis", WEEK, "--revision", "second")
    assert result.exit_code == 2
    assert "write r1 for the first" in " ".join(result.output.split())


def test_a_week_that_nobody_recommended_for_is_refused(tmp_path):
    result = Desk(tmp_path)("replay", "atlantis", WEEK)
    assert result.exit_code == 2
    assert "holds no atlantis, week of 2024-01-29" in " ".join(result.stderr.split())
