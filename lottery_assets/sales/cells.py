"""Cells to values: a column of text or of anything that a frame holds becomes numbers, dates or trimmed text.

Nothing is guessed: what is no number is marked, and the message says what its writer may have meant.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?)?")
_ISO_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}.*")
_OTHER_FORMATS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%m/%d/%y")


@dataclass(frozen=True)
class Parsed:
    """A column's values [n], NaN or NaT where there is none; `given`: the cell holds something; `bad`: but nothing sound."""

    values: np.ndarray
    given: np.ndarray
    bad: np.ndarray


def texts(column: pd.Series) -> np.ndarray:
    """Trimmed text of each cell [n], '' where it is empty."""
    missing = column.isna().to_numpy()
    values = column.to_numpy(dtype=object)
    return np.array(
        ["" if gone else str(value).strip() for value, gone in zip(values, missing, strict=True)], dtype=object
    )


def numbers(column: pd.Series) -> Parsed:
    """Finite numbers. Truth values count as 0 and 1; text must be a plain number with a dot for decimals."""
    if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        given = ~np.isnan(values)
    else:
        cells = [value.strip() if isinstance(value, str) else value for value in column.to_numpy(dtype=object)]
        given = ~(
            column.isna().to_numpy() | np.array([isinstance(cell, str) and cell == "" for cell in cells], dtype=bool)
        )
        plain = [cell if there and not _odd(cell) else None for cell, there in zip(cells, given, strict=True)]
        values = pd.to_numeric(pd.Series(plain, dtype=object), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    bad = given & ~np.isfinite(values)
    return Parsed(np.where(bad, np.nan, values), given, bad)


def mondays(column: pd.Series) -> Parsed:
    """ISO dates, as datetime64[us]; whether they are Mondays is not asked here. A time of day other than midnight is bad."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        moments = column.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        bad = moments != moments.astype("datetime64[D]").astype("datetime64[us]")
        given = ~np.isnat(moments)
        bad &= given
    else:
        cells = texts(column)
        moments = np.array([_iso(cell) for cell in cells], dtype="datetime64[us]")
        given = cells != ""
        bad = given & np.isnat(moments)
    return Parsed(np.where(bad, np.datetime64("NaT"), moments), given, bad)


def meant_date(cell: str) -> str:
    """What to write for a date that is not ISO."""
    timed = _ISO_WITH_TIME.fullmatch(cell)
    if timed is not None and _iso(timed[1]) is not None:
        return f"it has a time of day, write {timed[1]}"
    dates = {found for form in _OTHER_FORMATS if (found := _by_format(cell, form)) is not None}
    likely = {found for found in dates if found.weekday() == 0} or dates
    if len(likely) == 1:
        return f"write it as an ISO date, {likely.pop().isoformat()}"
    return "write it as an ISO date, such as 2024-12-30"


def monday_of(day: date) -> date:
    """The Monday that begins the week of a day."""
    return day - timedelta(days=day.weekday())


def _odd(cell: object) -> bool:
    """Text that readers of numbers take for one, and people do not."""
    return (isinstance(cell, str) and not cell.isascii()) or (isinstance(cell, str) and "_" in cell)


def _iso(cell: str) -> date | None:
    match = _ISO.fullmatch(cell)
    try:
        return date.fromisoformat(match[1]) if match is not None else None
    except ValueError:
        return None


def _by_format(cell: str, form: str) -> date | None:
    try:
        return datetime.strptime(cell, form).date()
    except ValueError:
        return None
