"""The published record of a week: written whole or not at all, never changed.

    <artifacts>/recommendations/<country>/<week_start>/{recommendation.json, report.html, metadata.json}
    <artifacts>/recommendations/<country>/<week_start>/r2/...   a later run with another result
    <artifacts>/treasury/<week_start>/{treasury.json, metadata.json}   where countries share one

`metadata.json` is written last and is the seal: a folder without it is not a record. On a local disk the folder is
filled aside and renamed into place; on S3, which has no rename, the seal alone says that a record is whole.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count, takewhile
from mimetypes import guess_type
from pathlib import Path
from types import MappingProxyType
from typing import Any

from upath import UPath

RECOMMENDATION = "recommendation.json"
REPORT = "report.html"
METADATA = "metadata.json"
TREASURY = "treasury.json"


@dataclass(frozen=True)
class Publication:
    """Where a recommendation lies, and whether this call put it there (False: the same one was there before)."""

    folder: UPath
    new: bool


def publish(
    artifacts: str,
    country: str,
    week_start: str,
    recommendation: bytes,
    seal: Callable[[], bytes],
    alike: Callable[[bytes], bool] = lambda _: True,
    page: Callable[[], bytes] | None = None,
) -> Publication:
    """Write one week's record.

    The same bytes as the latest revision change nothing; other bytes become the next revision. `seal` makes `metadata.json` and
    `page` the page that people read; both are called only when something is written. With `alike`, only revisions of that kind
    are compared: a country's own choice and what its treasury makes of it stand side by side.
    """
    beside = {REPORT: page} if page else {}
    return _write_once(_week(artifacts, country, week_start), RECOMMENDATION, recommendation, seal, alike, beside)


def publish_treasury(artifacts: str, week_start: str, record: bytes, seal: Callable[[], bytes]) -> Publication:
    """Write the pool's record of a week, in the same way, below `<artifacts>/treasury/<week_start>`."""
    return _write_once(UPath(artifacts) / "treasury" / week_start, TREASURY, record, seal)


def _write_once(
    week: UPath,
    name: str,
    document: bytes,
    seal: Callable[[], bytes],
    alike: Callable[[bytes], bool] = lambda _: True,
    beside: Mapping[str, Callable[[], bytes]] = MappingProxyType({}),
) -> Publication:
    while True:
        found = _revisions(week)
        for earlier in reversed(found):
            content = (earlier / name).read_bytes()
            if content == document:
                return Publication(earlier, new=False)
            if alike(content):
                break
        folder = _revision(week, len(found) + 1)
        if _write(folder, {name: document, **{other: make() for other, make in beside.items()}, METADATA: seal()}):
            return Publication(folder, new=True)
        # Another run sealed this revision in the meantime: look again.


def latest(artifacts: str, country: str, week_start: str) -> UPath | None:
    """Folder of the week's latest revision, or None."""
    found = revisions(artifacts, country, week_start)
    return found[-1] if found else None


def revisions(artifacts: str, country: str, week_start: str) -> list[UPath]:
    """Folders of the week's revisions, the first one first."""
    return _revisions(_week(artifacts, country, week_start))


def is_record(folder: UPath) -> bool:
    """A sealed record."""
    return (folder / METADATA).exists()


def put(target: UPath, content: bytes) -> None:
    """One object on S3, with the type by which a browser shows a page instead of saving it."""
    kind: dict[str, Any] = {"ContentType": guess_type(target.name)[0]} if target.protocol == "s3" else {}
    with target.open("wb", **kind) as file:
        file.write(content)


def _week(artifacts: str, country: str, week_start: str) -> UPath:
    return UPath(artifacts) / "recommendations" / country / week_start


def _revisions(week: UPath) -> list[UPath]:
    return list(takewhile(is_record, (_revision(week, number) for number in count(1))))


def _revision(week: UPath, number: int) -> UPath:
    return week if number == 1 else week / f"r{number}"


def _write(folder: UPath, files: Mapping[str, bytes]) -> bool:
    """True if this call made the record, False if another was quicker."""
    if folder.protocol not in ("", "file"):
        for name, content in files.items():  # dictionaries keep their order: the seal comes last
            put(folder / name, content)
        return True
    target = Path(str(folder))
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        aside.chmod(0o755)
        for name, content in files.items():
            with open(aside / name, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        aside.rename(target)
    except OSError:
        if is_record(folder):
            return False
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return True
