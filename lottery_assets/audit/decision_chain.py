"""What people decided about a week, as links of a chain: each decision names the recommendation, where there is one, and the decision
before it by digest.

What a decision says is not asked here; whether one was changed or taken out is.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from lottery_assets.audit.provenance import digest

DECISION = re.compile(r"decision(?:-([2-9]|[1-9][0-9]+))?\.json")


def broken_links(
    decisions: Mapping[str, bytes], recommendation: str | None
) -> Iterator[tuple[Literal["changed", "missing"], str, str]]:
    """Kind, name and reason of whatever is wrong; `decisions` by name, `recommendation`: its SHA-256, None where
    there is none.

    The newest is held by nothing after it: that one of these was taken out cannot be seen.
    """
    before, number = None, 0
    for name in sorted(decisions, key=_number):
        content, number = decisions[name], number + 1
        while number < _number(name):
            yield "missing", _name(number), "is gone, and a later decision was made after it"
            before, number = "gone", number + 1
        told = _document(content)
        if told is None or told.get("recommendation_sha256") != recommendation:
            yield "changed", name, "does not name the recommendation beside it"
        elif before != "gone" and told.get("previous_sha256") != before:
            yield (
                "changed",
                name,
                "does not name the decision before it by its digest: one of the two was changed after it was made",
            )
        before = digest(content)


def _document(content: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(content)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _number(name: str) -> int:
    found = DECISION.fullmatch(name)
    return int(found[1] or 1) if found else 0


def _name(number: int) -> str:
    return "decision.json" if number == 1 else f"decision-{number}.json"
