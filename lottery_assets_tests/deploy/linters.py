"""Linters that are installed beside the interpreter, as `make` does, or lie on the path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from lottery_assets_tests.conftest import ROOT


def findings(tool: str, *arguments: str | Path) -> str:
    """What the tool complains about; empty where it is content."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    found = shutil.which(tool, path=places)
    assert found, f"{tool} is not installed: `make .venv/.dev`"
    done = subprocess.run([found, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{done.stdout}{done.stderr}" or f"exit code {done.returncode}"
