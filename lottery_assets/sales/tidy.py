"""The tidy weekly frame of one country: weeks with sales, then the weeks that are planned. What every other room reads."""

from datetime import date

import numpy as np
import pandas as pd

from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig
from lottery_assets.sales import checks
from lottery_assets.sales.cells import monday_of
from lottery_assets.sales.columns import WEEKLY_COLUMNS
from lottery_assets.sales.faults import Faults
from lottery_assets.sales.layout import require_columns
from lottery_assets.sales.outliers import data_faults
from lottery_assets.sales.parse import Rows, parse
from lottery_assets.sales.prizes import prizes

_WEEK = np.timedelta64(7, "D")
_RECENT = 8
"""Weeks whose number of draws is the usual one."""


class SalesLate(BadInput):
    """The sales end before the week they are needed for."""


def weekly_sales(
    sales: pd.DataFrame, config: CountryConfig, week_start: date | str | None = None, source: str = "sales"
) -> pd.DataFrame:
    """One row a week, `columns.WEEKLY_COLUMNS`: weeks with sales first, then `horizon_weeks` planned weeks, the coming week first.

    `sales`: the columns of the sales file, as text or typed, one country or many, in any order. `week_start`: the coming
    week, a Monday; sold weeks on or after it are never read, and sales must reach the week before it. Default: the week after
    the last one with sales. Raises BadInput with every fault of this country at once; other countries' rows do not matter.
    """
    require_columns(sales, source)
    faults = Faults(source, config.country_name)
    before = _monday(week_start, faults)
    rows = parse(sales, faults, before)
    checks.check(rows, config, faults)
    faults.raise_any()
    sold, resting = rows["tickets_sold"] > 0, checks.suspended(rows)
    past = _past(rows.only(sold), config)
    coming = _coming(rows["week_start"][sold | resting], before, faults)
    _require_enough(past, before, faults)
    weekly = pd.concat([past, _planned(rows, coming, past, config)], ignore_index=True)
    return weekly[[column.name for column in WEEKLY_COLUMNS]]


def history(weekly: pd.DataFrame) -> pd.DataFrame:
    """The weeks with sales."""
    return weekly[weekly["tickets_sold"].notna()]


def planned(weekly: pd.DataFrame) -> pd.DataFrame:
    """The planned weeks, the coming one first."""
    return weekly[weekly["tickets_sold"].isna()]


def coming_week(weekly: pd.DataFrame) -> pd.Timestamp:
    """The Monday of the first planned week."""
    return pd.Timestamp(planned(weekly)["week_start"].iloc[0])


def missing_weeks(weekly: pd.DataFrame, week_start: date | str) -> list[pd.Timestamp]:
    """Weeks without sales before the one that begins on `week_start`, from the coming week on."""
    return list(pd.date_range(coming_week(weekly), pd.Timestamp(week_start) - pd.Timedelta(days=7), freq="7D"))


def _past(rows: Rows, config: CountryConfig) -> pd.DataFrame:
    told = rows["ticket_price"]
    past = pd.DataFrame(
        {
            "country": config.country_name,
            "week_start": rows["week_start"].astype("datetime64[us]"),
            "jackpot_announced": rows["jackpot_announced"],
            "tickets_sold": rows["tickets_sold"],
            "ticket_price": np.where(np.isnan(told), config.ticket_price, told),
            "sales": checks.revenue(rows, config),
            "jackpot_won": rows["jackpot_won"],
            "n_draws": np.nan_to_num(rows["n_draws"], nan=1.0),
            "special_draw": np.nan_to_num(rows["special_draw"], nan=0.0),
            "marketing_spend": rows["marketing_spend"],
            "row": pd.array(rows.row, dtype="Int64")
            if rows.row_known
            else pd.array([pd.NA] * len(rows.row), dtype="Int64"),
        }
    )
    past["prizes"], past["prizes_estimated"] = prizes(past, rows["prizes_paid"] / 1e6, rows["net_revenue"], config)
    past["set_aside"] = data_faults(past)
    return past


def _planned(rows: Rows, coming: np.datetime64, past: pd.DataFrame, config: CountryConfig) -> pd.DataFrame:
    weeks = (coming + _WEEK * np.arange(config.horizon_weeks)).astype("datetime64[us]")
    known = rows.only(~rows.has("tickets_sold"))
    told = known.values.set_index("week_start").reindex(weeks)
    lines = pd.Series(known.row, index=known["week_start"], dtype="Int64").reindex(weeks)
    return pd.DataFrame(
        {
            "country": config.country_name,
            "week_start": weeks,
            "ticket_price": told["ticket_price"].fillna(config.ticket_price).to_numpy(),
            "n_draws": told["n_draws"].fillna(_usual_draws(past)).to_numpy(),
            "special_draw": told["special_draw"].fillna(0.0).to_numpy(),
            "marketing_spend": told["marketing_spend"].to_numpy(),
            "row": lines.array if rows.row_known else pd.array([pd.NA] * len(weeks), dtype="Int64"),
            **dict.fromkeys(("jackpot_announced", "tickets_sold", "sales", "prizes", "jackpot_won"), np.nan),
            **dict.fromkeys(("prizes_estimated", "set_aside"), False),
        }
    )


def _usual_draws(past: pd.DataFrame) -> float:
    """The most frequent number of draws of the recent weeks; of two as frequent, the larger."""
    counts = past.loc[~past["set_aside"], "n_draws"].tail(_RECENT).value_counts()
    return float(counts[counts == counts.max()].index.max())


def _monday(week_start: date | str | None, faults: Faults) -> date | None:
    if week_start is None:
        return None
    try:
        day = pd.Timestamp(week_start).date()
    except ValueError:
        faults.once(f"week_start {week_start!r} is no date; write a Monday such as 2024-12-30", "week_start")
        faults.raise_any()
    if day.weekday() != 0:
        faults.once(f"week_start {day} is a {day:%A}; write the Monday of that week, {monday_of(day)}", "week_start")
        faults.raise_any()
    return day


def _coming(weeks: np.ndarray, before: date | None, faults: Faults) -> np.datetime64:
    """The coming week. Raises BadInput that names the weeks between the last sales and `before`."""
    following = weeks.max() + _WEEK if weeks.size else None
    if before is None or following is None:
        return following if following is not None else np.datetime64("NaT")
    missing = np.arange(following, np.datetime64(before), _WEEK)
    if missing.size:
        named = ", ".join(map(_day, missing[:6])) + (", ..." if missing.size > 6 else "")
        faults.once(
            f"sales are missing for {missing.size} week(s) before {before}: {named}; deliver them, then run again",
            "week_start",
        )
        raise SalesLate(faults.found)
    return np.datetime64(before)


def _day(moment: np.datetime64) -> str:
    return str(moment.astype("datetime64[D]"))


def _require_enough(past: pd.DataFrame, before: date | None, faults: Faults) -> None:
    usable = int((~past["set_aside"]).sum())
    if usable < checks.FEWEST_WEEKS:
        when = f" before {before}" if before is not None else ""
        aside = f" ({len(past) - usable} more are set aside as data faults)" if usable < len(past) else ""
        faults.once(
            f"{usable} weeks with sales{when}{aside}; at least {checks.FEWEST_WEEKS} are needed to learn from",
            "tickets_sold",
        )
        faults.raise_any()
