"""Pages that come of a run: each beside its record, and one over all countries that no recommendation depends on."""

import json
from pathlib import Path

import pandas as pd
import pytest

from lottery_assets.orchestration import index
from lottery_assets_tests.report.parsed import parse

WEEK = "2024-01-29"


def rows(operator) -> dict[str, list[str]]:
    page = parse((operator.artifacts / "index.html").read_text())
    return {row.one("th").text: row for row in page.one("tbody").all("tr")}


def folder(operator, country: str) -> Path:
    return operator.artifacts / "recommendations" / country / WEEK


def test_the_page_is_that_of_the_record_and_names_its_provenance(operator):
    result = operator.run("atlantis")
    page = parse((folder(operator, "atlantis") / "report.html").read_text())
    record = json.loads((folder(operator, "atlantis") / "recommendation.json").read_text())
    metadata = json.loads((folder(operator, "atlantis") / "metadata.json").read_text())
    data = json.loads("".join(page.one("script", id="curve-data").pieces))
    assert data["points"][data["chosen"]]["jackpot"] == f"EUR {record['jackpot']:g} million"
    provenance = page.one("dl", id="provenance").text
    for known in (
        result.run_id,
        metadata["recommendation_sha256"],
        metadata["data_version"],
        metadata["config_sha256"],
    ):
        assert known in provenance
    shown = result.asset_materializations_for_node("jackpot_recommendation")[0].metadata
    assert shown["page"].value == str(folder(operator, "atlantis") / "report.html")


def test_the_index_has_every_configured_country_and_leads_to_pages_that_are_there(operator):
    operator.run("atlantis")
    found = rows(operator)
    assert set(found) == {"atlantis", "lemuria"}
    assert found["lemuria"].one("b").text == "none yet"
    assert found["atlantis"].one("b").text == "overdue"
    assert (operator.artifacts / found["atlantis"].one("a").attributes["href"]).is_file()
    operator.run("lemuria")
    assert (operator.artifacts / rows(operator)["lemuria"].one("a").attributes["href"]).is_file()


def test_a_revision_takes_the_place_of_the_first_in_the_index(operator):
    operator.run("atlantis")
    operator.configure("atlantis", available_cash=20)
    operator.run("atlantis")
    assert rows(operator)["atlantis"].one("a").attributes["href"] == f"recommendations/atlantis/{WEEK}/r2/report.html"


def test_a_faulty_configuration_is_told_in_the_index_of_the_others(operator):
    operator.configure("atlantis", secondary_prize_payout_percentage=12)
    operator.run("lemuria")
    atlantis = rows(operator)["atlantis"]
    assert atlantis.one("b").text == "faulty input"
    assert "0.12" in atlantis.text


def test_a_country_taken_out_of_the_configuration_keeps_its_row(operator):
    operator.run("atlantis")
    Path(operator.settings.configs, "atlantis.yaml").unlink()
    operator.run("lemuria")
    assert "not configured any more" in rows(operator)["atlantis"].text


@pytest.mark.parametrize("content", ["{", "{}", "\udcff"])
def test_a_record_that_cannot_be_read_stops_neither_page_nor_run(operator, content):
    operator.run("atlantis")
    record = folder(operator, "atlantis") / "recommendation.json"
    record.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert operator.run("lemuria").success
    atlantis = rows(operator)["atlantis"]
    assert atlantis.one("b").text == "unreadable"
    assert WEEK in atlantis.text


def test_a_record_without_its_document_takes_the_page_from_nobody(operator):
    operator.run("atlantis")
    (folder(operator, "atlantis") / "recommendation.json").unlink()
    operator.run("lemuria")
    found = rows(operator)
    assert found["atlantis"].one("b").text == "unreadable"
    assert found["lemuria"].one("b").text == "overdue"


@pytest.mark.parametrize("content", [b"", b"PAR1", None])
def test_stored_sales_that_cannot_be_read_cost_a_row_its_small_line_alone(operator, content):
    operator.run("atlantis")
    stored = operator.artifacts / "raw_sales" / "atlantis.parquet"
    if content is None:
        pd.DataFrame({"country": ["atlantis"]}).to_parquet(stored)
    else:
        stored.write_bytes(content)
    operator.run("lemuria")
    found = rows(operator)
    jackpot = operator.recommended("atlantis", "2024-01-29")
    assert found["atlantis"].one("td", class_="jackpot").text == f"EUR {jackpot:g} million"
    assert "26 jackpots announced" in found["lemuria"].one("svg").attributes["aria-label"]


def test_an_index_that_cannot_be_written_loses_no_recommendation(operator, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index, "write_index", full)
    assert operator.run("atlantis").success
    assert (folder(operator, "atlantis") / "report.html").exists()
    assert not (operator.artifacts / "index.html").exists()


def test_on_s3_pages_lie_where_they_lie_in_a_folder(operator, bucket):
    import boto3

    operator.settings = operator.settings.model_copy(update={"artifacts": f"{bucket}/artifacts"})
    assert operator.run("atlantis").success
    s3 = boto3.client("s3")
    overview = s3.get_object(Bucket="lottery", Key="artifacts/index.html")
    href = parse(overview["Body"].read().decode()).one("tbody").one("a").attributes["href"]
    report = s3.get_object(Bucket="lottery", Key=f"artifacts/{href}")
    assert "jackpot to announce" in parse(report["Body"].read().decode()).one("h1").text
    assert overview["ContentType"] == report["ContentType"] == "text/html"
