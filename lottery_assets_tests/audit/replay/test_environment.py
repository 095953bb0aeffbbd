"""The packages of a lock, and nothing else."""

import subprocess

import pytest

from lottery_assets.audit.replay import Refused
from lottery_assets.audit.replay.code import environment


def test_an_environment_holds_what_the_lock_holds(tmp_path):
    (tmp_path / "run.txt").write_text("")
    python = environment(tmp_path / "run.txt", "3.0.1", tmp_path / "venv")
    assert subprocess.run([python, "-c", "import sys"]).returncode == 0
    assert subprocess.run([python, "-c", "import numpy"], capture_output=True).returncode == 1


def test_packages_that_cannot_be_had_any_more_are_told_in_the_installers_words(tmp_path):
    (tmp_path / "run.txt").write_text("numpy\n")
    with pytest.raises(Refused, match=r"run\.txt: the packages of then cannot be installed:\n(.|\n)*hash"):
        environment(tmp_path / "run.txt", None, tmp_path / "venv")
