"""`lottery recommend` for the four countries as a whole process: wall time, processor time, peak memory."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.timing import markdown

RUNS = 5
BIN = Path(sys.executable).parent
CASES = {
    "lottery recommend, four countries": [str(BIN / "lottery"), "recommend", "--json"],
    "lottery recommend brazil": [str(BIN / "lottery"), "recommend", "brazil", "--json"],
    "of which imports": [
        sys.executable,
        "-c",
        "import dagster, lottery_assets.cli, lottery_assets.definitions, lottery_assets.orchestration.runs",
    ],
}


def table() -> str:
    """One row a command: medians of five runs after a first one that is not counted."""
    return markdown(
        "Whole process",
        ["command", "wall s", "user + system s", "peak memory MB"],
        [_row(*case) for case in CASES.items()],
    )


def _row(name: str, command: list[str]) -> list[str]:
    runs = [_run(command) for _ in range(RUNS + 1)][1:]
    wall, processor, memory = (statistics.median(column) for column in zip(*runs, strict=True))
    return [name, f"{wall:.2f}", f"{processor:.2f}", f"{memory:.0f}"]


def _run(command: list[str]) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as artifacts:
        arguments = command + (["--artifacts", artifacts] if "recommend" in command else [])
        environment = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
        start = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    if status:
        raise RuntimeError(f"{' '.join(arguments)} ended with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
