"""The record of a past week, as it was published."""

from dataclasses import dataclass

from pydantic import ValidationError
from upath import UPath

from lottery_assets.audit.provenance import Provenance, digest
from lottery_assets.audit.publication import METADATA, RECOMMENDATION, numbered_revisions
from lottery_assets.jackpot import PENDING


class Refused(Exception):
    """A week that cannot be decided again as it was; the message says what is in the way, and what to do."""


@dataclass(frozen=True)
class PastRecord:
    """`document`: the bytes of `recommendation.json`."""

    folder: UPath
    revision: int
    document: bytes
    provenance: Provenance


def past_record(artifacts: str, country: str, week_start: str, revision: int | None = None) -> PastRecord:
    """One revision of a week, or its latest. Raises Refused where there is none, or not as it was published."""
    found = dict(numbered_revisions(artifacts, country, week_start))
    if not found or (revision is not None and revision not in found):
        there = f"; there are {', '.join(f'r{number}' for number in found)}" if found else ""
        which = "" if revision is None else f"revision r{revision} of "
        raise Refused(f"{artifacts}: holds no {which}{country}, week of {week_start}{there}")
    number = max(found) if revision is None else revision
    folder = found[number]
    document = (folder / RECOMMENDATION).read_bytes()
    try:
        provenance = Provenance.model_validate_json((folder / METADATA).read_bytes())
    except ValidationError:
        raise Refused(f"{folder / METADATA}: cannot be read; `lottery verify-artifacts {country}` says more") from None
    if digest(document) != provenance.recommendation_sha256:
        raise Refused(f"{folder / RECOMMENDATION}: was changed; `lottery verify-artifacts {country}` says more")
    return PastRecord(folder, number, document, provenance)


def is_pending(document: bytes) -> bool:
    """A country's own choice, which its treasury has not yet seen."""
    return f'"{PENDING}"'.encode() in document
