"""Two recommendations side by side, field by field, and what their differences are likely to come from."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

CauseKind = Literal["data", "config", "code", "lock", "solver", "model", "digits", "unknown"]


@dataclass(frozen=True)
class Cause:
    """An input that is not what it was; `message` stands alone. `remedy`: how to go on where it is in the way."""

    kind: CauseKind
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Difference:
    """One field, named as in `plan[3].jackpot`; None where a document has no such field."""

    field: str
    recorded: Any
    replayed: Any


def differences(recorded: bytes, replayed: bytes) -> tuple[Difference, ...]:
    """In the order of the recorded document; what only the other one has comes last. Equal fields are left out."""
    old, new = dict(_fields(json.loads(recorded))), dict(_fields(json.loads(replayed)))
    names = dict.fromkeys([*old, *new])
    found = (Difference(name, old.get(name), new.get(name)) for name in names)
    return tuple(its for its in found if its.recorded != its.replayed or (its.field in old) != (its.field in new))


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from _fields(part, f"{name}.{key}" if name else key)
    elif isinstance(value, list) and value:
        for place, part in enumerate(value):
            yield from _fields(part, f"{name}[{place}]")
    else:
        yield name, value


def relative_size(found: Difference) -> float:
    """How far two numbers are apart, as a share of the larger one; infinite where they are no two numbers."""
    old, new = found.recorded, found.replayed
    if type(old) is not float or type(new) is not float:
        return math.inf
    return abs(new - old) / max(abs(old), abs(new))
