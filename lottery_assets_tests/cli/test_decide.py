"""`lottery decide`: approving, overriding, and what is refused."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner
from upath import UPath

from lottery_assets.cli import app
from lottery_assets_tests.cli.test_cli import Desk

WEEK = "2024-01-29"


@pytest.fixture(scope="module")
def recommended(tmp_path_factory) -> Path:
    """A desk with published recommendations of two countries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        folder = tmp_path_factory.mktemp("desk")
        assert Desk(folder)("recommend").exit_code == 0
    return folder


@pytest.fixture
def desk(recommended, tmp_path) -> Desk:
    shutil.copytree(recommended, tmp_path / "desk")
    its = Desk.__new__(Desk)
    its.folder = tmp_path / "desk"
    return its


def decide(desk: Desk, *arguments: str):
    return desk("decide", "atlantis", "--week", WEEK, "--by", "Ana Lima", *arguments)


def record(desk: Desk, name: str = "decision.json"):
    path = desk.folder / "artifacts/recommendations/atlantis" / WEEK / name
    return json.loads(path.read_bytes()) if path.exists() else None


def recommendation(desk: Desk):
    return record(desk, "recommendation.json")


def test_an_approval_is_recorded_with_its_name_beside_the_recommendation(desk):
    result = decide(desk, "--approve")
    assert result.exit_code == 0, result.stderr
    its = record(desk)
    assert (its["decision"], its["by"], its["jackpot"]) == ("approved", "Ana Lima", recommendation(desk)["jackpot"])
    assert its["rules"] == recommendation(desk)["rules"]
    assert "approved by Ana Lima" in result.stdout


def test_another_jackpot_is_recorded_with_reason_rules_and_cost(desk):
    lower = recommendation(desk)["jackpot"] - 1
    result = decide(desk, "--jackpot", str(lower), "--reason", "a quiet week", "--json")
    assert result.exit_code == 0, result.stderr
    its = json.loads(result.stdout)
    assert (its["status"], its["decision"], its["jackpot"]) == ("recorded", "overridden", lower)
    assert its["reason"] == "a quiet week"
    assert {rule["rule"] for rule in its["rules"]} == {rule["rule"] for rule in recommendation(desk)["rules"]}
    assert its["expected_difference"] < 0
    assert its["file"].endswith("decision.json")


def test_a_jackpot_that_breaks_a_rule_is_recorded_only_despite_it(desk):
    refused = decide(desk, "--jackpot", "100", "--reason", "a jubilee", "--json")
    assert refused.exit_code == 3
    assert json.loads(refused.stdout)["status"] == "breaks_rules"
    for word in ("jackpot_range", "cash_cover", "misses by 60", "--despite-rules"):
        assert word in refused.stderr
    assert record(desk) is None
    told = decide(desk, "--jackpot", "100", "--reason", "a jubilee", "--despite-rules")
    assert told.exit_code == 0
    assert record(desk)["despite_rules"]
    assert {"jackpot_range", "cash_cover"} <= set(record(desk)["broken"])
    assert "despite cash_cover" in told.stdout


def test_a_second_decision_leaves_the_first_as_it_was(desk):
    decide(desk, "--approve")
    first = record(desk)
    decide(desk, "--jackpot", "8", "--reason", "second thoughts")
    assert record(desk) == first
    assert record(desk, "decision-2.json")["jackpot"] == 8


def test_a_decision_does_not_break_the_seal_of_its_record(desk):
    decide(desk, "--approve")
    decide(desk, "--jackpot", "8", "--reason", "second thoughts")
    result = CliRunner().invoke(app, ["verify-artifacts", "--artifacts", str(desk.folder / "artifacts")])
    assert result.exit_code == 0, result.output


def test_the_page_over_all_countries_says_who_approved(desk):
    decide(desk, "--approve")
    assert "approved by Ana Lima" in (desk.folder / "artifacts/index.html").read_text()


def test_a_decision_can_be_made_on_inputs_of_the_week_only(desk):
    desk.configure("atlantis", available_cash=95)
    result = decide(desk, "--jackpot", "8", "--reason", "cash came in")
    assert result.exit_code == 2
    said = "".join(result.stderr.split())
    assert "cannotbechecked" in said
    assert "atlantis.yamlhaschangedsince" in said
    assert f"lotteryrecommendatlantis--week{WEEK}" in said
    assert record(desk) is None
    assert decide(desk, "--approve").exit_code == 0


def test_a_recommendation_that_was_changed_is_not_signed(desk):
    path = desk.folder / "artifacts/recommendations/atlantis" / WEEK / "recommendation.json"
    path.write_bytes(path.read_bytes().replace(b'"EUR"', b'"USD"'))
    result = decide(desk, "--approve")
    assert result.exit_code == 2
    assert "sign nothing" in result.stderr


