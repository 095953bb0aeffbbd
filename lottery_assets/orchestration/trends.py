"""How a country's numbers moved from week to week, as one picture.

Dagster plots a number over the partitions, or over time with all countries in one line; neither shows one country's weeks.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import pandas as pd

from lottery_assets.orchestration import showing
from lottery_assets.report import figures

WEEKS = 26
"""Weeks that are drawn, half a year."""
REPEATS = 4
"""Materialisations looked at, as a multiple of the weeks: a week may have been decided more than once."""


def added(context: dg.AssetExecutionContext, metadata: Mapping[str, Any], names: tuple[str, ...]) -> Mapping[str, Any]:
    """The metadata with `trend`: its numbers `names` (a name that ends in * stands for many) over the last weeks, this one among them."""
    this = pd.DataFrame([_numbers(metadata, names)], index=[str(metadata["week_start"])])
    weeks = pd.concat([this, _before(context, names)])
    weeks = weeks[~weeks.index.duplicated() & (weeks.index <= this.index[0])].sort_index().tail(WEEKS)
    if len(weeks) < 2:
        return {**metadata, "trend": "drawn from the second week on"}
    weeks.index = pd.to_datetime(weeks.index)
    return {**metadata, "trend": showing.picture(figures.trends(weeks), "week by week")}


def _before(context: dg.AssetExecutionContext, names: tuple[str, ...]) -> pd.DataFrame:
    """The same numbers of the country's earlier materialisations, the newest first, one row a materialisation."""
    found = context.instance.fetch_materializations(
        dg.AssetRecordsFilter(asset_key=context.asset_key, asset_partitions=[context.partition_key]),
        limit=WEEKS * REPEATS,
    )
    shown = [
        {name: value.value for name, value in record.asset_materialization.metadata.items()}
        for record in found.records
        if record.asset_materialization and "week_start" in record.asset_materialization.metadata
    ]
    return pd.DataFrame([_numbers(its, names) for its in shown], index=[str(its["week_start"]) for its in shown])


def _numbers(metadata: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, float]:
    wanted = {
        name: value
        for name, value in metadata.items()
        if any(name == asked or (asked.endswith("*") and name.startswith(asked[:-1])) for asked in names)
    }
    return {name: float(value) for name, value in wanted.items()}
