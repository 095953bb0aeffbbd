"""What `make` says where it cannot go on."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from lottery_assets_tests.conftest import ROOT


def test_the_ui_names_a_port_that_is_taken_and_starts_nothing(tmp_path):
    made = (".venv/.run", "data/lottery_sales.csv.gz", f"{tmp_path}/dagster.yaml")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [
                "make",
                *(f"--assume-old={file}" for file in made),
                "ui",
                f"PORT={port}",
                f"BIN={Path(sys.executable).parent}",
            ],
            cwd=ROOT,
            env=os.environ | {"DAGSTER_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 2
    assert f"port {port} is taken; choose two that are free: make ui PORT=" in done.stdout
    assert not list(tmp_path.iterdir())
