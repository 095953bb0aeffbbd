"""`lottery recommend` where countries share a treasury: joint rows, reasons, exit codes; without the file nothing changes."""

import json
import shutil

import pandas as pd
import pytest
import yaml

from lottery_assets_tests import countries
from lottery_assets_tests.cli.test_cli import Desk

RECORD = "artifacts/recommendations/{}/2024-01-29"


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    """Three countries; atlantis and lemuria would like 5.5 million each."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    desk = Desk(tmp_path)
    desk.configure("mu")
    names = ("atlantis", "lemuria", "mu")
    desk.deliver(pd.concat([countries.sales(name=name, seed=7) for name in names], ignore_index=True))
    return desk


def share(desk: Desk, **changes) -> None:
    keys = {"countries": ["atlantis", "lemuria"], "available_cash": 18, "safety_buffer": 10} | changes
    (desk.folder / "configs" / "treasury.yaml").write_text(yaml.safe_dump(keys))


def rows(result) -> dict[str, dict]:
    return {row["country"]: row for row in json.loads(result.stdout)}


def codes(row) -> set[str]:
    return {warning["code"] for warning in row["recommendation"]["warnings"]}


def test_the_rows_of_the_pool_hold_the_joint_answer_and_the_others_their_own(desk):
    alone = rows(desk("recommend", "--json"))
    shutil.rmtree(desk.folder / "artifacts")
    share(desk)
    result = desk("recommend", "--json")
    assert result.exit_code == 0
    together = rows(result)
    assert together["mu"] == alone["mu"]
    pooled = [together["atlantis"], together["lemuria"]]
    for row in pooled:
        rule = row["recommendation"]["rules"][-1]
        assert (rule["rule"], rule["holds"], rule["binding"]) == ("treasury_cover", True, True)
        assert "treasury_pending" not in codes(row)
        own = alone[row["country"]]["recommendation"]["jackpot"]
        assert ("treasury_gave_up" in codes(row)) == (row["recommendation"]["jackpot"] != own)
        published = desk.folder / RECORD.format(row["country"]) / "r2/recommendation.json"
        assert json.loads(published.read_text()) == row["recommendation"]
    assert any("treasury_gave_up" in codes(row) for row in pooled)
    record = json.loads((desk.folder / "artifacts/treasury/2024-01-29/treasury.json").read_text())
    assert {m["country"]: m["jackpot"] for m in record["countries"]} == {
        row["country"]: row["recommendation"]["jackpot"] for row in pooled
    }


def test_a_country_asked_for_alone_is_still_decided_with_the_others(desk):
    share(desk)
    everybody = rows(desk("recommend", "--json"))
    result = desk("recommend", "lemuria", "--json")
    assert result.exit_code == 0
    assert rows(result) == {"lemuria": everybody["lemuria"]}
    assert "decided over all its countries: atlantis ran as well" in result.stderr
    assert desk("recommend", "mu", "--json").stderr == ""


def test_the_table_says_what_each_gave_up(desk):
    share(desk)
    result = desk("recommend")
    assert "by itself" in result.stdout
    assert "gives up" in " ".join(result.stdout.split())


def test_a_rerun_changes_nothing(desk):
    share(desk)
    desk("recommend")
    before = {path: path.read_bytes() for path in (desk.folder / "artifacts").rglob("re*/**/*.json")}
    assert desk("recommend").exit_code == 0
    assert {path: path.read_bytes() for path in (desk.folder / "artifacts").rglob("re*/**/*.json")} == before
    assert not (desk.folder / "artifacts/treasury/2024-01-29/r2").exists()


def test_a_pool_that_cannot_be_covered_leaves_its_countries_without_an_answer_and_says_why(desk):
    share(desk, available_cash=11)
    result = desk("recommend", "--json")
    assert result.exit_code == 3
    found = rows(result)
    assert found["mu"]["status"] == "recommended"
    for name in ("atlantis", "lemuria"):
        assert found[name]["status"] == "no_recommendation"
        assert found[name]["recommendation"] is None
        assert "treasury_cover misses by" in found[name]["reason"]


def test_a_faulty_file_stops_the_countries_it_lists(desk):
    share(desk, safety_buffer=-1)
    result = desk("recommend", "--json")
    found = rows(result)
    assert result.exit_code == 3
    assert {name: row["status"] for name, row in found.items()} == {
        "atlantis": "bad_input",
        "lemuria": "bad_input",
        "mu": "recommended",
    }
    assert "treasury.yaml: safety_buffer is -1" in found["atlantis"]["reason"]
    (desk.folder / "configs/treasury.yaml").write_text("countries: [\n")
    result = desk("recommend", "--json")
    assert result.exit_code == 2
    assert all("treasury.yaml" in row["reason"] for row in rows(result).values())


def test_validate_reports_a_faulty_file(desk):
    share(desk)
    assert desk("validate", "--json").exit_code == 0
    share(desk, countries=["thule"], max_cash_breach=5)
    result = desk("validate", "--json")
    keys = {(complaint["key"], complaint["file"].rsplit("/", 1)[-1]) for complaint in json.loads(result.stdout)}
    assert keys == {("max_cash_breach", "treasury.yaml")}
    share(desk, safety_buffer=-1)
    assert desk("validate", "--json").exit_code == 3


def test_a_country_with_a_faulty_row_is_reserved_its_largest_jackpot(desk):
    share(desk, available_cash=100)
    sales = pd.read_csv(desk.folder / "sales.csv", dtype=str)
    sales.loc[sales.index[sales["country"] == "lemuria"][5], "tickets_sold"] = "many"
    desk.deliver(sales)
    result = desk("recommend", "--json")
    found = rows(result)
    assert result.exit_code == 3
    assert found["lemuria"]["status"] == "bad_input"
    assert "many" in found["lemuria"]["reason"]
    assert "treasury_member_missing" in codes(found["atlantis"])
    record = json.loads((desk.folder / "artifacts/treasury/2024-01-29/treasury.json").read_text())
    [reserved] = record["reserved"]
    assert (reserved["country"], reserved["amount"]) == ("lemuria", 40)


def test_what_an_earlier_run_stored_of_a_country_does_not_count_once_its_run_fails(desk):
    share(desk, available_cash=100)
    desk("recommend")
    desk.configure("lemuria", min_payout_ratio_12m=0.69)
    found = rows(desk("recommend", "--json"))
    assert found["lemuria"]["status"] == "no_recommendation"
    [warning] = [w for w in found["atlantis"]["recommendation"]["warnings"] if w["code"] == "treasury_member_missing"]
    last = countries.sales(name="lemuria", seed=7)["jackpot_announced"].iloc[-1]
    assert f"EUR {last:g} million" in warning["message"]


def test_a_country_whose_file_cannot_be_read_stops_the_pool(desk):
    share(desk)
    (desk.folder / "configs" / "lemuria.yaml").write_text("currency: [\n")
    found = rows(desk("recommend", "--json"))
    assert found["lemuria"]["status"] == "bad_input"
    assert found["atlantis"]["status"] == "no_recommendation"
    assert "lemuria shares the treasury, and its configuration cannot be read" in found["atlantis"]["reason"]


def test_a_secret_of_the_pool_that_cannot_be_read_is_bad_input(desk, aws):
    share(desk, available_cash=None, available_cash_secret_name="lottery/pool")
    keys = yaml.safe_load((desk.folder / "configs/treasury.yaml").read_text())
    del keys["available_cash"]
    (desk.folder / "configs/treasury.yaml").write_text(yaml.safe_dump(keys))
    found = rows(desk("recommend", "--json"))
    assert found["atlantis"]["status"] == "bad_input"
    assert "lottery/pool" in found["atlantis"]["reason"]


def test_a_past_week_is_decided_together_too(desk):
    share(desk)
    found = rows(desk("recommend", "--week", "2023-06-05", "--json"))
    assert {row["recommendation"]["week_start"] for row in found.values()} == {"2023-06-05"}
    assert (desk.folder / "artifacts/treasury/2023-06-05/treasury.json").exists()


def test_without_the_file_everything_is_as_before(desk):
    before = rows(desk("recommend", "--json"))
    kept = {path: path.read_bytes() for path in (desk.folder / "artifacts").rglob("recommendation.json")}
    share(desk)
    desk("recommend")
    (desk.folder / "configs" / "treasury.yaml").unlink()
    assert rows(desk("recommend", "--json")) == before
    for row in before.values():
        assert not {code for code in codes(row) if code.startswith("treasury")}
        assert row["recommendation"]["rules"][-1]["rule"] != "treasury_cover"
    assert all(path.read_bytes() == content for path, content in kept.items())
