"""Versions of the sales are kept as DVC keeps them, and a file that DVC knows otherwise is refused."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from upath import UPath

from lottery_assets.audit.data_versions import (
    default_remote,
    fetch,
    keep,
    kept_beside,
    place_of,
    refuse_changed,
    remote_of,
    version_of,
)
from lottery_assets.complaints import BadInput

ROWS = b"country,week_start\n"


def tracked(folder: Path, content: bytes, config: str = "") -> Path:
    """A sales file that DVC tracks in this version, in a repository with this configuration."""
    (folder / ".dvc").mkdir(parents=True)
    (folder / ".dvc" / "config").write_text(config)
    file = folder / "data" / "sales.csv"
    file.parent.mkdir()
    file.write_bytes(content)
    out = {"md5": version_of(content), "size": len(content), "hash": "md5", "path": file.name}
    Path(f"{file}.dvc").write_text(yaml.safe_dump({"outs": [out]}))
    return file


def dvc(folder: Path, *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "dvc", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_dvc_itself_fetches_what_was_kept(tmp_path):
    file = tracked(tmp_path / "repository", ROWS)
    store = kept_beside(str(tmp_path / "artifacts"))
    keep(str(file), version_of(ROWS), store)
    file.unlink()
    settings = (
        f"[core]\n    no_scm = true\n    analytics = false\n    remote = kept\n['remote \"kept\"']\n    url = {store}\n"
    )
    (tmp_path / "repository/.dvc/config").write_text(settings)
    dvc(tmp_path / "repository", "pull", "--quiet")
    assert file.read_bytes() == ROWS


def test_a_landing_object_on_s3_is_kept_and_found_again(bucket):
    landing = f"{bucket}/landing/sales.csv"
    UPath(landing).write_bytes(ROWS)
    version, store = version_of(ROWS), kept_beside(f"{bucket}/artifacts")
    keep(landing, version, store)
    UPath(landing).write_bytes(b"next week")
    assert str(place_of(store, version)) == f"{bucket}/artifacts/data/files/md5/{version[:2]}/{version[2:]}"
    assert fetch(version, ["s3://no-such-bucket", store]) == ROWS


def test_a_file_that_changes_while_it_is_read_is_not_kept_under_a_wrong_name(tmp_path):
    (tmp_path / "sales.csv").write_bytes(b"new")
    with pytest.raises(BadInput, match="changed while it was read"):
        keep(str(tmp_path / "sales.csv"), version_of(b"old"), str(tmp_path / "store"))
    assert not (tmp_path / "store").exists()


def test_a_damaged_copy_is_no_version_and_is_kept_anew(tmp_path):
    (tmp_path / "sales.csv").write_bytes(ROWS)
    version, store = version_of(ROWS), str(tmp_path / "store")
    keep(str(tmp_path / "sales.csv"), version, store)
    place_of(store, version).chmod(0o644)
    place_of(store, version).write_bytes(b"torn")
    assert fetch(version, [store]) is None
    keep(str(tmp_path / "sales.csv"), version, store)
    assert fetch(version, [store]) == ROWS


def test_a_tracked_file_that_was_changed_by_hand_is_refused_with_both_remedies(tmp_path):
    file = tracked(tmp_path, ROWS)
    refuse_changed(str(file), version_of(ROWS))
    with pytest.raises(BadInput) as caught:
        refuse_changed(str(file), version_of(b"other"))
    for said in (version_of(ROWS), version_of(b"other"), f"dvc add {file}", "dvc push", f"dvc checkout --force {file}"):
        assert said in str(caught.value)


@pytest.mark.parametrize("source", ["{}/plain.csv", "s3://landing/sales.csv"])
def test_a_file_that_dvc_does_not_track_is_taken_as_it_is(tmp_path, source):
    named = source.format(tmp_path)
    refuse_changed(named, version_of(ROWS))
    assert remote_of(named) is None


@pytest.mark.parametrize("content", ["", "outs: 3", "outs: [{md5: a}]", "a: [", "[]"])
def test_a_broken_dvc_file_is_a_complaint_and_not_taken_for_an_untracked_file(tmp_path, content):
    (tmp_path / "sales.csv.dvc").write_text(content)
    with pytest.raises(BadInput, match=r"sales\.csv\.dvc: is no file of DVC's"):
        refuse_changed(str(tmp_path / "sales.csv"), version_of(ROWS))


@pytest.mark.parametrize(
    ("config", "remote"),
    [
        ("[core]\n remote = a\n['remote \"a\"']\n url = ../store\n['remote \"b\"']\n url = /b\n", "{}/store"),
        ("[core]\n remote = a\n['remote \"a\"']\n url = s3://bucket/dvc\n", "s3://bucket/dvc"),
        ("[core]\n remote = a\n", None),
        ("", None),
        ("no section", None),
    ],
)
def test_the_default_remote_is_that_of_dvcs_configuration(tmp_path, config, remote):
    file = tracked(tmp_path, ROWS, config)
    expected = remote and remote.format(tmp_path)
    assert remote_of(str(file)) == default_remote(tmp_path / ".dvc") == expected


def test_a_local_configuration_of_dvc_goes_before_the_shared_one(tmp_path):
    file = tracked(tmp_path, ROWS, "[core]\n remote = a\n['remote \"a\"']\n url = /a\n")
    (tmp_path / ".dvc/config.local").write_text("['remote \"a\"']\n url = /mine\n")
    assert remote_of(str(file)) == "/mine"
