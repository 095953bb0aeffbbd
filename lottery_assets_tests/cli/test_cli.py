"""The command line as scripts see it: one JSON document, exit codes, complaints on standard error."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from lottery_assets.cli import app
from lottery_assets_tests import countries

MESSAGE = {"severity", "file", "country", "row", "key", "message"}


class Desk:
    """A folder with two countries, and `lottery` run over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "configs").mkdir()
        for name in ("atlantis", "lemuria"):
            self.configure(name)
        self.deliver(pd.concat([countries.sales(name=name, seed=7) for name in ("atlantis", "lemuria")]))

    def configure(self, name: str, **changes) -> None:
        keys = countries.settings(country_name=name, **changes)
        (self.folder / "configs" / f"{name}.yaml").write_text(yaml.safe_dump(keys))

    def deliver(self, sales: pd.DataFrame) -> None:
        sales.to_csv(self.folder / "sales.csv", index=False)

    def arguments(self) -> list[str]:
        return [
            *("--configs", str(self.folder / "configs")),
            *("--data", str(self.folder / "sales.csv")),
            *("--artifacts", str(self.folder / "artifacts")),
        ]

    def __call__(self, *arguments: str):
        return CliRunner().invoke(app, [*arguments, *self.arguments()])

    def models(self, *arguments: str):
        """Of the commands that ask for the artifacts alone."""
        return CliRunner().invoke(app, [*arguments, "--artifacts", str(self.folder / "artifacts")])


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return Desk(tmp_path)


def spoil(desk: Desk, row: int, column: str, value: str) -> None:
    rows = pd.read_csv(desk.folder / "sales.csv", dtype=str)
    rows.loc[row - 2, column] = value
    desk.deliver(rows)


def test_recommend_says_which_jackpot_and_where_the_answer_lies(desk):
    result = desk("recommend")
    assert result.exit_code == 0
    for word in ("atlantis", "lemuria", "EUR", "2024-01-29", str(desk.folder)[:20]):
        assert word in result.stdout
    assert (desk.folder / "artifacts/recommendations/lemuria/2024-01-29/recommendation.json").exists()


def test_recommend_ends_with_the_path_of_the_page_over_all_countries(desk):
    result = desk("recommend")
    path = Path(result.stdout.splitlines()[-1])
    assert path == desk.folder / "artifacts/index.html"
    for href in ("recommendations/atlantis/2024-01-29/report.html", "recommendations/lemuria/2024-01-29/report.html"):
        assert f'href="{href}"' in path.read_text()
        assert (path.parent / href).is_file()


def test_the_page_over_all_countries_tells_who_got_no_answer(desk):
    desk("recommend")
    spoil(desk, 12, "tickets_sold", "1,2 million")
    desk.configure("lemuria", min_payout_ratio_12m=0.69)
    result = desk("recommend", "--json")
    assert len(json.loads(result.stdout)) == 2
    page = (desk.folder / "artifacts/index.html").read_text()
    for said in ("faulty input", "row 12", "no recommendation", "payout_ratio_floor cannot be met"):
        assert said in page


def test_a_page_over_all_countries_that_cannot_be_written_is_told_and_nothing_else_changes(desk, monkeypatch):
    from lottery_assets.orchestration import index

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index, "write_index", full)
    result = desk("recommend", "atlantis")
    assert result.exit_code == 0
    assert "index.html could not be written" in result.stderr.replace("\n", "")
    assert "index.html" not in result.stdout
    assert (desk.folder / "artifacts/recommendations/atlantis/2024-01-29/report.html").exists()


def test_json_is_one_document_and_the_published_answer(desk):
    result = desk("recommend", "atlantis", "--json")
    [row] = json.loads(result.stdout)
    assert set(row) == {"country", "status", "reason", "recommendation"}
    assert row["status"] == "recommended"
    folder = desk.folder / "artifacts/recommendations/atlantis/2024-01-29"
    assert row["recommendation"] == json.loads((folder / "recommendation.json").read_text())


