"""What verification says of a store: where a record lies, and one thing that is not as it was published."""

from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

REMEDY = "fetch it from a backup or from the bucket's versions"
READERS = 10
"""At once: S3 takes a few hundredths of a second for each file, and there are many."""
Kind = Literal["changed", "missing", "half_written", "unexpected"]


class Finding(BaseModel):
    """One thing that is not as it was published. `file`: its path below the artifacts; `message` stands alone."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    country: str | None
    week_start: str | None
    file: str
    message: str


class Place(NamedTuple):
    """Where a record lies below the artifacts. `country` is None for the treasury's."""

    country: str | None
    week_start: str
    revision: int

    @property
    def folder_of_week(self) -> str:
        """Path below the artifacts, of the first revision."""
        return self._replace(revision=1).folder

    @property
    def folder(self) -> str:
        """Path below the artifacts."""
        parts = ["treasury"] if self.country is None else ["recommendations", self.country]
        return "/".join([*parts, self.week_start, *([f"r{self.revision}"] if self.revision > 1 else [])])


def finding(kind: Kind, place: Place | None, file: str, said: str) -> Finding:
    """`said` goes on after the file's name."""
    country, week = (place.country, place.week_start) if place else (None, None)
    return Finding(kind=kind, country=country, week_start=week, file=file, message=f"{file} {said}")
