"""Which columns and which rows: is this a sales frame, and which rows of it are the country's."""

from difflib import get_close_matches

import numpy as np
import pandas as pd

from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.sales.cells import mondays, texts
from lottery_assets.sales.columns import NEEDED, SALES_COLUMNS
from lottery_assets.sales.faults import Faults

_WEEK = np.timedelta64(7, "D")


def require_columns(frame: pd.DataFrame, source: str) -> None:
    """Raises BadInput that names each column that is missing or there twice, with those found."""
    found = [str(column) for column in frame.columns]
    known = [column.name for column in SALES_COLUMNS]
    messages = [(name, _missing(name, found, known)) for name in NEEDED if name not in found]
    messages += [
        (name, f"column {name} is there {found.count(name)} times; keep one") for name in known if found.count(name) > 1
    ]
    if messages:
        raise BadInput(
            Complaint(file=source, row=1, key=name, message=f"{source}, row 1: {message}") for name, message in messages
        )


def row_numbers(frame: pd.DataFrame) -> tuple[np.ndarray, bool]:
    """Line of each row in its file [n], and whether the frame knows it; else where it would stand in a file made of it."""
    if "row" in frame.columns and pd.api.types.is_integer_dtype(frame["row"].dtype) and not frame["row"].isna().any():
        return frame["row"].to_numpy(dtype=int), True
    if pd.api.types.is_integer_dtype(frame.index.dtype) and frame.index.is_unique:
        return frame.index.to_numpy(dtype=int) + 2, False
    return np.arange(len(frame)) + 2, False


def rows_of(frame: pd.DataFrame, faults: Faults) -> np.ndarray:
    """Mask of the country's rows [n]. Errors: no row at all, its name misspelt, or a week that only a nameless row can fill."""
    names = texts(frame["country"])
    mine = names == faults.country
    spellings = {name for name in set(names) if _folded(name) == _folded(faults.country)} - {faults.country}
    if not mine.any() and not spellings:
        others = sorted(set(names) - {""})
        near = get_close_matches(faults.country, others, n=1)
        remedy = (
            f"did you mean {near[0]!r}?"
            if near
            else f"the countries there are {', '.join(map(repr, others[:12])) or 'none'}"
        )
        faults.once(f"no row has country {faults.country!r}; {remedy}", "country")
    misspelt = np.isin(names, list(spellings))
    faults.each(misspelt, "country", lambda i: f"country is {names[i]!r}; write {faults.country}")
    if (names == "").any() and mine.any():
        _claim_nameless(frame, names, mine, faults)
    return mine


def _claim_nameless(frame: pd.DataFrame, names: np.ndarray, mine: np.ndarray, faults: Faults) -> None:
    """A row without a country may hide a week of this one: only when that week is missing here."""
    weeks = mondays(frame["week_start"]).values
    own = weeks[mine & ~np.isnat(weeks)]
    if own.size == 0:
        return
    near = (weeks >= own.min() - _WEEK) & (weeks <= own.max() + _WEEK)
    lost = (names == "") & near & ~np.isin(weeks, own)
    faults.each(
        lost,
        "country",
        lambda i: f"country is empty, and {faults.country} has no row for that week; fill in whose row it is",
    )


def _missing(name: str, found: list[str], known: list[str]) -> str:
    unknown = [column for column in found if column not in known and column != "row"]
    near = get_close_matches(name, unknown, n=1) or [column for column in unknown if _folded(column) == _folded(name)]
    remedy = f"rename {near[0]!r}" if near else "add it"
    return (
        f"column {name} is missing; {remedy}. Columns found: {', '.join(column for column in found if column != 'row')}"
    )


def _folded(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
