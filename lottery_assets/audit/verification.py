"""Whether the store still holds what was published: every record against the digests in its `metadata.json`.

Who can change a file can change `metadata.json` with it; what S3 keeps of versions, or a copy elsewhere, tells that. This finds what
was edited, lost, torn or left behind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from pydantic import ValidationError
from upath import UPath

from lottery_assets.audit.apart import APART, of_decisions, versions_apart
from lottery_assets.audit.data_versions import KEPT, fetch, kept_beside, version_of
from lottery_assets.audit.decision_chain import DECISION, broken_links
from lottery_assets.audit.findings import READERS, REMEDY, Finding, Place, finding
from lottery_assets.audit.kept_models import of_models
from lottery_assets.audit.provenance import Provenance, TreasuryProvenance, digest
from lottery_assets.audit.publication import METADATA, RECOMMENDATION, REVISION, TREASURY, files_below
from lottery_assets.audit.store import is_week


@dataclass(frozen=True)
class Verification:
    """How many records are there, and what is wrong, in the order of the files' paths."""

    records: int
    findings: tuple[Finding, ...]


KILLED = "was left by a run that was killed while it wrote"


def verify(artifacts: str, countries: Sequence[str] = ()) -> Verification:
    """Reads every record of these countries (none: of all, and the treasury's).

    Raises FileNotFoundError with the path below which nothing is: a store that is not there is not a whole one.
    """
    root = UPath(artifacts)
    found: dict[Place, dict[str, str]] = {}
    stray = []
    for file in _files(root, countries):
        place, name = _placed(file)
        if any(part.startswith(".") for part in file.split("/")):
            stray.append(finding("half_written", None, file, f"{KILLED}; delete its folder"))
        elif place is None:
            stray.append(
                finding("unexpected", None, file, "lies outside every record; look whose it is, and take it away")
            )
        else:
            found.setdefault(place, {})[name] = file
    with ThreadPoolExecutor(READERS) as readers:
        told = readers.map(lambda its: list(_of_record(root, *its)), found.items())
    findings = [its for of_record in told for its in of_record]
    findings += [*_gaps(found), *([] if countries else _lost_members(root, found)), *of_decisions(root, countries)]
    seals = [root / files[METADATA] for files in found.values() if METADATA in files]
    readable = list(_readable(seals))
    findings += [
        *_of_data(root, [*_versions(readable), *versions_apart(root, countries)]),
        *of_models(root, countries, _carried(readable)),
    ]
    whole = sum(METADATA in files for files in found.values())
    return Verification(whole, tuple(sorted([*stray, *findings], key=lambda its: its.file)))


def _files(root: UPath, countries: Sequence[str]) -> Iterator[str]:
    """Paths below the artifacts of all files that records may consist of."""
    below = [f"recommendations/{country}" for country in countries] or ["recommendations", "treasury"]
    files = {folder: files_below(root / folder) for folder in below}
    for nothing in (folder for folder in below if not files[folder] and folder != "treasury"):
        if not files_below(root / nothing.replace("recommendations", APART)):
            raise FileNotFoundError(str(root / nothing))
    for folder, its in files.items():
        yield from (f"{folder}/{file}" for file in its)


def _placed(file: str) -> tuple[Place | None, str]:
    """The record that a file belongs to by its path, and its name in it."""
    kind, *parts = file.split("/")
    country = parts.pop(0) if kind == "recommendations" else None
    if not parts or not is_week(parts[0]):
        return None, file
    week, *rest = parts
    revision = int(rest.pop(0)[1:]) if len(rest) > 1 and REVISION.fullmatch(rest[0]) else 1
    return Place(country, week, revision), "/".join(rest)


def _of_record(root: UPath, place: Place, files: Mapping[str, str]) -> Iterator[Finding]:
    if METADATA not in files:
        for file in files.values():
            yield finding("half_written", place, file, f"{KILLED} (there is no {METADATA}); nothing reads it")
        return
    content = (root / files[METADATA]).read_bytes()
    try:
        expected = _expected(place, content)
    except ValueError as fault:
        yield finding("changed", place, files[METADATA], f"{fault}; {REMEDY}")
        return
    for name, known in expected.items():
        yield from _of_file(root, place, name, known, files)
    decisions = {name: (root / file).read_bytes() for name, file in files.items() if DECISION.fullmatch(name)}
    for kind, name, why in broken_links(decisions, expected.get(RECOMMENDATION, "")):
        yield finding(kind, place, f"{place.folder}/{name}", f"{why}; {REMEDY}")
    for name in files.keys() - expected.keys() - decisions.keys() - {METADATA}:
        said = f"is not named by the {METADATA} beside it; look whose it is, and take it away"
        yield finding("unexpected", place, files[name], said)


