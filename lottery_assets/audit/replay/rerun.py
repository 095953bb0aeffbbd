"""One run of `lottery recommend` by the code in a folder, on inputs in another, cut off from this installation's settings."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lottery_assets.audit.publication import METADATA, RECOMMENDATION, numbered_revisions
from lottery_assets.audit.replay.record import Refused, is_pending

LOTTERY = "from lottery_assets.cli import main; main()"
SAID = 2000
"""Characters of the last words of a run that failed."""


@dataclass(frozen=True)
class Task:
    """What is decided again. `week_asked`: None for the week after the last sales; `pending`: before the treasury has decided."""

    country: str
    week_start: str
    week_asked: str | None
    pending: bool


@dataclass(frozen=True)
class Answer:
    """`document`: the bytes of `recommendation.json`; None where the week has no recommendation, for the `reason`."""

    document: bytes | None
    reason: str | None = None
    model_version: str | None = None


def rerun(python: Path, code: Path, configs: Path, data: Path, into: Path, task: Task) -> Answer:
    """Raises Refused where the run breaks off."""
    where = {"--configs": configs, "--data": data, "--artifacts": into}
    options = [str(part) for option in where.items() for part in option]
    week = ["--week", task.week_asked] if task.week_asked else []
    done = subprocess.run(
        [str(python), "-c", LOTTERY, "recommend", task.country, *options, *week, "--json"],
        cwd=into.parent,
        env={
            "PATH": os.defpath,
            "HOME": str(into.parent),
            "PYTHONPATH": str(code),
            "PYTHONUTF8": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        capture_output=True,
        text=True,
    )
    try:
        [told] = json.loads(done.stdout)
    except ValueError:
        raise Refused(f"the code in {code} did not run:\n{done.stderr.strip()[-SAID:]}") from None
    for _, folder in numbered_revisions(str(into), task.country, task.week_start):
        document = (folder / RECOMMENDATION).read_bytes()
        if is_pending(document) == task.pending:
            metadata = json.loads((folder / METADATA).read_bytes())
            return Answer(document, model_version=metadata.get("model_version"))
    return Answer(None, told["reason"] or f"it recommends for another week, not for that of {task.week_start}")
