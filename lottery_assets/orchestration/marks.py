"""Weeks in which people announced another jackpot than the recommended one, marked where the model's inputs are shown.

The model does not look at the marks. A store that cannot be read costs them and nothing else.
"""

import dagster as dg
import pandas as pd

from lottery_assets.signoff import deviations


def announced_otherwise(
    context: dg.AssetExecutionContext, artifacts: str, weekly: pd.DataFrame
) -> dict[str, list[str]]:
    """Metadata of the features."""
    try:
        found = deviations(artifacts, context.partition_key, weekly)
    except Exception as fault:
        context.log.warning(f"weeks announced otherwise are not marked: {fault}")
        return {}
    return {"announced_otherwise": [week.isoformat() for week in found]}
