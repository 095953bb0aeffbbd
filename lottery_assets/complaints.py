"""What is wrong with an input, said so that its reader can mend it.

Every room complains with these types; nothing here knows what a country, a sales file or a jackpot is.
"""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict


class Complaint(BaseModel):
    """One fault of an input. `message` stands alone: it names file, row or key, the value found, and the remedy."""

    model_config = ConfigDict(frozen=True)

    severity: Literal["error", "warning"] = "error"
    file: str | None = None
    country: str | None = None
    row: int | None = None
    key: str | None = None
    message: str


class Caution(BaseModel):
    """A warning that travels with a recommendation: `code` is for programs, `message` for people."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str


class BadInput(Exception):
    """An input that cannot be used. Carries every complaint found, not only the first."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(complaint.message for complaint in self.complaints))

    def __reduce__(self) -> tuple[type[Self], tuple[tuple[Complaint, ...]]]:
        """Complaints survive the way back from another process."""
        return type(self), (self.complaints,)

    @classmethod
    def of(
        cls,
        message: str,
        *,
        file: str | None = None,
        country: str | None = None,
        row: int | None = None,
        key: str | None = None,
    ) -> Self:
        """A single error."""
        return cls([Complaint(file=file, country=country, row=row, key=key, message=message)])
