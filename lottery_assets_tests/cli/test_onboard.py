"""From the rows of a new country to its first recommendation, as the README has it."""

import json
import re
import shlex

import pytest
import yaml
from typer.testing import CliRunner

from lottery_assets.cli import app
from lottery_assets_tests import countries
from lottery_assets_tests.conftest import ROOT

ANSWERED = ["--currency", "EUR", "--odds", "1/14000000", "--secondary", "0.25", "--floor", "0.3"]
TREASURY = ["--cash", "80", "--buffer", "10"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    countries.sales(weeks=60).to_csv("rows.csv", index=False)
    return tmp_path


def onboard(*arguments: str):
    return CliRunner().invoke(app, ["onboard", "atlantis", "--data", "rows.csv", *arguments])


def test_the_readme_followed_literally_leads_from_two_years_of_a_game_to_its_first_recommendation(folder, real_sales):
    """South Africa under another name, cut to its last 104 weeks."""
    section = (ROOT / "README.md").read_text().split("## Add a country\n")[1].split("\n## ")[0]
    commands = re.findall(r"^ *(lottery onboard .*)$", section, flags=re.MULTILINE)
    answers = yaml.safe_load(section.split("```yaml\n")[1].split("```")[0])
    country, file = re.findall(r"lottery onboard (\w+) --data (\S+)", section)[0]
    two_years = real_sales[real_sales["country"] == "south_africa"].tail(104)
    two_years.assign(country=country).to_csv(file, index=False)

    asked = CliRunner().invoke(app, shlex.split(commands[0])[1:])
    assert asked.exit_code == 0, asked.output
    config = folder / "configs" / f"{country}.yaml"
    text = config.read_text()
    for key, value in answers.items():
        assert f"# {key}: ?" in text
        text = text.replace(f"# {key}: ?", f"{key}: {value}")
    config.write_text(text)

    served = CliRunner().invoke(app, shlex.split(commands[1])[1:])
    assert served.exit_code == 0, served.output
    assert "Jackpot to announce" in served.stdout
    assert "One week ahead" in served.stdout
    [record] = folder.glob(f"artifacts/recommendations/{country}/*/recommendation.json")
    assert json.loads(record.read_bytes())["currency"] == answers["currency"]


def test_the_first_call_proposes_and_asks(folder):
    result = onboard("--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["status"], found["written"]) == (0, "questions", True)
    asked = {question["key"]: question for question in found["questions"]}
    assert "prob_single_ticket_win" in asked
    assert "falls in 60 weeks" in asked["prob_single_ticket_win"]["suggested"]
    assert "few_weeks" in {caution["code"] for caution in found["limits"]}
    assert not (folder / "artifacts").exists()


def test_open_questions_leave_a_second_call_without_an_answer(folder):
    onboard(*ANSWERED)
    before = (folder / "configs" / "atlantis.yaml").read_bytes()
    result = onboard("--json")
    assert result.exit_code == 2
    assert {q["key"] for q in json.loads(result.stdout)["questions"]} == {"available_cash", "safety_buffer"}
    assert (folder / "configs" / "atlantis.yaml").read_bytes() == before


def test_answers_given_at_once_lead_straight_to_recommendation_and_back_test(folder):
    result = onboard(*ANSWERED, *TREASURY, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["status"]) == (0, "recommended"), result.stderr
    assert found["recommendation"]["country"] == "atlantis"
    assert found["backtest"]["weeks"] == 52


def test_answers_to_a_file_that_is_there_belong_into_the_file(folder):
    onboard(*ANSWERED)
    result = onboard("--cash", "80")
    assert result.exit_code == 2
    assert "`available_cash: 80`" in " ".join(result.stderr.split())


def test_rules_that_no_jackpot_keeps_are_3_and_faulty_rows_are_2(folder):
    assert onboard(*ANSWERED[:-1], "0.69", *TREASURY).exit_code == 3
    rows = countries.sales(weeks=60).astype({"week_start": object})
    rows.loc[3, "week_start"] = "2021-01-26"
    rows.to_csv("rows.csv", index=False)
    result = onboard("--json")
    assert result.exit_code == 2
    assert "row 5" in json.loads(result.stdout)["reason"]


@pytest.mark.parametrize("name", ["treasury", "../atlantis", "lemuria"])
def test_a_name_that_is_none_or_has_no_rows_writes_nothing(folder, name):
    result = CliRunner().invoke(app, ["onboard", name, "--data", "rows.csv"])
    assert result.exit_code == 2
    assert not (folder / "configs").exists()
