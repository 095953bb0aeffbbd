"""One row a week: everything that moves sales and is known before the week begins, and what was sold.

Pure look-back: the row of a week depends on earlier rows only, and on what that week's own row announces (price, draws, special
draw, marketing, and the jackpot where the week is past).
"""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd

from lottery_assets.demand.calendar import CALENDAR_MEANINGS, calendar

FAST, SLOW = 0.65, 0.92
"""Weekly memory of the two stocks of past jackpots: habit and fatigue."""
USUAL = 104
"""First weeks whose median jackpot stays the one that people tire above: a usual one that moved would rewrite the past."""
HALO_WEEKS = 12
"""A win keeps selling for about twelve draws (Baker, Forrest and Perez 2016)."""
RECENT = 104
"""Weeks that say what is usual."""
ADSTOCK = 0.6
"""Weekly memory of marketing."""


MEANINGS = {
    "country": "the country",
    "week_start": "Monday of the week",
    "tickets_sold": "tickets sold [tickets]; empty in planned weeks",
    "log_jackpot": "log of the announced jackpot [log millions]; empty in planned weeks",
    "advised_log_jackpot": "log of the jackpot that was recommended for the week [log millions]; empty where none was, or none is known",
    "log_price": "log of the ticket price [log local currency]",
    "draws": "draws in the week [count]",
    "special": "the week holds a special draw [0 or 1]",
    "set_aside": "a data fault, not learnt from",
    "gap": "weeks since the row before [weeks]",
    "previous_log_jackpot": "log of the jackpot announced the week before [log millions]",
    "won_before": "the jackpot fell the week before [0 or 1]; how often it did in two years, after a planned week",
    "weeks_since_win": "weeks since the jackpot last fell [weeks]; empty where unknown",
    "halo": "1 after a win, falling to 0 in twelve weeks; its mean over two years, after a planned week",
    "reset_log_jackpot": "where the jackpot usually starts after a win [log millions]",
    "fast_stock": "average of past log jackpots, short memory: habit [log millions]",
    "tires_above": "median of past log jackpots, from the third year on that of the first two years: nobody tires of less [log millions]",
    "slow_stock": "average of past log jackpots, long memory, those below `tires_above` counted as that: fatigue [log millions]",
    "marketing": "log(1 + adstock of marketing over its mean)",
}
"""Meaning and unit of the columns that are not the calendar's."""


def meanings() -> dict[str, str]:
    """Meaning and unit of every column."""
    return MEANINGS | CALENDAR_MEANINGS


class Calendar(Protocol):
    """What the features need of a configuration."""

    @property
    def holidays(self) -> str | None:
        """ISO 3166 code of the public holidays."""


def features(weekly: pd.DataFrame, config: Calendar, advised: Mapping[date, float] | None = None) -> pd.DataFrame:
    """Model inputs, one row a week of the tidy weekly frame: weeks with sales first, then the planned weeks.

    Columns and units: `MEANINGS` and those of `calendar`. tickets_sold and log_jackpot are NaN in planned weeks. `advised`: what was
    recommended for past weeks [millions], by their Mondays; no forecast depends on it, see `natural_experiments`.
    """
    table = pd.DataFrame({"week_start": weekly["week_start"], "tickets_sold": weekly["tickets_sold"].astype(float)})
    planned = table["tickets_sold"].isna()
    jackpots = weekly["jackpot_announced"].astype(float).where(~planned)
    log_jackpot = pd.Series(np.log(jackpots.to_numpy()))
    if "country" in weekly:
        table.insert(0, "country", weekly["country"])
    table["log_jackpot"] = log_jackpot
    recommended = table["week_start"].dt.date.map(dict(advised or {})).astype(float)
    table["advised_log_jackpot"] = np.log(recommended.to_numpy())
    table["log_price"] = np.log(weekly["ticket_price"].astype(float))
    table["draws"] = weekly["n_draws"].astype(float)
    table["special"] = weekly["special_draw"].astype(float)
    table["set_aside"] = weekly["set_aside"].astype(bool) | (table["tickets_sold"] == 0)
    table["gap"] = table["week_start"].diff().dt.days.div(7).fillna(1.0)
    won = weekly["jackpot_won"].astype(float).where(~planned).fillna(0.0)
    known = log_jackpot.ffill().bfill()
    table["previous_log_jackpot"] = (
        known.shift(1).fillna(known.iloc[0]).mask(planned & planned.shift(1, fill_value=False))
    )
    table["won_before"] = won.shift(1).fillna(0.0)
    table["weeks_since_win"] = _weeks_since(won.to_numpy() > 0)
    table["halo"] = (1 - (table["weeks_since_win"] - 1) / HALO_WEEKS).clip(lower=0).fillna(0.0)
    later = planned & planned.shift(1, fill_value=False)  # whether the jackpot falls before is not known yet
    for name in ("won_before", "halo"):
        table.loc[later, name] = table.loc[~planned, name].tail(RECENT).mean()
    table["reset_log_jackpot"] = _reset_level(known.to_numpy(), table["won_before"].to_numpy() > 0)
    table["fast_stock"] = _stock(known.to_numpy(), FAST)
    table["tires_above"] = (
        known.head(USUAL).expanding().median().shift(1, fill_value=known.iloc[0]).reindex(known.index).ffill()
    )
    table["slow_stock"] = _stock(np.maximum(known.to_numpy(), table["tires_above"].to_numpy()), SLOW)
    table["marketing"] = _adstock(weekly["marketing_spend"].astype(float).fillna(0.0).to_numpy())
    return pd.concat([table, calendar(table["week_start"], config.holidays)], axis=1)


def _weeks_since(won: np.ndarray) -> np.ndarray:
    """Rows since the last win before each row, [n]; NaN before the first."""
    row = np.arange(len(won), dtype=float)
    last = np.maximum.accumulate(np.where(won, row, -np.inf))
    before = np.r_[-np.inf, last[:-1]]
    return np.where(np.isfinite(before), row - before, np.nan)


def _stock(value: np.ndarray, memory: float) -> np.ndarray:
    """Exponentially weighted mean of the earlier values, [n], started at the first value."""
    stock = np.empty_like(value)
    level = value[0]
    for row, now in enumerate(value):
        stock[row] = level
        level = memory * level + (1 - memory) * now
    return stock


def _reset_level(log_jackpot: np.ndarray, won_before: np.ndarray) -> np.ndarray:
    """Lower quartile of the last thirty jackpots that followed a win, [n]; NaN until there are four."""
    quartile = pd.Series(log_jackpot[won_before]).rolling(30, min_periods=4).quantile(0.25)
    before = np.cumsum(won_before) - won_before
    return np.r_[np.nan, quartile][before]


def _adstock(spend: np.ndarray) -> np.ndarray:
    """log(1 + adstock / mean adstock so far), [n]; zeros where nothing was ever spent."""
    stock = np.empty_like(spend)
    level = 0.0
    for row, now in enumerate(spend):
        level = ADSTOCK * level + (1 - ADSTOCK) * now
        stock[row] = level
    mean = np.cumsum(stock) / np.arange(1, len(stock) + 1)
    return np.log1p(np.divide(stock, mean, out=np.zeros_like(stock), where=mean > 0))