def _gaps(found: Mapping[Place, Mapping[str, str]]) -> Iterator[Finding]:
    """Revisions of which nothing is there, and a later one is: a run that is killed leaves something."""
    by_week = groupby(
        sorted(found, key=lambda its: (its.folder_of_week, its.revision)), key=lambda its: its.folder_of_week
    )
    for _, places in by_week:
        there = list(places)
        for number in set(range(1, there[-1].revision)) - {its.revision for its in there}:
            gone = there[0]._replace(revision=number)
            yield finding("missing", gone, gone.folder, f"is gone, and a later revision is there; {REMEDY}")


def _lost_members(root: UPath, found: Mapping[Place, Mapping[str, str]]) -> Iterator[Finding]:
    """Recommendations that a treasury's record names, and that no country has."""
    have = {
        digest((root / files[RECOMMENDATION]).read_bytes())
        for place, files in found.items()
        if place.country and RECOMMENDATION in files
    }
    for place, files in found.items():
        if place.country is None and METADATA in files:
            for country, named in _members(root / files[METADATA]).items():
                if named not in have:
                    said = f"names a recommendation for {country} that is gone or was changed; {REMEDY}"
                    yield finding("missing", place, files[METADATA], said)


def _members(seal: UPath) -> Mapping[str, str]:
    try:
        return TreasuryProvenance.model_validate_json(seal.read_bytes()).recommendations
    except ValidationError:  # told as a changed record
        return {}


def _of_file(root: UPath, place: Place, name: str, known: str, files: Mapping[str, str]) -> Iterator[Finding]:
    file = f"{place.folder}/{name}"
    if name not in files:
        yield finding(
            "missing",
            place,
            file,
            f"is gone, and {METADATA} names it; {REMEDY}",
        )
    elif digest((root / file).read_bytes()) != known:
        said = f"was changed after it was published: it does not have the SHA-256 that {METADATA} names"
        yield finding("changed", place, file, f"{said}; {REMEDY}")


def _of_data(root: UPath, named: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Versions of the sales: those beside the artifacts are undamaged, and those that records name can be fetched."""
    own = kept_beside(str(root))
    for file in files_below(UPath(own) / "files" / "md5"):
        if version_of((UPath(own) / "files" / "md5" / file).read_bytes()) != file.replace("/", ""):
            said = "is no longer the version of the sales that its name says; delete it, a run that reads that version keeps it again"
            yield finding("changed", None, f"{KEPT}/files/md5/{file}", said)
    places: dict[str, set[str]] = {}
    for version, store in named:
        places.setdefault(version, set()).add(store)
    for version, stores in places.items():
        if fetch(version, [own, *sorted(stores)]) is None:
            said = f"is missing, here and in {' and in '.join(sorted(stores))}: a record names this version of the sales; bring it back from a backup"
            yield finding("missing", None, f"{KEPT}/files/md5/{version[:2]}/{version[2:]}", said)


def _readable(seals: Sequence[UPath]) -> Iterator[Provenance]:
    """Of each record; whatever is wrong with one is told elsewhere."""
    for seal in seals:
        with suppress(ValidationError):
            yield Provenance.model_validate_json(seal.read_bytes())


def _versions(records: Sequence[Provenance]) -> Iterator[tuple[str, str]]:
    """Versions of the sales that records name, and the stores in which they were."""
    yield from ((told.data_version, told.data_remote) for told in records if told.data_remote)


def _carried(records: Sequence[Provenance]) -> set[tuple[str, str]]:
    """Country and version of the champions that recommended in the place of a week's fit."""
    return {(told.country, told.model_version) for told in records if told.challenger}


def _expected(place: Place, content: bytes) -> Mapping[str, str]:
    """SHA-256 by name of what lies beside `metadata.json`. Raises ValueError where it is not the one that was published here."""
    kind: Callable[[bytes], Provenance | TreasuryProvenance] = (
        TreasuryProvenance.model_validate_json if place.country is None else Provenance.model_validate_json
    )
    try:
        told = kind(content)
    except ValidationError:
        raise ValueError("cannot be read: it was changed after it was published") from None
    if told.week_start != place.week_start or getattr(told, "country", None) != place.country:
        raise ValueError(f"is that of another record ({getattr(told, 'country', 'the treasury')}, {told.week_start})")
    name = TREASURY if isinstance(told, TreasuryProvenance) else RECOMMENDATION
    named = told.treasury_sha256 if isinstance(told, TreasuryProvenance) else told.recommendation_sha256
    if told.files.get(name, named) != named:
        raise ValueError(f"names two digests of {name}: it was changed after it was published")
    return {name: named, **told.files}
