"""The country's rows as numbers and dates, sorted by week; every cell that cannot be read is an error with its row."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from lottery_assets.country.mending import mended, shown
from lottery_assets.sales.cells import Parsed, meant_date, monday_of, mondays, numbers, texts
from lottery_assets.sales.columns import CELLS_IN_ROW, NUMERIC, unit
from lottery_assets.sales.faults import Faults
from lottery_assets.sales.layout import row_numbers, rows_of

_EARLIEST = np.datetime64("1900-01-01")


@dataclass(frozen=True)
class Rows:
    """A country's rows [n], by week.

    `values`: week_start [datetime64] and every numeric column [float], NaN where it is empty, absent or unreadable;
    `given`: the cell holds something; `row`: line in the file; `row_known`: the frame says so itself.
    """

    values: pd.DataFrame
    given: pd.DataFrame
    row: np.ndarray
    row_known: bool

    def __getitem__(self, column: str) -> np.ndarray:
        """Values of a column [n]."""
        return self.values[column].to_numpy()

    def has(self, column: str) -> np.ndarray:
        """Where a column's cells hold something [n]."""
        return self.given[column].to_numpy()

    def only(self, mask: np.ndarray) -> "Rows":
        """The rows of a mask."""
        return Rows(self.values[mask], self.given[mask], self.row[mask], self.row_known)


def parse(frame: pd.DataFrame, faults: Faults, before: date | None) -> Rows:
    """Rows of the country of `faults`. Sold weeks on or after `before` are dropped unread."""
    known_rows, row_known = row_numbers(frame)
    faults.rows = known_rows
    mine = rows_of(frame, faults)
    frame, row = frame[mine], known_rows[mine]
    week = mondays(frame["week_start"])
    sold = numbers(frame["tickets_sold"])
    if before is not None:
        kept = ~(sold.given & (week.values >= np.datetime64(before)))
        frame, row = frame[kept], row[kept]
        week = mondays(frame["week_start"])
    order = np.lexsort((row, week.values))
    frame, faults.rows = frame.iloc[order], row[order]
    week = Parsed(week.values[order], week.given[order], week.bad[order])
    _check_shape(frame, faults)
    _check_weeks(frame, week, faults)
    within = np.where(week.values < _EARLIEST, np.datetime64("NaT"), week.values)
    values: dict[str, np.ndarray] = {"week_start": within}
    given: dict[str, np.ndarray] = {"week_start": week.given}
    for name in NUMERIC:
        cells = _numbers(frame, name, faults)
        values[name], given[name] = cells.values, cells.given
    return Rows(pd.DataFrame(values), pd.DataFrame(given), faults.rows, row_known)


def _numbers(frame: pd.DataFrame, name: str, faults: Faults) -> Parsed:
    if name not in frame.columns:
        nothing = np.zeros(len(frame), dtype=bool)
        return Parsed(np.full(len(frame), np.nan), nothing, nothing)
    cells = numbers(frame[name])

    def say(place: int) -> str:
        value = frame[name].iloc[place]
        meant = mended(value) if isinstance(value, str) else None
        remedy = f"write {meant}" if meant else "write a plain number, or leave it empty"
        return f"{name} is {shown(value)}; it is a number [{unit(name)}], {remedy}"

    faults.each(cells.bad, name, say)
    return cells


def _check_shape(frame: pd.DataFrame, faults: Faults) -> None:
    if CELLS_IN_ROW in frame.columns:
        counts = frame[CELLS_IN_ROW].to_numpy()
        faults.each(
            counts != "",
            CELLS_IN_ROW,
            lambda i: f"has {counts[i]} cells; a comma too many or too few? Numbers have no thousands separator",
        )


def _check_weeks(frame: pd.DataFrame, week: Parsed, faults: Faults) -> None:
    cells = texts(frame["week_start"]) if (week.bad | ~week.given).any() else np.empty(0)
    faults.each(~week.given, "week_start", lambda i: "week_start is empty; write the Monday of the week")
    faults.each(
        week.bad, "week_start", lambda i: f"week_start is {cells[i]!r}, not an ISO date; {meant_date(cells[i])}"
    )
    sound = ~np.isnat(week.values)
    ordinal = week.values.astype("datetime64[D]").astype(int)
    days = [value.astype("datetime64[D]").item() for value in week.values]
    faults.each(
        sound & ((ordinal + 3) % 7 != 0),
        "week_start",
        lambda i: f"week_start is {days[i]}, a {days[i]:%A}; write the Monday of that week, {monday_of(days[i])}",
    )
    faults.each(sound & (week.values < _EARLIEST), "week_start", lambda i: f"week_start is {days[i]}; check the year")
    same = np.zeros(len(days), dtype=bool)
    same[1:] = sound[1:] & (week.values[1:] == week.values[:-1])
    faults.each(
        same,
        "week_start",
        lambda i: f"the week of {days[i]} stands in row {faults.rows[i - 1]} and again here; keep one of the two rows",
    )
