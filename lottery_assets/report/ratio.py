"""The 52-week payout ratio of past and planned weeks, and what each planned week drops from it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lottery_assets.country import CountryConfig
from lottery_assets.jackpot.problem import RATIO_WEEKS
from lottery_assets.jackpot.recommendation import PlannedWeek
from lottery_assets.sales import history

SHOWN = 104
"""Past weeks."""


@dataclass(frozen=True, eq=False)
class Ratio:
    """Past weeks [m] and planned ones [H]; money in millions. Weeks without a row and weeks set aside count as nothing, as in the rule."""

    past_weeks: np.ndarray
    past: np.ndarray
    planned_weeks: np.ndarray
    planned: np.ndarray
    dropped_prizes: np.ndarray
    """Of the week that leaves the 52 weeks when the planned week enters them, [H]."""
    dropped_sales: np.ndarray
    floor: float
    ceiling: float | None
    short: bool
    """Fewer than 52 weeks were sold before the coming one."""

    @property
    def rolls_off(self) -> bool:
        """Whether any of the planned weeks drops a week that was sold."""
        return bool(self.dropped_sales.any())


def ratio(weekly: pd.DataFrame, plan: tuple[PlannedWeek, ...], config: CountryConfig) -> Ratio:
    """Of the tidy weekly frame and the plan."""
    past = history(weekly)
    counted = past[~past["set_aside"].astype(bool)].set_index("week_start")[["sales", "prizes"]]
    first = pd.Timestamp(plan[0].week_start)
    week = pd.Timedelta(days=7)
    calendar = pd.date_range(past["week_start"].iloc[0], first - week, freq="7D")
    every = counted.reindex(calendar).fillna(0.0)
    sums = every.rolling(RATIO_WEEKS + 1, min_periods=1).sum()
    shares = (sums["prizes"] / sums["sales"].where(sums["sales"] > 0)).tail(SHOWN).dropna()
    coming = pd.DatetimeIndex([pd.Timestamp(planned.week_start) for planned in plan])
    dropped = every.reindex(coming - (RATIO_WEEKS + 1) * week).fillna(0.0)
    return Ratio(
        past_weeks=shares.index.to_numpy(),
        past=shares.to_numpy(float),
        planned_weeks=coming.to_numpy(),
        planned=np.array([planned.payout_ratio_12m for planned in plan]),
        dropped_prizes=dropped["prizes"].to_numpy(float),
        dropped_sales=dropped["sales"].to_numpy(float),
        floor=config.min_payout_ratio_12m,
        ceiling=config.max_payout_ratio_12m,
        short=len(calendar) < RATIO_WEEKS + 1,
    )
