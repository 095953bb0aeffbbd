"""What people decided, as links of a chain: each decision names the one before it by its digest.

What a decision says is not asked here; whether one was changed or taken out is.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lottery_assets.audit.findings import Kind
from lottery_assets.audit.provenance import digest

DECISION = re.compile(r"decision(?:-([2-9]|[1-9][0-9]+))?\.json")


def broken_chain(decisions: Mapping[int, bytes]) -> Iterator[tuple[Kind, int, str]]:
    """Kind, number and reason of whatever is wrong; `decisions` by number, the first is 1.

    The newest is held by nothing after it: that one of these was taken out cannot be seen.
    """
    before: str | None = None
    for number in range(1, max(decisions, default=0) + 1):
        content = decisions.get(number)
        told = None if content is None else document(content)
        if content is None:
            yield "missing", number, "is gone, and a later decision was made after it"
        elif told is None:
            yield "changed", number, "cannot be read: it was changed after it was made"
        elif (number == 1 or number - 1 in decisions) and told.get("previous_sha256") != before:
            said = "does not name the decision before it by its digest: one of the two was changed after it was made"
            yield "changed", number, said
        before = None if content is None else digest(content)


def broken_links(decisions: Mapping[str, bytes], recommendation: str | None) -> Iterator[tuple[Kind, str, str]]:
    """The same for the decisions about a week, by name; each names the recommendation, too.

    `recommendation`: its SHA-256, None where there is none.
    """
    for kind, number, why in broken_chain({_number(name): content for name, content in decisions.items()}):
        yield kind, _name(number), why
    for name, content in decisions.items():
        told = document(content)
        if told is not None and told.get("recommendation_sha256") != recommendation:
            yield "changed", name, "does not name the recommendation beside it"


def document(content: bytes) -> dict[str, Any] | None:
    """None where it is none."""
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
