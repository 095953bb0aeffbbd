"""Collects what is wrong with the rows of one country, so that all of it can be said at once."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from lottery_assets.complaints import BadInput, Complaint

MOST_ROWS = 20
"""Rows named for one kind of fault; of the others only the number."""


@dataclass
class Faults:
    """Errors of one country in one source. `rows`: line in the file of each row that is checked, [n]."""

    source: str
    country: str
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=int))
    found: list[Complaint] = field(default_factory=list)

    def each(self, mask: np.ndarray, key: str, say: Callable[[int], str]) -> None:
        """One error for each row of the mask [n]; `say` gets the position of the row and says what is wrong with it."""
        places = np.flatnonzero(mask)
        for place in places[:MOST_ROWS]:
            row = int(self.rows[place])
            self._add(f"{self.source}, row {row} ({self.country}): {say(int(place))}", key, row)
        if len(places) > MOST_ROWS:
            last = int(self.rows[places[-1]])
            self.once(f"{key}: {len(places) - MOST_ROWS} more rows like these, the last is row {last}", key)

    def once(self, message: str, key: str | None = None) -> None:
        """One error that no single row carries."""
        self._add(f"{self.source} ({self.country}): {message}", key, None)

    def raise_any(self) -> None:
        """Raises BadInput with everything found so far, by row."""
        if self.found:
            raise BadInput(sorted(self.found, key=lambda complaint: complaint.row or 10**9))

    def _add(self, message: str, key: str | None, row: int | None) -> None:
        self.found.append(Complaint(file=self.source, country=self.country, row=row, key=key, message=message))
