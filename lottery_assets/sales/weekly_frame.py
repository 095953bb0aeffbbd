"""One country's rows to its tidy weekly frame: checked, completed, in order, with the weeks ahead."""

import difflib
from datetime import date, timedelta

import numpy as np
import pandas as pd

from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig
from lottery_assets.sales.cells import Cells
from lottery_assets.sales.columns import SALES_FILE, WEEKLY_FRAME
from lottery_assets.sales.faults import set_aside


class SalesLate(BadInput):
    """The sales end before the week they are needed for."""


FEWEST_WEEKS = 8
WEEK = pd.Timedelta(days=7)
USUAL_WEEKS = 8
"""Weeks that say how many draws are usual."""
IN_UNITS = 1000.0
"""A jackpot this many times above the highest allowed was written in units, not in millions."""


def weekly_sales(
    sales: pd.DataFrame, config: CountryConfig, week_start: date | None = None, source: str = "sales"
) -> pd.DataFrame:
    """Tidy weekly frame of one country: columns as in `WEEKLY_FRAME`, weeks with sales first, then `horizon_weeks` planned ones.

    `sales`: rows of the sales file, as text or typed, one country or many, in any order. `week_start`: the week to look ahead
    from (default: the one after the last sales); sales of that week and later are not read. Raises BadInput with every fault.
    """
    cells = _rows_of(sales, config, source)
    weeks = cells.mondays("week_start")
    keep = _readable(cells, weeks, week_start)
    cells.frame, weeks = cells.frame[keep], weeks[keep]
    frame = _values(cells, weeks, config)
    _refuse(cells)
    frame = frame.sort_values("week_start", kind="stable").reset_index(drop=True)
    past = frame[frame["tickets_sold"].notna()]
    coming = _coming(past, config, week_start, source)
    whole = pd.concat([_completed(past, config), _ahead(frame, past, coming, config)], ignore_index=True)
    return whole[list(WEEKLY_FRAME)]


def history(weekly: pd.DataFrame) -> pd.DataFrame:
    """The weeks with sales."""
    return weekly[weekly["tickets_sold"].notna()]


def planned(weekly: pd.DataFrame) -> pd.DataFrame:
    """The weeks ahead, the coming one first."""
    return weekly[weekly["tickets_sold"].isna()]


def coming_week(weekly: pd.DataFrame) -> pd.Timestamp:
    """Monday of the week to recommend for."""
    return planned(weekly)["week_start"].iloc[0]


def missing_weeks(weekly: pd.DataFrame, week_start: date) -> list[pd.Timestamp]:
    """Weeks without sales between the last ones and `week_start`."""
    first = history(weekly)["week_start"].iloc[-1] + WEEK
    return list(pd.date_range(first, pd.Timestamp(week_start) - WEEK, freq=WEEK))


def _rows_of(sales: pd.DataFrame, config: CountryConfig, source: str) -> Cells:
    name = config.country_name
    found = [str(column).strip() for column in sales.columns]
    for column in SALES_FILE:
        if column.needed and column.name not in found:
            near = difflib.get_close_matches(column.name, found, n=1)
            raise BadInput.of(
                f"{source}: row 1: column {column.name} is missing; "
                + (f"rename {near[0]}" if near else f"add it ({column.unit}), the columns are {', '.join(found)}"),
                file=source,
                country=name,
                row=1,
                key=column.name,
            )
    frame = sales.set_axis(found, axis=1)
    if "row" not in frame:
        frame = frame.assign(row=np.arange(2, len(frame) + 2))
    countries = frame["country"].astype(object).map(lambda cell: str(cell).strip())
    rows = frame[countries == name]
    if rows.empty:
        known = sorted(set(countries))
        near = difflib.get_close_matches(name.lower(), [other.lower() for other in known], n=1)
        hint = next((other for other in known if near and other.lower() == near[0]), None)
        raise BadInput.of(
            f"{source}: there are no rows of country {name}; "
            + (f"the file has {hint!r}, write {name}" if hint else f"the file has {', '.join(known[:20])}"),
            file=source,
            country=name,
            key="country",
        )
    return Cells(rows, name, source)


