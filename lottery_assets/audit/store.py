"""What lies in the store, and the page over all of it: the newest week of each country, and `<artifacts>/index.html`.

The index belongs to no record: it is written anew after each publication, whole, and the last writer's stays.
"""

from dataclasses import dataclass
from datetime import date

from upath import UPath

from lottery_assets.audit.publication import RECOMMENDATION, REPORT, latest, replace

INDEX = "index.html"


@dataclass(frozen=True)
class Record:
    """A country's latest revision of one week. `page`: path of its report below the artifacts; None where it has none."""

    week_start: date
    folder: UPath
    page: str | None

    def document(self) -> bytes:
        """`recommendation.json`."""
        return (self.folder / RECOMMENDATION).read_bytes()


def countries(artifacts: str) -> list[str]:
    """Countries with a folder of their own in the store."""
    return _folders(UPath(artifacts) / "recommendations")


def weeks(artifacts: str, country: str) -> list[str]:
    """Mondays of a country that have a folder, the newest first; whether a record in it is whole is not looked at."""
    return sorted(filter(is_week, _folders(UPath(artifacts) / "recommendations" / country)), reverse=True)


def records(artifacts: str, country: str, most: int = 1) -> list[Record]:
    """The newest `most` weeks of a country that are whole, the newest first."""
    found: list[Record] = []
    for week in weeks(artifacts, country):
        folder = latest(artifacts, country, week)
        if folder is not None:
            below = (country, week) if folder.name == week else (country, week, folder.name)
            page = "/".join(("recommendations", *below, REPORT)) if (folder / REPORT).exists() else None
            found.append(Record(date.fromisoformat(week), folder, page))
        if len(found) == most:
            break
    return found


def write_index(artifacts: str, page: bytes) -> UPath:
    """Puts the page in the place of the one before; whoever reads meanwhile has one of the two, whole."""
    target = UPath(artifacts) / INDEX
    replace(target, page)
    return target


def _folders(parent: UPath) -> list[str]:
    """As they are now: what S3 listed is remembered by its client, and another process may have written since."""
    parent.fs.invalidate_cache()
    try:
        return sorted(path.name for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    finally:
        parent.fs.invalidate_cache()


def is_week(name: str) -> bool:
    """An ISO date, written in full."""
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False
