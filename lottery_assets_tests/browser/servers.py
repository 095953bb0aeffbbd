"""The Dagster UI and the pages as `make ui` starts them, over an installation in a folder of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from lottery_assets_tests.conftest import ROOT

LOCAL = "127.0.0.1"
READY_SECONDS = 90.0


class Installation:
    """Configurations, sales, artifacts and Dagster's own files below `folder`; paths in the UI are relative, as on any machine."""

    def __init__(self, folder: Path, sales_file: Path) -> None:
        self.folder = folder
        self.artifacts = folder / "artifacts"
        self.configs = folder / "configs"
        self.log = folder / "ui.log"
        shutil.copytree(ROOT / "configs", self.configs)
        for source, target in (
            (sales_file, "data/lottery_sales.csv.gz"),
            (ROOT / "deploy" / "laptop.yaml", ".dagster/dagster.yaml"),
            (ROOT / "workspace.yaml", "workspace.yaml"),
        ):
            (folder / target).parent.mkdir(exist_ok=True)
            shutil.copy(source, folder / target)
        self.artifacts.mkdir()
        self.ui, self.pages = (f"http://{LOCAL}:{port}" for port in _free_ports(2))
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Starts both servers and waits until they answer. Raises AssertionError with the end of the log."""
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            "DAGSTER_HOME": str(self.folder / ".dagster"),
            "LOTTERY_CONFIGS": "configs",
            "LOTTERY_DATA": "data/lottery_sales.csv.gz",
            "LOTTERY_ARTIFACTS": "artifacts",
            "LOTTERY_PAGES": self.pages,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        commands = (
            ["http.server", "--bind", LOCAL, "--directory", "artifacts", self.pages.rsplit(":", 1)[1]],
            ["dagster", "dev", "--host", LOCAL, "--port", self.ui.rsplit(":", 1)[1]],
        )
        with open(self.log, "ab") as log:
            for command in commands:
                process = subprocess.Popen(
                    [sys.executable, "-m", *command], cwd=self.folder, env=environment, stdout=log, stderr=log
                )
                self._started.append(process)
        for address in (f"{self.pages}/", f"{self.ui}/server_info"):
            self._wait_for(address)

    def stop(self) -> None:
        """Ends both servers and whatever they started, by process id."""
        family = [
            one
            for process in self._started
            if process.poll() is None
            for one in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
        ]
        for process in self._started:
            process.terminate()
        _, left = psutil.wait_procs(family, timeout=10)
        for process in left:
            process.kill()
        psutil.wait_procs(left, timeout=10)

    def _wait_for(self, address: str) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and all(process.poll() is None for process in self._started):
            try:
                urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - this machine's own server
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
            else:
                return
        raise AssertionError(f"{address} does not answer; {self.log} ends with\n{self.log.read_text()[-3000:]}")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server((LOCAL, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
