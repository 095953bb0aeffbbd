"""What a replay found, as lines on the screen and as the document of `--json`."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from lottery_assets.audit.replay import PastRecord, Replay

SHOWN = 40
"""Fields that are listed; `--json` has all."""


def replay_document(past: PastRecord, found: Replay) -> dict[str, Any]:
    """One document. `status`: same, different or no_recommendation."""
    return {
        "country": past.provenance.country,
        "week_start": past.provenance.week_start,
        "revision": past.revision,
        "status": _status(found),
        "reason": found.reason,
        "differences": [asdict(its) for its in found.differences],
        "causes": [{"cause": its.kind, "message": its.message} for its in found.causes],
    }


def replay_lines(past: PastRecord, found: Replay) -> Iterator[Text | Table]:
    """The verdict, the fields that differ, and why."""
    named = f"{past.provenance.country}, week of {past.provenance.week_start}, revision {past.revision}"
    match _status(found):
        case "same":
            yield Text(f"{named}: the same again, byte for byte", style="green")
        case "no_recommendation":
            yield Text(f"{named}: has no recommendation now: {found.reason}", style="red")
        case _:
            yield Text(f"{named}: not the same", style="red")
            yield _table(found)
    for cause in found.causes:
        yield Text(f"likely cause: {cause.kind}: {cause.message}")


def _status(found: Replay) -> str:
    if found.same:
        return "same"
    return "different" if found.reason is None else "no_recommendation"


def _table(found: Replay) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("field", "recorded", "replayed"):
        grid.add_column(name, overflow="fold")
    for its in found.differences[:SHOWN]:
        grid.add_row(Text(its.field), _value(its.recorded), _value(its.replayed))
    if len(found.differences) > SHOWN:
        grid.add_row(Text(f"and {len(found.differences) - SHOWN} more"), "", "")
    return grid


def _value(value: Any) -> Text:
    return Text(json.dumps(value, ensure_ascii=False))