def test_a_week_without_a_recommendation_is_told(desk):
    result = desk("decide", "atlantis", "--week", "2023-01-02", "--by", "Ana", "--approve", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["status"] == "bad_input"
    assert "lottery recommend atlantis --week 2023-01-02" in " ".join(result.stderr.split())


def test_on_s3_a_decision_is_recorded_and_listed_in_the_same_way(desk, bucket):
    for file in (desk.folder / "artifacts/recommendations/atlantis" / WEEK).iterdir():
        UPath(f"{bucket}/artifacts/recommendations/atlantis/{WEEK}/{file.name}").write_bytes(file.read_bytes())
    there = (
        "--data",
        str(desk.folder / "sales.csv"),
        "--configs",
        str(desk.folder / "configs"),
        "--artifacts",
        f"{bucket}/artifacts",
    )
    about = ("decide", "atlantis", "--week", WEEK, "--by", "Ana Lima", *there)
    assert CliRunner().invoke(app, [*about, "--approve"]).exit_code == 0
    second = CliRunner().invoke(app, [*about, "--jackpot", "8", "--reason", "x", "--json"])
    assert json.loads(second.stdout)["file"] == f"{bucket}/artifacts/recommendations/atlantis/{WEEK}/decision-2.json"
    [its] = json.loads(CliRunner().invoke(app, ["decisions", *there, "--json"]).stdout)
    assert (its["decisions"], its["decided_jackpot"]) == (2, 8.0)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--approve", "--jackpot", "8"),
        ("--jackpot", "8"),
        ("--jackpot", "8", "--reason", " "),
        ("--jackpot", "-8", "--reason", "x"),
        ("--approve", "--by", " "),
    ],
)
def test_wrong_usage_is_2_and_records_nothing(desk, arguments):
    assert decide(desk, *arguments).exit_code == 2
    assert record(desk) is None


def test_the_recommended_jackpot_is_approved_and_not_overridden(desk):
    result = decide(desk, "--jackpot", str(recommendation(desk)["jackpot"]), "--reason", "x")
    assert result.exit_code == 2
    assert "say --approve" in result.stderr


def sell(desk: Desk, jackpot: float) -> None:
    """The week's sales are in."""
    rows = pd.read_csv(desk.folder / "sales.csv")
    week = {"country": "atlantis", "week_start": WEEK, "jackpot_announced": jackpot, "tickets_sold": 2.9e6}
    desk.deliver(
        pd.concat([rows, pd.DataFrame([week | {"ticket_price": 2.0, "prizes_paid": 1.5e6, "jackpot_won": 0}])])
    )


def test_decisions_tell_what_was_recommended_decided_announced_and_what_came_of_it(desk):
    decided = json.loads(decide(desk, "--jackpot", "8", "--reason", "a quiet week", "--json").stdout)
    sell(desk, 8.0)
    result = desk("decisions", "--json")
    assert result.exit_code == 0, result.stderr
    its, other = json.loads(result.stdout)
    assert (its["recommended_jackpot"], its["announced_jackpot"]) == (recommendation(desk)["jackpot"], 8.0)
    assert (its["tickets_sold"], its["jackpot_won"], its["net_revenue"]) == (2.9e6, False, pytest.approx(4.3))
    assert its["expected_difference"] == decided["expected_difference"]
    assert (other["country"], other["by"], other["announced_jackpot"]) == ("lemuria", None, None)
    table = " ".join(desk("decisions").stdout.split())
    assert "8 decided by Ana Lima: a quiet week" in table
    assert "another jackpot than the recommended one earned EUR" in table


def test_a_jackpot_announced_without_a_decision_is_judged_by_the_model_of_its_week(desk):
    decided = json.loads(decide(desk, "--jackpot", "8", "--reason", "x", "--json").stdout)
    (desk.folder / "artifacts/recommendations/atlantis" / WEEK / "decision.json").unlink()
    sell(desk, 8.0)
    [its] = json.loads(desk("decisions", "atlantis", "--json").stdout)
    assert its["by"] is None
    assert its["expected_difference"] == decided["expected_difference"]
    assert its["difference_80"] == decided["difference_80"]


def test_decisions_stand_although_the_sales_cannot_be_read(desk):
    decide(desk, "--approve")
    (desk.folder / "sales.csv").unlink()
    result = desk("decisions", "atlantis", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["by"] == "Ana Lima"
    assert "what happened is not told" in result.stderr


def test_countries_without_a_record_are_told(desk):
    assert desk("decisions", "mu").exit_code == 2
    result = desk("decisions", "mu", "atlantis", "--json")
    assert result.exit_code == 3
    assert "holds no recommendation" in " ".join(result.stderr.split())


def test_sales_that_were_changed_by_hand_judge_nothing_and_tell_nothing(desk):
    (desk.folder / "sales.csv.dvc").write_text(f"outs:\n- md5: {'0' * 32}\n  hash: md5\n  path: sales.csv\n")
    result = decide(desk, "--jackpot", "8", "--reason", "x")
    assert result.exit_code == 2
    assert "was changed by hand" in result.stderr
    assert record(desk) is None
    told = desk("decisions", "atlantis", "--json")
    assert json.loads(told.stdout)[0]["announced_jackpot"] is None
    assert "was changed by hand" in told.stderr
