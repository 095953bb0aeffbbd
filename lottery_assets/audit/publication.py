"""The published record of a week: written whole or not at all, never changed.

    <artifacts>/recommendations/<country>/<week_start>/{recommendation.json, report.html, metadata.json}
    <artifacts>/recommendations/<country>/<week_start>/r2/...   a later run with another result
    <artifacts>/treasury/<week_start>/{treasury.json, metadata.json}   where countries share one

`metadata.json` is written last and is the seal: a folder without it is not a record. On a local disk the folder is
filled aside and renamed into place. On S3, which has no rename, every object is put on the condition that none of that name
is there, and the seal alone says that a record is whole: of two runs that write the same revision at once, the one that finds
an object of the other takes the next revision. What a run left that was killed in between stays as it is, and is passed over.
"""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from types import MappingProxyType
from typing import Any

from upath import UPath

RECOMMENDATION = "recommendation.json"
REPORT = "report.html"
METADATA = "metadata.json"
TREASURY = "treasury.json"

Seal = Callable[[Mapping[str, bytes]], bytes]
"""Makes `metadata.json`, given what lies beside it."""
REVISION = re.compile(r"r(?:[2-9]|[1-9][0-9]+)")


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
    seal: Seal,
    alike: Callable[[bytes], bool] = lambda _: True,
    page: Callable[[], bytes] | None = None,
) -> Publication:
    """Write one week's record.

    The same bytes as the latest revision change nothing; other bytes become the next revision. `page` makes the page that people
    read, and then `seal` makes `metadata.json`; both are called only when something is written. With `alike`, only revisions of that kind
    are compared: a country's own choice and what its treasury makes of it stand side by side.
    """
    beside = {REPORT: page} if page else {}
    return _write_once(_week(artifacts, country, week_start), RECOMMENDATION, recommendation, seal, alike, beside)


def publish_treasury(artifacts: str, week_start: str, record: bytes, seal: Seal) -> Publication:
    """Write the pool's record of a week, in the same way, below `<artifacts>/treasury/<week_start>`."""
    return _write_once(_pool_week(artifacts, week_start), TREASURY, record, seal)


def _write_once(
    week: UPath,
    name: str,
    document: bytes,
    seal: Seal,
    alike: Callable[[bytes], bool] = lambda _: True,
    beside: Mapping[str, Callable[[], bytes]] = MappingProxyType({}),
) -> Publication:
    files: dict[str, bytes] = {}
    taken = 0
    while True:
        found = _revisions(week)
        for _, earlier in reversed(found):
            content = (earlier / name).read_bytes()
            if content == document:
                return Publication(earlier, new=False)
            if alike(content):
                break
        number = max([taken, *(number for number, _ in found)]) + 1
        files = files or _files(name, document, beside, seal)
        if _write(_revision(week, number), files):
            return Publication(_revision(week, number), new=True)
        taken = number  # by another run, whole or not: look again


def _files(name: str, document: bytes, beside: Mapping[str, Callable[[], bytes]], seal: Seal) -> dict[str, bytes]:
    """What a record consists of, in the order of writing: the seal comes last."""
    files = {name: document, **{other: make() for other, make in beside.items()}}
    return {**files, METADATA: seal(files)}


def latest(artifacts: str, country: str, week_start: str) -> UPath | None:
    """Folder of the week's latest revision, or None."""
    found = revisions(artifacts, country, week_start)
    return found[-1] if found else None


def revisions(artifacts: str, country: str, week_start: str) -> list[UPath]:
    """Folders of the week's revisions, the first one first."""
    return [folder for _, folder in numbered_revisions(artifacts, country, week_start)]


def numbered_revisions(artifacts: str, country: str, week_start: str) -> list[tuple[int, UPath]]:
    """The same with their numbers: 1 for the first, of which others may be missing, for a run was killed."""
    return _revisions(_week(artifacts, country, week_start))


def latest_treasury(artifacts: str, week_start: str) -> UPath | None:
    """Folder of the pool's latest record of a week, or None."""
    found = _revisions(_pool_week(artifacts, week_start))
    return found[-1][1] if found else None


def replace(target: UPath, content: bytes, mode: int = 0o644) -> None:
    """One file in the place of the one before, if any; whoever reads meanwhile has one of the two, whole."""
    if target.protocol not in ("", "file"):
        with target.open("wb", **_kind(target)) as file:
            file.write(content)
        return
    folder = Path(target.path).parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=f".{target.name}-", dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(content)
        os.chmod(aside, mode)
        os.replace(aside, target.path)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


def _week(artifacts: str, country: str, week_start: str) -> UPath:
    return UPath(artifacts) / "recommendations" / country / week_start


def _pool_week(artifacts: str, week_start: str) -> UPath:
    return UPath(artifacts) / "treasury" / week_start


def _revisions(week: UPath) -> list[tuple[int, UPath]]:
    """Sealed revisions by their number. Numbers of runs that were killed are missing."""
    seals = (file.rpartition("/")[0] for file in files_below(week) if file.rpartition("/")[2] == METADATA)
    numbers = sorted(int(name[1:]) if name else 1 for name in seals if not name or REVISION.fullmatch(name))
    return [(number, _revision(week, number)) for number in numbers]


def files_below(folder: UPath) -> list[str]:
    """Paths of all files below a folder, relative to it, as they are now.

    What S3 listed is remembered by its client, and another process may have written since.
    """
    folder.fs.invalidate_cache()
    try:
        top = str(Path(folder.path).absolute()) if folder.protocol in ("", "file") else folder.path.rstrip("/")
        return [str(path).removeprefix(f"{top}/") for path in folder.fs.find(top)]
    finally:
        folder.fs.invalidate_cache()


def _revision(week: UPath, number: int) -> UPath:
    return week if number == 1 else week / f"r{number}"


def _write(folder: UPath, files: Mapping[str, bytes]) -> bool:
    """True if this call made the record, False if the place is taken."""
    if folder.protocol not in ("", "file"):
        return all(put_new(folder / name, content) for name, content in files.items())
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
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
            return False
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return True


def put_new(target: UPath, content: bytes) -> bool:
    """One file, whole and never over another: False where another is there.

    The same bytes are no other: they are what this call wrote, had S3's answer been lost on the way.
    """
    if target.protocol in ("", "file"):
        return _put_new_here(Path(target.path), content)
    while True:
        try:
            target.fs.pipe_file(target.path, content, mode="create", **_kind(target))
        except OSError as error:
            match _refusal(error):
                case "ConditionalRequestConflict":  # another is being written at this moment: ask again
                    continue
                case "PreconditionFailed":
                    return target.read_bytes() == content
            raise
        return True


def _put_new_here(target: Path, content: bytes) -> bool:
    """By a link, which unlike a rename refuses where another file is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.link(aside, target)
    except FileExistsError:
        return target.read_bytes() == content
    finally:
        Path(aside).unlink()
    return True


def _refusal(error: OSError) -> str | None:
    """The code by which S3 refused."""
    return getattr(error.__cause__, "response", {}).get("Error", {}).get("Code")


def _kind(target: UPath) -> dict[str, Any]:
    """On S3 the type by which a browser shows a page instead of saving it."""
    return {"ContentType": guess_type(target.name)[0] or "application/octet-stream"} if target.protocol == "s3" else {}
