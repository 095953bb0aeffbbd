"""What a recommendation was made from."""

import subprocess
from pathlib import Path

import pytest

from lottery_assets.audit import code_of, digest


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A repository with one commit and a lock."""
    (tmp_path / "lock.txt").write_text("numpy==2\n")
    for command in (
        "git init -q .",
        "git add .",
        "git -c user.name=a -c user.email=a@b.c commit -qm first",
    ):
        subprocess.run(command.split(), cwd=tmp_path, check=True)
    return tmp_path


def test_a_clean_checkout_is_named_by_its_commit(checkout):
    code = code_of(checkout, checkout / "lock.txt")
    assert code.git_commit == subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=checkout, text=True).strip()
    assert code.git_dirty is False
    assert code.lock_sha256 == digest("numpy==2\n")
    assert code.image_digest is None


def test_an_edited_file_makes_the_code_dirty(checkout):
    (checkout / "lock.txt").write_text("numpy==3\n")
    assert code_of(checkout, checkout / "lock.txt").git_dirty is True


def test_an_untracked_file_makes_the_code_dirty(checkout):
    (checkout / "new.py").write_text("")
    assert code_of(checkout, checkout / "lock.txt").git_dirty is True


def test_an_image_without_git_takes_its_commit_from_the_settings(tmp_path):
    code = code_of(tmp_path, tmp_path / "none", git_commit="abc", image_digest="sha256:1")
    assert (code.git_commit, code.git_dirty, code.image_digest, code.lock_sha256) == ("abc", False, "sha256:1", None)


def test_a_folder_inside_somebody_elses_repository_does_not_borrow_its_commit(checkout):
    inside = checkout / "vendored"
    inside.mkdir()
    code = code_of(inside, checkout / "lock.txt")
    assert code.git_commit is None
    assert code.git_dirty is None