def test_a_faulty_row_leaves_the_other_country_its_answer(desk):
    spoil(desk, 12, "tickets_sold", "1,2 million")
    result = desk("recommend", "--json")
    bad, good = json.loads(result.stdout)
    assert result.exit_code == 3
    assert (bad["status"], good["status"]) == ("bad_input", "recommended")
    assert "row 12" in bad["reason"]
    assert "1,2 million" in bad["reason"]
    assert "row 12" in result.stderr
    assert "Traceback" not in result.output


def test_nobody_with_an_answer_is_2_when_the_input_is_at_fault(desk):
    spoil(desk, 12, "tickets_sold", "x")
    spoil(desk, 200, "week_start", "2024-13-01")
    result = desk("recommend", "--json")
    assert result.exit_code == 2
    assert {row["status"] for row in json.loads(result.stdout)} == {"bad_input"}
    assert "net revenue in millions" not in desk("recommend").stdout


def test_nobody_with_an_answer_is_3_when_the_rules_are_at_fault(desk):
    for name in ("atlantis", "lemuria"):
        desk.configure(name, min_payout_ratio_12m=0.69)
    result = desk("recommend", "--json")
    assert result.exit_code == 3
    for row in json.loads(result.stdout):
        assert row["status"] == "no_recommendation"
        assert row["recommendation"] is None
        assert "payout_ratio_floor cannot be met" in row["reason"]
        assert "misses by" in row["reason"]


def test_a_country_that_is_not_there_is_told_with_those_that_are(desk):
    result = desk("recommend", "atlantis", "mu", "--json")
    assert result.exit_code == 3
    [_, unknown] = json.loads(result.stdout)
    assert unknown["status"] == "bad_input"
    assert "atlantis, lemuria" in unknown["reason"]


