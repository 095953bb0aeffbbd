"""Cells to values: numbers, flags and dates of one country's rows, with a complaint for each cell that is none."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from lottery_assets.complaints import Complaint


class Cells:
    """Rows of one country. Each method returns a column of values and notes what is wrong with its cells."""

    def __init__(self, frame: pd.DataFrame, country: str, source: str) -> None:
        self.frame = frame
        self.country = country
        self.source = source
        self.complaints: list[Complaint] = []

    def complain(self, place: int, key: str, what: str) -> None:
        """Notes an error in the row at `place`."""
        row = int(self.frame["row"].iloc[place])
        self.complaints.append(
            Complaint(
                file=self.source, country=self.country, row=row, key=key, message=f"{self.source}: row {row}: {what}"
            )
        )

    def where(self, wrong: pd.Series | np.ndarray, key: str, say: Callable[[object], str]) -> None:
        """Notes an error in every wrong row; `say` gets the cell as it was written."""
        for place in np.flatnonzero(np.asarray(wrong, bool)):
            self.complain(int(place), key, say(_shown(self.frame[key].iloc[place])))

    def numbers(self, key: str) -> pd.Series:
        """Floats; NaN where the cell is empty or the column is not there."""
        if key not in self.frame:
            return pd.Series(np.nan, index=self.frame.index)
        cells = self.frame[key]
        if pd.api.types.is_bool_dtype(cells) or pd.api.types.is_numeric_dtype(cells):
            values = pd.Series(cells.to_numpy(dtype=float, na_value=np.nan), index=cells.index)
            empty = values.isna()
        else:
            text = cells.map(lambda cell: "" if cell is None or cell is pd.NA or cell != cell else str(cell).strip())
            empty = text == ""
            text = text.replace({"True": "1", "False": "0"})
            values = pd.to_numeric(text.mask(empty), errors="coerce").astype(float)
        wrong = (~empty) & ~np.isfinite(values)
        self.where(wrong, key, lambda cell: f"{key} is {cell!r}; it is a number, write {_suggested(cell)}")
        return values.where(~wrong)

    def at_least(self, key: str, least: float, unit: str, *, above: bool = False) -> pd.Series:
        """Numbers that are not below `least`, or above it if so asked."""
        values = self.numbers(key)
        wrong = values <= least if above else values < least
        self.where(
            wrong, key, lambda cell: f"{key} is {cell}; it is {'above' if above else 'at least'} {least:g} {unit}, correct it"
        )
        return values.mask(wrong)

    def flags(self, key: str) -> pd.Series:
        """0 or 1."""
        values = self.numbers(key)
        wrong = values.notna() & ~values.isin([0.0, 1.0])
        self.where(wrong, key, lambda cell: f"{key} is {cell}; write 1 for yes and 0 for no")
        return values.mask(wrong)

    def mondays(self, key: str) -> pd.Series:
        """Dates; NaT where there is none or it is no Monday."""
        cells = self.frame[key]
        if pd.api.types.is_datetime64_any_dtype(cells):
            dates = pd.Series(cells.dt.tz_localize(None) if cells.dt.tz is not None else cells)
        else:
            text = cells.map(lambda cell: "" if cell is None or cell is pd.NA or cell != cell else str(cell).strip())
            iso = text.str.match(r"^\d{4}-\d{2}-\d{2}([ T]00:00:00(\.0+)?)?$")
            dates = pd.to_datetime(text.str.slice(0, 10).where(iso), format="%Y-%m-%d", errors="coerce")
        dates = dates.astype("datetime64[us]")
        self.where(dates.isna(), key, lambda cell: f"{key} is {cell!r}; it is a date, write it as 2026-09-07")
        monday = dates - pd.to_timedelta(dates.dt.weekday, unit="D")
        for place in np.flatnonzero((dates.notna() & (dates != monday)).to_numpy()):
            day, right = dates.iloc[place], monday.iloc[place]
            self.complain(
                int(place), key, f"{key} is {day:%Y-%m-%d}, a {day:%A}; weeks begin on Mondays, write {right:%Y-%m-%d}"
            )
        return dates.where(dates == monday)


def _shown(cell: object) -> object:
    """As the file's reader sees it."""
    return cell.item() if isinstance(cell, np.generic) else cell


def _suggested(cell: object) -> str:
    """A number in digits for what looks like one with separators."""
    text = re.sub(r"[\s'_]", "", str(cell))
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return text.replace(",", "")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d+", text):
        return text.replace(".", "").replace(",", ".")
    return text if re.fullmatch(r"-?\d+(\.\d+)?", text) else "digits such as 1234567.5, or leave the cell empty"
