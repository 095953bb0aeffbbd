"""`lottery verify-artifacts` as scripts see it."""

import json

import yaml
from typer.testing import CliRunner

from lottery_assets.cli import app
from lottery_assets_tests import countries
from lottery_assets_tests.audit.records import record
from lottery_assets_tests.audit.test_data_versions import tracked


def lottery(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_a_whole_store_is_exit_code_0(tmp_path):
    record(tmp_path)
    result = lottery("verify-artifacts", "--artifacts", str(tmp_path))
    assert result.exit_code == 0
    assert "1 record read, nothing to report" in result.stdout


def test_what_was_changed_is_exit_code_3_and_one_document(tmp_path):
    (record(tmp_path).folder / "report.html").write_bytes(b"other")
    result = lottery("verify-artifacts", "brazil", "--artifacts", str(tmp_path), "--json")
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    [finding] = told.pop("findings")
    assert told == {"artifacts": str(tmp_path), "records": 1}
    assert {key: finding[key] for key in ("kind", "country", "week_start", "file")} == {
        "kind": "changed",
        "country": "brazil",
        "week_start": "2026-09-07",
        "file": "recommendations/brazil/2026-09-07/report.html",
    }
    assert "SHA-256" in lottery("verify-artifacts", "--artifacts", str(tmp_path)).stdout


def test_no_store_is_a_usage_error_with_the_remedy(tmp_path):
    result = lottery("verify-artifacts", "--artifacts", str(tmp_path / "nowhere"), "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--artifacts" in result.stderr


def test_validate_names_a_tracked_file_that_was_changed_by_hand(tmp_path):
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs/atlantis.yaml").write_text(yaml.safe_dump(countries.settings()))
    file = tracked(tmp_path, countries.sales().to_csv(index=False).encode())
    where = ("--configs", str(tmp_path / "configs"), "--data", str(file))
    assert lottery("validate", *where).exit_code == 0
    file.write_bytes(file.read_bytes() + b"\n")
    result = lottery("validate", "--json", *where)
    assert result.exit_code == 2
    assert any("was changed by hand" in complaint["message"] for complaint in json.loads(result.stdout))
