"""`lottery decide` where nothing was recommended: no jackpot keeps the rules, or the treasury has no answer."""

import json

import pytest
import yaml

from lottery_assets_tests.cli.test_cli import Desk

WEEK = "2024-01-29"


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Desk:
    """No jackpot of atlantis is covered by its cash."""
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    its = Desk(tmp_path)
    its.configure("atlantis", available_cash=11)
    return its


def announce(desk: Desk, *arguments: str, country: str = "atlantis"):
    about = ("--week", WEEK, "--by", "Ana Lima", "--reason", "the way out", "--json")
    return desk("decide", country, *about, *arguments)


def test_what_is_announced_all_the_same_is_recorded_despite_the_rules_alone(desk):
    assert desk("recommend", "atlantis").exit_code == 3
    refused = announce(desk, "--jackpot", "2")
    assert refused.exit_code == 3
    said = " ".join(refused.stderr.split())
    for word in ("nothing is recommended", "breaks cash_cover, cash_at_risk", "misses by", "say --despite-rules"):
        assert word in said
    told = announce(desk, "--jackpot", "2", "--despite-rules")
    assert told.exit_code == 0, told.stderr
    its = json.loads(told.stdout)
    assert (its["decision"], its["jackpot"], its["recommended_jackpot"]) == ("without_advice", 2.0, None)
    assert its["broken"] == ["cash_cover", "cash_at_risk"]
    assert "cash_cover cannot be met" in its["not_recommended"]
    assert its["file"].endswith(f"decisions/atlantis/{WEEK}/decision.json")
    assert len(its["judged_from"]["data_version"]) == 32
    assert desk.models("verify-artifacts").exit_code == 0
    page = (desk.folder / "artifacts/index.html").read_text()
    assert f"week of {WEEK}: EUR 2 million without a recommendation, by Ana Lima" in page


def test_a_second_one_follows_the_first_and_both_are_listed(desk):
    for jackpot in ("2", "3"):
        assert announce(desk, "--jackpot", jackpot, "--despite-rules").exit_code == 0
    [its] = json.loads(desk("decisions", "--json").stdout)
    assert (its["decisions"], its["decided_jackpot"], its["recommended_jackpot"]) == (2, 3.0, None)
    table = " ".join(desk("decisions").stdout.split())
    assert "none Ana Lima" in table
    assert "3 decided by Ana Lima, despite cash_cover, cash_at_risk: the way out" in table


def test_nothing_can_be_approved_and_the_way_to_record_is_told(desk):
    result = desk("decide", "atlantis", "--week", WEEK, "--by", "Ana", "--approve")
    assert result.exit_code == 2
    assert "--jackpot X --reason TEXT --despite-rules" in " ".join(result.stderr.split())


def test_where_a_jackpot_can_be_recommended_that_comes_first(desk):
    result = announce(desk, "--jackpot", "8", "--despite-rules", country="lemuria")
    assert result.exit_code == 2
    assert f"run `lottery recommend lemuria --week {WEEK}`" in " ".join(result.stderr.split())
    assert not (desk.folder / "artifacts/decisions").exists()


def test_faulty_input_is_mended_first(desk):
    desk.configure("atlantis", min_payout_ratio_12m=69)
    result = announce(desk, "--jackpot", "8", "--despite-rules")
    assert result.exit_code == 2
    assert "min_payout_ratio_12m" in result.stderr


def test_where_the_treasury_has_no_answer_what_is_announced_is_recorded_beside_the_own_choice(desk):
    desk.configure("atlantis")
    pool = {"countries": ["atlantis", "lemuria"], "available_cash": 11, "safety_buffer": 10}
    (desk.folder / "configs/treasury.yaml").write_text(yaml.safe_dump(pool))
    assert desk("recommend").exit_code == 3
    assert desk("decide", "atlantis", "--week", WEEK, "--by", "Ana", "--approve").exit_code == 2
    assert announce(desk, "--jackpot", "2").exit_code == 3
    its = json.loads(announce(desk, "--jackpot", "2", "--despite-rules").stdout)
    assert (its["decision"], its["broken"]) == ("overridden", ["treasury_cover"])
    assert "gave no answer" in its["not_recommended"]
    told = {week["country"]: week for week in json.loads(desk("decisions", "--json").stdout)}
    assert (told["atlantis"]["recommended_jackpot"], told["atlantis"]["decided_jackpot"]) == (None, 2.0)
