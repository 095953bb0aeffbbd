"""The sales file as text with its version, from a folder or from S3."""

import csv
import gzip
import hashlib
import io
import os
import zlib
from dataclasses import dataclass

import pandas as pd
from upath import UPath

from lottery_assets.complaints import BadInput
from lottery_assets.sales.columns import SALES_FILE


@dataclass(frozen=True)
class RawSales:
    """`frame`: the file's cells as text, and `row`, the line of the file they stand in; `data_version`: md5 of its bytes."""

    frame: pd.DataFrame
    source: str
    data_version: str


def read_sales(source: str | os.PathLike[str]) -> RawSales:
    """Reads CSV or CSV.gz from a path or an `s3://` URL. Raises BadInput that names the file and the remedy.

    The version is the md5 that DVC records for the same bytes.
    """
    name = str(source)
    content = _bytes(name)
    version = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return RawSales(_table(_text(content, name), name), name, version)


def _bytes(name: str) -> bytes:
    try:
        return UPath(name).read_bytes()
    except FileNotFoundError:
        raise BadInput.of(
            f"{name}: there is no such file; run `dvc pull`, or name another with --data", file=name
        ) from None
    except IsADirectoryError:
        raise BadInput.of(f"{name}: it is a folder; name the sales file in it", file=name) from None
    except PermissionError:
        raise BadInput.of(f"{name}: it may not be read; ask for permission to read it", file=name) from None


def _text(content: bytes, name: str) -> str:
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            raise BadInput.of(f"{name}: the gzip file is damaged or cut short; deliver it again", file=name) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadInput.of(
            f"{name}: row {line} is not UTF-8 text; save the file as UTF-8", file=name, row=line
        ) from None


def _table(text: str, name: str) -> pd.DataFrame:
    lines = csv.reader(io.StringIO(text, newline=""))
    cells: list[list[str]] = []
    rows: list[int] = []
    header: list[str] = []
    while True:
        start = lines.line_num + 1
        try:
            line = next(lines)
        except StopIteration:
            break
        except csv.Error as error:
            raise BadInput.of(
                f"{name}: row {start} is no CSV ({error}); deliver it again", file=name, row=start
            ) from None
        if not any(cell.strip() for cell in line):
            continue
        if not header:
            header = _header(line, name)
        elif len(line) > len(header) and any(cell.strip() for cell in line[len(header) :]):
            raise BadInput.of(
                f"{name}: row {start} has {len(line)} cells under {len(header)} columns; a comma inside a number? Write 1234.5",
                file=name,
                row=start,
            )
        else:
            cells.append((line + [""] * len(header))[: len(header)])
            rows.append(start)
    if not header:
        raise BadInput.of(f"{name}: it is empty; its first line names the columns {_needed()}", file=name)
    if not cells:
        raise BadInput.of(f"{name}: it has a header and no rows; deliver the weeks' sales", file=name)
    return pd.DataFrame(cells, columns=header, dtype=object).assign(row=rows)


def _header(line: list[str], name: str) -> list[str]:
    header = [cell.strip() for cell in line]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise BadInput.of(
            f"{name}: the columns are not separated by commas; save the file as comma-separated CSV", file=name
        )
    twice = sorted({column for column in header if header.count(column) > 1 and column})
    if twice:
        raise BadInput.of(f"{name}: column {twice[0]} is there twice; keep one", file=name, row=1, key=twice[0])
    return (
        [column for column in header if column != "row"]
        if "row" not in header
        else ["row in file" if column == "row" else column for column in header]
    )


def _needed() -> str:
    return ", ".join(column.name for column in SALES_FILE if column.needed)