def _readable(cells: Cells, weeks: pd.Series, week_start: date | None) -> pd.Series:
    """Rows to read: all, or those before `week_start` and the planned ones."""
    if week_start is None:
        return pd.Series(True, index=weeks.index)
    if week_start.weekday() != 0:
        monday = week_start - timedelta(days=week_start.weekday())
        raise BadInput.of(
            f"{cells.country}: week {week_start} is a {week_start:%A}; weeks begin on Mondays, write {monday}",
            country=cells.country,
            key="week_start",
        )
    empty = cells.frame["tickets_sold"].map(
        lambda cell: cell is None or cell is pd.NA or cell != cell or not str(cell).strip()
    )
    return empty | ~(weeks >= pd.Timestamp(week_start))


def _values(cells: Cells, weeks: pd.Series, config: CountryConfig) -> pd.DataFrame:
    """Typed columns of the rows as they are; complaints are noted in `cells`."""
    frame = pd.DataFrame({"country": cells.country, "week_start": weeks})
    frame["row"] = cells.frame["row"].astype("Int64")
    frame["tickets_sold"] = cells.at_least("tickets_sold", 0, "tickets")
    frame["jackpot_announced"] = cells.at_least("jackpot_announced", 0, "millions", above=True)
    frame["ticket_price"] = cells.at_least("ticket_price", 0, "of local currency", above=True)
    for key, unit in (("sales_revenue", "of local currency"), ("prizes_paid", "of local currency")):
        frame[key] = cells.at_least(key, 0, unit)
    frame["marketing_spend"] = cells.at_least("marketing_spend", 0, "millions")
    frame["net_revenue"] = cells.numbers("net_revenue")
    frame["jackpot_won"] = cells.flags("jackpot_won")
    frame["special_draw"] = cells.flags("special_draw").fillna(0.0)
    frame["n_draws"] = _draws(cells)
    _check_weeks(cells, frame)
    sold = frame["tickets_sold"].notna()
    no_cell = cells.frame["jackpot_announced"].map(
        lambda cell: cell is None or cell is pd.NA or cell != cell or str(cell).strip() == ""
    )
    cells.where(
        sold & no_cell, "jackpot_announced", lambda _: "jackpot_announced is empty; write the jackpot in millions"
    )
    in_units = frame["jackpot_announced"] > IN_UNITS * config.max_jackpot
    cells.where(
        in_units,
        "jackpot_announced",
        lambda cell: f"jackpot_announced is {cell}; it is in millions, write {float(str(cell)) / 1e6:g}",
    )
    return frame


def _draws(cells: Cells) -> pd.Series:
    draws = cells.at_least("n_draws", 0, "draws")
    wrong = draws.notna() & (draws != draws.round())
    cells.where(wrong, "n_draws", lambda cell: f"n_draws is {cell}; it is a whole number of draws, correct it")
    return draws.mask(wrong)


def _check_weeks(cells: Cells, frame: pd.DataFrame) -> None:
    """Complains of weeks given twice, weeks without sales inside the history, and planned weeks absurdly far ahead."""
    first = frame[frame["week_start"].notna()].drop_duplicates("week_start").set_index("week_start")["row"]
    twice = frame["week_start"].notna() & frame["week_start"].duplicated()
    for place in np.flatnonzero(twice.to_numpy()):
        week = frame["week_start"].iloc[place]
        cells.complain(
            int(place), "week_start", f"week {week:%Y-%m-%d} is there twice, first in row {first[week]}; keep one"
        )
    sold = _has_sales(cells)
    last = frame.loc[sold, "week_start"].max()
    for place in np.flatnonzero((~sold & (frame["week_start"] < last)).to_numpy()):
        cells.complain(
            int(place),
            "tickets_sold",
            f"tickets_sold is empty before the last week with sales ({last:%Y-%m-%d}); write the tickets sold",
        )
    far = frame["week_start"] > last + pd.Timedelta(days=5 * 365)
    cells.where(far, "week_start", lambda cell: f"week_start is {cell}, years after the last sales; correct the date")


