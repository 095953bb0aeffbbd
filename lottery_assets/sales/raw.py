"""The sales file as it lies there: its bytes, its version, and every cell as text.

What a cell means is not asked here; faults that make the whole file unreadable are.
"""

import csv
import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.sales.columns import CELLS_IN_ROW
from lottery_assets.sales.layout import require_columns

if TYPE_CHECKING:
    from upath import UPath


@dataclass(frozen=True)
class RawSales:
    """`frame`: every cell as text, and `row`, the line in the file; `data_version`: md5 of the file's bytes, as DVC has it;
    `complaints`: warnings about rows that belong to no country."""

    frame: pd.DataFrame
    source: str
    data_version: str
    complaints: tuple[Complaint, ...] = ()


def read_sales(source: "str | Path | UPath") -> RawSales:
    """Reads a CSV or CSV.gz from a path or an `s3://` URL. Raises BadInput with the remedy when it is no sales file."""
    name = str(source)
    content = _content(source, name)
    frame = _frame(_text(content, name), name)
    require_columns(frame, name)
    version = hashlib.md5(content, usedforsecurity=False).hexdigest()
    frame.attrs["source"] = name
    return RawSales(frame, name, version, tuple(_nameless(frame, name)))


def _content(source: "str | Path | UPath", name: str) -> bytes:
    from upath import UPath

    try:
        content = UPath(source).read_bytes()
    except FileNotFoundError:
        raise _bad(name, "there is no such file; run `dvc pull`, or name another with --data") from None
    except IsADirectoryError:
        raise _bad(name, "is a folder; name the sales file in it") from None
    except PermissionError:
        raise _bad(name, "may not be read; check its permissions") from None
    except ValueError as error:
        raise _bad(name, f"cannot be opened ({error}); give a path or an s3:// URL") from None
    if not content.strip():
        raise _bad(name, "is empty; deliver the sales, or run `dvc pull` again")
    return bytes(content)


def _text(content: bytes, name: str) -> str:
    if content.startswith(b"\x1f\x8b"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise _bad(name, f"is a broken gzip file ({error}); fetch it again, or run `dvc pull`") from None
    elif name.endswith(".gz"):
        raise _bad(name, "is named .gz but is not gzip; compress it with `gzip`, or rename it to .csv")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")):
        raise _bad(name, "is a workbook, an archive or parquet, and no CSV; save it as CSV in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _bad(
            name, f"line {line} is not UTF-8 (byte {content[error.start]:#x}); save the file as UTF-8", row=line
        ) from None
    if "\x00" in text:
        raise _bad(name, "holds zero bytes and is no text; save it as CSV in UTF-8")
    return text


def _frame(text: str, name: str) -> pd.DataFrame:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise _bad(name, f"line {reader.line_num} is no CSV ({error}); check its quotes", row=reader.line_num) from None
    if not lines:
        raise _bad(name, "is empty; deliver the sales, or run `dvc pull` again")
    header = [cell.strip() for cell in lines[0][1]]
    _require_commas(header, name)
    width = len(header)
    if len(lines) == 1:
        raise _bad(name, "has a header and no rows; deliver the sales")
    padded = [(cells + [""] * width)[:width] for _, cells in lines[1:]]
    table = dict(zip(range(width), zip(*padded, strict=True), strict=True))
    frame = pd.DataFrame({place: pd.Series(cells, dtype=object) for place, cells in table.items()})
    frame.columns = pd.Index(header)
    frame = frame.loc[:, [column not in ("", "row") for column in header]]
    frame["row"] = np.array([number for number, _ in lines[1:]])
    widths = np.array([len(cells) for _, cells in lines[1:]])
    if (widths != width).any():
        frame[CELLS_IN_ROW] = np.where(widths == width, "", [f"{count} of {width}" for count in widths])
    return frame


def _nameless(frame: pd.DataFrame, name: str) -> list[Complaint]:
    rows = frame.loc[frame["country"].str.strip() == "", "row"]
    message = "country is empty, so nobody reads the row; fill in whose row it is, or take it out"
    return [
        Complaint(severity="warning", file=name, row=int(row), key="country", message=f"{name}, row {row}: {message}")
        for row in rows
    ]


def _require_commas(header: list[str], name: str) -> None:
    for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and separator in header[0]:
            raise _bad(name, f"is separated by {word}; save it with commas, and a dot for decimals", row=1)


def _bad(name: str, what: str, row: int | None = None) -> BadInput:
    return BadInput.of(f"{name}: {what}", file=name, row=row)
