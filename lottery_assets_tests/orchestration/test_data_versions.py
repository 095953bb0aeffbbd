"""Which store has the version of the sales that a run read."""

import json
from pathlib import Path

import pytest

from lottery_assets.audit.data_versions import fetch, keep
from lottery_assets.orchestration.resources import Installation
from lottery_assets_tests.audit.test_data_versions import tracked

REMOTE = "[core]\n remote = a\n['remote \"a\"']\n url = ../store\n"


def installation(operator, **changes) -> Installation:
    return Installation.of(operator.settings.model_copy(update=changes))


@pytest.fixture
def tracked_file(operator, tmp_path) -> Path:
    return tracked(tmp_path / "repository", Path(operator.settings.data).read_bytes(), REMOTE)


def test_the_sales_of_a_record_lie_beside_it_and_metadata_says_where(operator):
    assert operator.run("atlantis").success
    [path] = operator.artifacts.glob("recommendations/atlantis/*/metadata.json")
    metadata = json.loads(path.read_text())
    assert metadata["data_remote"] == str(operator.artifacts / "data")
    assert fetch(metadata["data_version"], [metadata["data_remote"]]) == Path(operator.settings.data).read_bytes()


def test_what_the_files_own_remote_has_is_not_copied(operator, tracked_file, tmp_path):
    its = installation(operator, data=str(tracked_file))
    raw = its.sales()
    keep(raw.source, raw.data_version, str(tmp_path / "repository/store"))
    assert its.kept(raw) == str(tmp_path / "repository/store")
    assert not operator.artifacts.exists()


def test_a_version_that_nobody_pushed_is_kept_beside_the_artifacts(operator, tracked_file):
    its = installation(operator, data=str(tracked_file))
    raw = its.sales()
    store = its.kept(raw)
    assert store == str(operator.artifacts / "data")
    assert fetch(raw.data_version, [store]) == tracked_file.read_bytes()


def test_a_remote_in_the_settings_goes_before_all_others(operator, tracked_file, bucket):
    its = installation(operator, data=str(tracked_file), dvc_remote=f"{bucket}/dvc")
    raw = its.sales()
    assert its.kept(raw) == f"{bucket}/dvc"
    assert fetch(raw.data_version, [f"{bucket}/dvc"]) == tracked_file.read_bytes()


def test_nothing_is_recommended_from_a_tracked_file_that_was_changed_by_hand(operator, tracked_file):
    tracked_file.write_bytes(tracked_file.read_bytes().replace(b",1\n", b",0\n"))
    operator.settings = operator.settings.model_copy(update={"data": str(tracked_file)})
    result = operator.run("atlantis")
    assert not result.success
    [failed] = [event for event in result.all_events if event.is_step_failure]
    assert "dvc checkout --force" in failed.step_failure_data.user_failure_data.description
    assert operator.published() == []