def _has_sales(cells: Cells) -> pd.Series:
    """Rows whose tickets are not empty, whatever stands there."""
    return cells.frame["tickets_sold"].map(
        lambda cell: not (cell is None or cell is pd.NA or cell != cell or not str(cell).strip())
    )


def _refuse(cells: Cells) -> None:
    if cells.complaints:
        raise BadInput(sorted(cells.complaints, key=lambda complaint: complaint.row or 0))


def _coming(past: pd.DataFrame, config: CountryConfig, week_start: date | None, source: str) -> pd.Timestamp:
    """The week to look ahead from. Raises BadInput where too little was sold before it."""
    name = config.country_name
    if len(past) < FEWEST_WEEKS:
        before = f" before {week_start}" if week_start else ""
        raise BadInput.of(
            f"{source}: {name} has {len(past)} weeks with sales{before}; {FEWEST_WEEKS} are the least to learn from, "
            "deliver earlier weeks",
            file=source,
            country=name,
            key="tickets_sold",
        )
    coming = past["week_start"].iloc[-1] + WEEK
    if week_start is None or pd.Timestamp(week_start) == coming:
        return coming
    weeks = pd.date_range(coming, pd.Timestamp(week_start) - WEEK, freq=WEEK)
    shown = ", ".join(f"{week:%Y-%m-%d}" for week in weeks[:6]) + (", ..." if len(weeks) > 6 else "")
    raise SalesLate.of(
        f"{source}: {name}: sales are missing for {len(weeks)} week(s) before {week_start}: {shown}; deliver them, then run again",
        file=source,
        country=name,
        key="week_start",
    )


def _completed(past: pd.DataFrame, config: CountryConfig) -> pd.DataFrame:
    """Weeks with sales: prices, revenue and prizes filled in where the file is silent, faulty weeks marked."""
    past = past.copy()
    past["ticket_price"] = past["ticket_price"].fillna(config.ticket_price)
    past["n_draws"] = past["n_draws"].fillna(1.0)
    computed = past["tickets_sold"] * past["ticket_price"] / 1e6
    past["sales"] = (past["sales_revenue"] / 1e6).fillna(computed)
    past["revenue_differs"] = (past["sales"] - computed).abs() > 0.02 * computed + 1e-9
    paid = (past["prizes_paid"] / 1e6).fillna(past["sales"] - past["net_revenue"] - past["marketing_spend"].fillna(0.0))
    past["prizes_estimated"] = paid.isna()
    falls = -np.expm1(past["tickets_sold"] * np.log1p(-config.prob_single_ticket_win))
    estimate = config.secondary_prize_payout_percentage * past["sales"] + past["jackpot_announced"] * past[
        "jackpot_won"
    ].fillna(falls)
    past["prizes"] = paid.fillna(estimate)
    past["fault"] = set_aside(past)
    past["set_aside"] = past["fault"] != ""
    return past


def _ahead(frame: pd.DataFrame, past: pd.DataFrame, coming: pd.Timestamp, config: CountryConfig) -> pd.DataFrame:
    """The planned weeks: what the file says of them, else what is usual."""
    weeks = pd.DataFrame(
        {"week_start": pd.date_range(coming, periods=config.horizon_weeks, freq=WEEK).astype("datetime64[us]")}
    )
    ahead = weeks.merge(frame[frame["tickets_sold"].isna()], on="week_start", how="left")
    ahead["country"] = config.country_name
    ahead["jackpot_announced"] = np.nan
    ahead["jackpot_won"] = np.nan
    ahead["ticket_price"] = ahead["ticket_price"].fillna(config.ticket_price)
    ahead["special_draw"] = ahead["special_draw"].fillna(0.0)
    usual = past.loc[(past["special_draw"] == 0) & (past["n_draws"] != 0), "n_draws"].fillna(1.0).tail(USUAL_WEEKS)
    ahead["n_draws"] = ahead["n_draws"].fillna(np.round(usual.median()) if len(usual) else 1.0)
    for column in ("sales", "prizes"):
        ahead[column] = np.nan
    return ahead.assign(prizes_estimated=False, revenue_differs=False, set_aside=False, fault="")
