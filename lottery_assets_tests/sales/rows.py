"""Rows of a sales file to spoil, and what is then said about them."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.sales import read_sales, weekly_sales
from lottery_assets_tests.countries import country, sales

FILE_ROW = 2
"""Line of a frame's first row in its file."""


def text_rows(weeks: int = 40, name: str = "atlantis") -> pd.DataFrame:
    """The made-up sales with every cell as text, as a file holds them."""
    frame = sales(weeks, name=name)
    return frame.astype({"tickets_sold": "int64"}).astype(str).astype(object)


def spoilt(place: int, weeks: int = 40, **cells: Any) -> pd.DataFrame:
    """The same with some cells of one row changed; a new column is empty elsewhere."""
    frame = text_rows(weeks)
    for column, cell in cells.items():
        if column not in frame:
            frame[column] = ""
        frame.loc[place, column] = cell
    return frame


def write(frame: pd.DataFrame, folder: Path, name: str = "sales.csv") -> Path:
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def complaints(frame: pd.DataFrame, **changes: Any) -> tuple[Complaint, ...]:
    """What is said when the frame is refused."""
    week_start = changes.pop("week_start", None)
    with pytest.raises(BadInput) as refused:
        weekly_sales(frame, country(**changes), week_start, source="sales.csv")
    assert all(complaint.country == "atlantis" for complaint in refused.value.complaints)
    assert all(complaint.severity == "error" for complaint in refused.value.complaints)
    return refused.value.complaints


def complaint(frame: pd.DataFrame, **changes: Any) -> Complaint:
    """The one thing that is said."""
    found = complaints(frame, **changes)
    assert len(found) == 1, [one.message for one in found]
    assert found[0].file == "sales.csv"
    return found[0]


def from_file(path: Path, **changes: Any) -> pd.DataFrame:
    """The tidy frame of a file."""
    raw = read_sales(path)
    return weekly_sales(raw.frame, country(**changes), source=raw.source)
