"""Versions of the demand model as they were at a record's time, put where a run looks for them: the champion of then may have recommended.

    <models>/<country>/versions/<trained_until>-<version>/...
    <models>/<country>/decisions/0001.json   what people decided about them, and when: `at`

What else stands in a file is not asked here.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from upath import UPath

from lottery_assets.audit.provenance import Provenance
from lottery_assets.audit.publication import files_below

VERSIONS, DECISIONS = "versions", "decisions"


def put_models(models: str, countries: Sequence[str], its: Provenance, into: Path) -> None:
    """Copies what there is of these countries: versions that learnt from weeks before the record's, decisions made before it."""
    for country in countries:
        folder = UPath(models) / country
        for file in files_below(folder):
            content = (folder / file).read_bytes()
            if _was_there(file, content, its):
                (into / country / file).parent.mkdir(parents=True, exist_ok=True)
                (into / country / file).write_bytes(content)


def _was_there(file: str, content: bytes, its: Provenance) -> bool:
    kind, _, name = file.partition("/")
    if kind == VERSIONS:
        return name[: len(its.week_start)] < its.week_start
    return kind == DECISIONS and datetime.fromisoformat(json.loads(content)["at"]) <= its.created_at