def test_no_configurations_at_all_is_2_and_still_json(tmp_path):
    result = CliRunner().invoke(app, ["recommend", "--configs", str(tmp_path / "none"), "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout) == []
    assert str(tmp_path / "none") in result.stderr


def test_a_missing_sales_file_says_what_to_do(desk):
    (desk.folder / "sales.csv").unlink()
    result = desk("recommend", "--json")
    assert result.exit_code == 2
    assert all("sales.csv" in row["reason"] and "dvc pull" in row["reason"] for row in json.loads(result.stdout))


def test_an_earlier_week_can_be_asked_for(desk):
    result = desk("recommend", "atlantis", "--week", "2023-06-05", "--json")
    [row] = json.loads(result.stdout)
    assert row["recommendation"]["week_start"] == "2023-06-05"


def test_a_week_without_sales_before_it_is_bad_input(desk):
    result = desk("recommend", "atlantis", "--week", "2024-02-12", "--json")
    [row] = json.loads(result.stdout)
    assert result.exit_code == 2
    assert "2024-02-05" in row["reason"]


@pytest.mark.parametrize(
    "arguments", [["recommend", "--week", "soon"], ["forecast"], ["forecast", "--jackpots", "ten"], ["frobnicate"]]
)
def test_wrong_usage_is_2(desk, arguments):
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_forecast_gives_the_demand_curve_of_each_country(desk):
    result = desk("forecast", "--jackpots", "20,5,10", "--json")
    assert result.exit_code == 0
    curves = json.loads(result.stdout)
    assert set(curves) == {"atlantis", "lemuria"}
    rows = curves["atlantis"]
    assert [row["jackpot"] for row in rows] == [20, 5, 10]
    assert set(rows[0]) == {"jackpot", "mean", "lower_80", "upper_80", "lower_95", "upper_95"}
    assert rows[1]["mean"] < rows[2]["mean"] < rows[0]["mean"]
    assert rows[0]["lower_95"] < rows[0]["lower_80"] < rows[0]["mean"] < rows[0]["upper_80"] < rows[0]["upper_95"]


def test_forecast_says_on_standard_error_what_to_keep_in_mind(desk):
    result = desk("forecast", "atlantis", "--jackpots", "900", "--json")
    assert json.loads(result.stdout)["atlantis"][0]["jackpot"] == 900
    assert "jackpot 900 lies outside" in result.stderr


def test_backtest_scores_each_country_and_keeps_every_forecast(desk):
    out = desk.folder / "forecasts.csv"
    result = desk("backtest", "--weeks", "20", "--out", str(out), "--json")
    assert result.exit_code == 0, result.stderr
    scores = json.loads(result.stdout)
    assert {"weeks", "wape", "mase", "crps", "coverage_80", "coverage_95"} <= scores["atlantis"].keys()
    assert {"baseline_wape", "naive_wape", "seconds"} <= scores["atlantis"].keys()
    assert scores["lemuria"]["weeks"] == 20
    kept = pd.read_csv(out)
    assert list(kept.columns[:4]) == ["country", "week_start", "tickets_sold", "mean"]
    assert len(kept) == 40


def test_a_part_of_the_model_can_be_switched_off(desk):
    whole, without = (
        json.loads(desk("backtest", "atlantis", "--weeks", "20", "--json", *parts).stdout)["atlantis"]["wape"]
        for parts in ((), ("--without", "season", "--without", "curvature"))
    )
    assert whole != without
    wrong = desk("backtest", "--without", "moon")
    assert wrong.exit_code == 2
    assert "moon: no part of the recipe" in wrong.stderr


def test_backtest_decides_past_weeks_again_when_asked(desk):
    plain, judged = desk.folder / "plain.csv", desk.folder / "judged.csv"
    without = json.loads(desk("backtest", "--weeks", "4", "--out", str(plain), "--json").stdout)
    result = desk("backtest", "--weeks", "4", "--decisions", "--out", str(judged), "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    for name, scores in without.items():
        assert "decisions" not in scores
        decisions = document[name].pop("decisions")
        assert document[name].keys() == scores.keys()
        assert decisions["weeks"] + sum(decisions["left_out"].values()) == 4
        assert decisions["doubly_robust"]["difference"] is None
        assert "history cannot say" in decisions["doubly_robust"]["says"]
    old, new = pd.read_csv(plain), pd.read_csv(judged)
    pd.testing.assert_frame_equal(new[old.columns], old)
    assert list(new.columns[: len(old.columns)]) == list(old.columns)
    added = ["recommended_jackpot", "announced_jackpot", "model_difference", "near"]
    assert set(added) <= set(new.columns) - set(old.columns)
    table = desk("backtest", "atlantis", "--weeks", "2", "--decisions").stdout
    assert "One week ahead" in table
    assert "no figure here is what would have been earned" in " ".join(table.split())


def test_decisions_are_made_by_the_whole_model(desk):
    wrong = desk("backtest", "--decisions", "--without", "season")
    assert wrong.exit_code == 2
    assert "whole model" in wrong.stderr


def test_priors_are_renewed_from_the_countries_at_hand(desk):
    out = desk.folder / "priors.json"
    arguments = [a for a in desk.arguments() if "artifacts" not in a]
    result = CliRunner().invoke(app, ["priors", "--out", str(out), *arguments])
    assert result.exit_code == 0, result.stderr
    assert set(json.loads(out.read_text())) == {"atlantis", "lemuria"}


def test_a_jackpot_below_zero_is_refused(desk):
    result = desk("forecast", "--jackpots", "10,-5", "--json")
    assert result.exit_code == 2
    assert "positive" in result.stderr


def test_validate_says_everything_at_once(desk):
    desk.configure("atlantis", currency="euro", ticket_price=-1)
    desk.configure("mu", secondary_prize_payout_percentage=12)
    spoil(desk, 200, "tickets_sold", "x")
    spoil(desk, 210, "week_start", "2023-01-03")
    result = desk("validate", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 2
    assert all(set(complaint) == MESSAGE for complaint in found)
    errors = {(c["country"], c["key"]) for c in found if c["severity"] == "error"}
    assert errors >= {
        ("atlantis", "currency"),
        ("atlantis", "ticket_price"),
        ("mu", "secondary_prize_payout_percentage"),
        ("lemuria", "tickets_sold"),
        ("lemuria", "week_start"),
    }
    assert {c["row"] for c in found if c["country"] == "lemuria"} >= {200, 210}


def test_validate_is_0_when_all_is_well_and_3_when_some_is(desk):
    assert desk("validate", "--json").exit_code == 0
    desk.configure("atlantis", currency="euro")
    assert desk("validate").exit_code == 3


def test_validate_warns_of_a_gap_with_its_row(desk):
    rows = countries.sales(name="atlantis", seed=7).drop(index=[50, 51])
    desk.deliver(pd.concat([rows, countries.sales(name="lemuria", seed=8)]))
    result = desk("validate", "atlantis", "--json")
    assert result.exit_code == 0
    [warning] = json.loads(result.stdout)
    assert warning["severity"] == "warning"
    assert warning["row"] in (51, 52)


def test_a_secret_that_cannot_be_read_is_bad_input_and_named(desk, aws):
    desk.configure("atlantis", available_cash=None, available_cash_secret_name="lottery/atlantis")
    result = desk("recommend", "--json")
    assert result.exit_code == 3
    assert "lottery/atlantis" in json.loads(result.stdout)[0]["reason"]


def test_the_installed_command_keeps_standard_output_clean(desk):
    """As a process of its own, with everything that Dagster would like to log."""
    command = [str(Path(sys.executable).parent / "lottery"), "recommend", "atlantis", "--json", *desk.arguments()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=desk.folder)
    assert len(json.loads(done.stdout)) == 1
    assert done.stderr == ""


def test_explain_says_why_and_publishes_nothing(desk):
    desk.configure("atlantis", horizon_weeks=4, max_step_up=0.5)
    result = desk("explain", "atlantis")
    assert result.exit_code == 0
    for words in (
        "earns the most over the next 4 weeks",
        "Rules in the coming week",
        "step_up",
        "Next best",
        "Plan",
        "stays the same",
    ):
        assert words in result.stdout
    assert "lemuria" not in result.stdout
    assert not (desk.folder / "artifacts").exists()


def test_what_explain_says_is_what_is_published(desk):
    desk.configure("atlantis", horizon_weeks=4)
    [told] = json.loads(desk("explain", "atlantis", "--json").stdout)
    desk("recommend", "atlantis")
    folder = desk.folder / "artifacts/recommendations/atlantis/2024-01-29"
    assert told["recommendation"] == json.loads((folder / "recommendation.json").read_bytes())
    assert set(told["recommendation"]["reasons"]) == {"sentence", "one_week_jackpot", "prices", "unmoved"}


def test_explain_tells_the_way_out_where_there_is_no_jackpot(desk):
    desk.configure("atlantis", horizon_weeks=4, min_payout_ratio_12m=0.69, max_payout_ratio_12m=0.75)
    result = desk("explain", "atlantis")
    assert result.exit_code == 3
    assert "no recommendation" in result.stdout
    assert "the plan that breaks least, to be signed by people" in result.stdout.replace("\n", " ")


def test_a_plan_of_which_too_little_is_proven_is_no_recommendation_and_not_a_bug(desk, monkeypatch):
    from lottery_assets.jackpot import planning
    from lottery_assets.jackpot.bounds import bound

    def loose(horizon, path, merit, risk):
        found = bound(horizon, path, merit, risk)
        return found._replace(report=replace(found.report, gap=0.2, status="feasible"))

    monkeypatch.setattr(planning, "bound", loose)
    desk.configure("atlantis", horizon_weeks=4)
    result = desk("recommend", "atlantis", "--json")
    [row] = json.loads(result.stdout)
    assert result.exit_code == 3
    assert row["status"] == "no_recommendation"
    assert "another might earn 20.0% more" in row["reason"]
    assert not (desk.folder / "artifacts/recommendations").exists()


@pytest.mark.parametrize("weeks", [8, 13, 27])
def test_a_country_with_few_weeks_is_served(desk, weeks):
    desk.configure("atlantis", horizon_weeks=3)
    desk.deliver(countries.sales(weeks=weeks))
    result = desk("recommend", "atlantis", "--json")
    assert result.exit_code == 0
    assert {"few_weeks"} <= {warning["code"] for warning in json.loads(result.stdout)[0]["recommendation"]["warnings"]}
