"""What a materialisation shows in the Dagster UI: counts, columns with units, tables, pictures, numbers that draw trends."""

import base64
from collections.abc import Mapping
from typing import Any

import dagster as dg
import numpy as np
import pandas as pd
from upath import UPath

from lottery_assets import demand, jackpot, sales
from lottery_assets.country import CountryConfig
from lottery_assets.demand import SalesModel
from lottery_assets.jackpot import Recommendation
from lottery_assets.orchestration.failures import as_list
from lottery_assets.report import figures

Metadata = Mapping[str, Any]


def frame(table: pd.DataFrame, meanings: Mapping[str, str]) -> Metadata:
    """Row count and column schema; `meanings`: unit and meaning of each column."""
    columns = [
        dg.TableColumn(name, type=str(kind), description=meanings.get(name)) for name, kind in table.dtypes.items()
    ]
    return {
        "dagster/row_count": len(table),
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "first_week": f"{table['week_start'].min():%Y-%m-%d}",
        "last_week": f"{table['week_start'].max():%Y-%m-%d}",
    }


def picture(png: bytes, alt: str) -> dg.MarkdownMetadataValue:
    """A PNG inside the event log: keep it below 60 kB, the log is a database."""
    return dg.MetadataValue.md(f"![{alt}](data:image/png;base64,{base64.b64encode(png).decode()})")
