"""Decisions beside the recommendation they are about: `decision.json`, then `decision-2.json`, ... in the folder of its revision; those
about a week without one in a folder of their own.

None is ever written over: of two people who decide at once both are kept, one after the other, and the later one stands. Each names
the digest of the one before, so that one that was changed or taken out is noticed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count

from pydantic import ValidationError
from upath import UPath

from lottery_assets.audit import digest
from lottery_assets.audit.apart import APART
from lottery_assets.audit.publication import files_below, put_new, revisions
from lottery_assets.audit.store import is_week
from lottery_assets.complaints import BadInput
from lottery_assets.signoff.document import SignOff


@dataclass(frozen=True)
class Kept:
    """A decision and where it lies."""

    path: UPath
    sign_off: SignOff
    sha256: str


def add(folder: UPath, make: Callable[[str | None], SignOff]) -> Kept:
    """Writes one more decision into the folder of a recommendation. `make` is given the digest of the one before. Raises BadInput."""
    while True:
        before = kept(folder)
        made = make(before[-1].sha256 if before else None)
        path, content = folder / _name(len(before) + 1), made.as_bytes()
        if put_new(path, content):
            return Kept(path, made, digest(content))
        # Somebody decided in the meantime: theirs comes before.


def kept(folder: UPath) -> list[Kept]:
    """Decisions about one revision, the first one first. Raises BadInput where one was changed or cannot be read."""
    found: list[Kept] = []
    for number in count(1):
        path = folder / _name(number)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return found
        try:
            sign_off = SignOff.model_validate_json(content)
        except ValidationError as fault:
            raise _bad(path, f"is no decision ({fault.errors()[0]['msg']})") from None
        if sign_off.previous_sha256 != (found[-1].sha256 if found else None):
            raise _bad(path, "does not follow the decision before it, which was changed since")
        found.append(Kept(path, sign_off, digest(content)))
    return found


def kept_of_week(artifacts: str, country: str, week_start: str) -> list[Kept]:
    """Decisions about a week, before it had a recommendation and about all its revisions; the standing one last. Raises BadInput."""
    folders = [apart(artifacts, country, week_start), *revisions(artifacts, country, week_start)]
    return [its for folder in folders for its in kept(folder)]


def apart(artifacts: str, country: str, week_start: str) -> UPath:
    """Folder of the decisions about a week without a recommendation."""
    return UPath(artifacts) / APART / country / week_start


def weeks_apart(artifacts: str, country: str) -> list[date]:
    """Weeks that people decided about without a recommendation, the oldest first."""
    files = files_below(UPath(artifacts) / APART / country)
    return [date.fromisoformat(week) for week in sorted({file.partition("/")[0] for file in files}) if is_week(week)]


def countries_apart(artifacts: str) -> list[str]:
    """Countries with such weeks."""
    return sorted({file.partition("/")[0] for file in files_below(UPath(artifacts) / APART)})


def _name(number: int) -> str:
    return "decision.json" if number == 1 else f"decision-{number}.json"


def _bad(path: UPath, what: str) -> BadInput:
    return BadInput.of(f"{path}: {what}; fetch it from a backup or from the bucket's versions", file=str(path))
