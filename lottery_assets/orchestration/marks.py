"""What was recommended for past weeks, for the features: where people announced another jackpot, the model's card says what came of it.

No forecast depends on it. A store that cannot be read costs the marks and nothing else.
"""

from collections.abc import Mapping
from datetime import date

import dagster as dg
import pandas as pd

from lottery_assets import signoff


def advised(context: dg.AssetExecutionContext, artifacts: str, weekly: pd.DataFrame) -> Mapping[date, float]:
    """Jackpots [millions] by their weeks."""
    try:
        return signoff.advised(artifacts, context.partition_key, weekly)
    except Exception as fault:
        context.log.warning(f"weeks announced otherwise are not marked: {fault}")
        return {}
