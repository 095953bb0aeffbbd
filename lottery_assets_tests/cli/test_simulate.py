"""`lottery simulate` around the games: what it asks for, and where the answer goes."""

import json

import pytest
from typer.testing import CliRunner

from lottery_assets.cli import app
from lottery_assets.report import playing
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
