"""`lottery simulate` around the games: what it asks for, and where the answer goes."""

import json
from pathlib import Path

import boto3
import pytest
import yaml
from typer.testing import CliRunner

from lottery_assets.cli import app
from lottery_assets.report import playing
from lottery_assets_tests import countries
from lottery_assets_tests.report.test_scorecards import game


@pytest.fixture
def asked(monkeypatch) -> list:
    """Tasks that would be played; each is a game at once."""
    tasks = []

    def play(planned, *_):
        tasks.extend(planned)
        return [game(task.world, task.policy, task.seed, 90 - task.seed) for task in planned]

    monkeypatch.setattr(playing, "play_watched", play)
    return tasks


@pytest.fixture
def opened(monkeypatch) -> list[float]:
    """Cash of the worlds that would be played, as they open."""
    cash = []

    def play(planned, sources, *_):
        cash.extend(sources.maker(task.world)(task.seed).available_cash for task in planned)
        return [game(task.world, task.policy, task.seed, 90) for task in planned]

    monkeypatch.setattr(playing, "play_watched", play)
    return cash


@pytest.fixture
def secretive(aws, tmp_path) -> list[str]:
    """Arguments that name the world of a country whose cash is a secret."""
    keys = countries.settings(available_cash=None, available_cash_secret_name="lottery/atlantis/cash")
    Path(tmp_path, "atlantis.yaml").write_text(yaml.safe_dump(keys))
    countries.sales().to_csv(tmp_path / "sales.csv", index=False)
    return [
        "atlantis",
        "--policy",
        "fixed",
        "--seeds",
        "1",
        "--configs",
        str(tmp_path),
        "--data",
        f"{tmp_path}/sales.csv",
    ]


def simulate(*arguments: str):
    return CliRunner().invoke(app, ["simulate", *arguments])


def test_the_page_is_written_beside_the_table(asked, tmp_path):
    result = simulate(
        "--world", "habit", "--policy", "fixed", "--seeds", "2", "--page", str(tmp_path / "new" / "a.html")
    )
    assert result.exit_code == 0
    assert "habit" in result.stdout
    assert (tmp_path / "new" / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_with_json_the_page_leaves_standard_output_one_document(asked, tmp_path):
    result = simulate("--world", "habit", "--policy", "fixed", "--page", str(tmp_path / "a.html"), "--json")
    assert json.loads(result.stdout)["habit"]["fixed"]["seeds"] == 3
    assert (tmp_path / "a.html").exists()


def test_every_policy_plays_every_world_seed_by_seed(asked):
    simulate("--world", "habit", "--world", "season", "--policy", "fixed", "--policy", "oracle", "--first-seed", "5")
    assert [(task.seed, task.world, task.policy) for task in asked] == [
        (seed, world, policy) for seed in (5, 6, 7) for world in ("habit", "season") for policy in ("fixed", "oracle")
    ]


OTHERS = '''
class World:
    """Needs nothing but pandas."""

    def __init__(self, seed):
        import pandas as pd

        self.config = {
            "country_name": "elsewhere", "currency": "EUR", "ticket_price": 2, "prob_single_ticket_win": "1/14000000",
            "secondary_prize_payout_percentage": 0.25, "min_payout_ratio_12m": 0.1, "min_jackpot": 2, "max_jackpot": 20,
            "announcement_step": 1, "available_cash": 90, "safety_buffer": 5, "horizon_weeks": 3,
        }
        self.available_cash, self.week = 90.0, 0
        self.history = pd.DataFrame([self.play(4.0 + week % 7) for week in range(80)])

    def expected_tickets(self, jackpot):
        return 2e6 + 2.5e5 * jackpot

    def play(self, jackpot):
        import datetime

        day = datetime.date(2023, 1, 2) + datetime.timedelta(weeks=self.week)
        self.week += 1
        return {
            "country": "elsewhere", "week_start": day.isoformat(), "jackpot_announced": jackpot,
            "tickets_sold": self.expected_tickets(jackpot), "jackpot_won": int(self.week % 5 == 0),
        }

    def oracle_net_revenue(self, weeks):
        return 4.2 * weeks


def make(seed):
    return World(seed)
'''


def test_three_worlds_and_two_seeds_are_played_by_everybody(tmp_path):
    """The short form of `make scorecard`: a family, a country of the operator and somebody else's world."""
    (tmp_path / "theirs.py").write_text(OTHERS)
    theirs = f"{tmp_path}/theirs.py:make"
    arguments = ["--world", "habit", "--world", "brazil", "--world", theirs, "--seeds", "2", "--weeks", "3"]
    result = simulate(*arguments, "--artifacts", str(tmp_path), "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert list(found) == ["habit", "brazil", theirs]
    for policies in found.values():
        assert list(policies) == ["product", "first_pipeline", "fixed", "last_week", "myopic", "oracle"]
        assert {"regret", "worst_regret", "rule_violations", "cash_breaches", "net_revenue"} <= policies[
            "product"
        ].keys()
        assert policies["oracle"]["regret"] == 0
        assert {score["weeks"] for score in policies.values()} == {3}
        assert policies["product"]["seconds"] > 0
        assert policies["product"]["coverage_80"] is not None
        assert policies["first_pipeline"]["ahead_of_first_pipeline"] == 0
    assert -0.01 < found["habit"]["product"]["regret"] < 0.2
    again = json.loads(simulate(*arguments, "--artifacts", str(tmp_path), "--json").stdout)
    assert again == found  # the games that are kept, seconds and all


def test_families_need_no_configurations_and_no_sales(asked, tmp_path):
    nowhere = ["--configs", str(tmp_path / "none"), "--data", str(tmp_path / "none.csv")]
    assert simulate("--world", "habit", "--policy", "fixed", *nowhere).exit_code == 0


def test_a_country_whose_cash_is_a_secret_opens_with_it(secretive, opened):
    boto3.client("secretsmanager").create_secret(Name="lottery/atlantis/cash", SecretString="64.5")
    assert simulate(*secretive).exit_code == 0
    assert opened == [64.5]


def test_a_secret_that_cannot_be_read_is_named_and_nothing_is_played(secretive, opened):
    result = simulate(*secretive)
    assert result.exit_code == 2
    assert "the secret lottery/atlantis/cash cannot be read" in " ".join(result.stderr.split())
    assert not opened
