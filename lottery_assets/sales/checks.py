"""What a row must hold, beyond being readable. One function a rule; each says row, value and remedy.

Warnings are not here: they are read off the tidy frame, by `cautions`.
"""

import numpy as np

from lottery_assets.country import CountryConfig
from lottery_assets.country.mending import shown
from lottery_assets.sales.columns import unit
from lottery_assets.sales.faults import Faults
from lottery_assets.sales.parse import Rows

FEWEST_WEEKS = 8
"""Weeks with sales below which nothing can be learnt."""
_FURTHEST_PLAN = np.timedelta64(5 * 366, "D")
"""From the last sales to a planned week, and from one week with sales to the next."""
_UNITS_APART = 1000.0
"""Amounts that far from what the configuration or the row itself says are in another unit."""


def check(rows: Rows, config: CountryConfig, faults: Faults) -> None:
    """Every rule on every row of the country."""
    _signs(rows, faults)
    _flags(rows, faults)
    _draws(rows, faults)
    _planned(rows, faults)
    _jackpots(rows, config, faults)
    _row_units(rows, config, faults)
    _column_units(rows, config, faults)


def suspended(rows: Rows) -> np.ndarray:
    """Weeks in which nothing was drawn and nothing sold [n]: gaps that the file states."""
    return (rows["tickets_sold"] == 0) & ~(rows["n_draws"] > 0)


def last_sold(rows: Rows) -> np.datetime64:
    """The last week with tickets sold; NaT when there is none."""
    weeks = rows["week_start"][(rows["tickets_sold"] > 0) & ~np.isnat(rows["week_start"])]
    return weeks.max() if weeks.size else np.datetime64("NaT")


def _signs(rows: Rows, faults: Faults) -> None:
    for name in ("tickets_sold", "sales_revenue", "prizes_paid", "marketing_spend"):
        _value(rows, name, rows[name] < 0, f"write {unit(name)} of at least 0", faults)
    _value(rows, "ticket_price", rows["ticket_price"] <= 0, "write the price of one ticket, above 0", faults)
    sold = rows["tickets_sold"] > 0
    remedy = "but tickets were sold; write what they brought in, or leave it empty"
    _value(rows, "sales_revenue", sold & (rows["sales_revenue"] == 0), remedy, faults)


def _flags(rows: Rows, faults: Faults) -> None:
    for name in ("jackpot_won", "special_draw"):
        values = rows[name]
        _value(rows, name, ~np.isnan(values) & (values != 0) & (values != 1), "write 0 or 1", faults)


def _draws(rows: Rows, faults: Faults) -> None:
    draws, sold = rows["n_draws"], rows["tickets_sold"]
    odd = ~np.isnan(draws) & ((draws < 0) | (draws != np.floor(draws)))
    _value(rows, "n_draws", odd, "write the number of draws, a whole number", faults)
    _value(rows, "n_draws", (draws == 0) & (sold > 0), "but tickets were sold; write the number of draws", faults)
    planned = (draws == 0) & ~rows.has("tickets_sold")
    _value(rows, "n_draws", planned, "and a week without a draw cannot be planned; take the row out", faults)
    none = sold == 0
    _value(
        rows, "tickets_sold", none & (draws > 0), "but draws were held; leave it empty if it is not known yet", faults
    )
    unsaid = none & ~rows.has("n_draws") & ~(rows["week_start"] < last_sold(rows))
    remedy = "leave it empty if it is not known yet; write n_draws 0 if no draw was held"
    _value(rows, "tickets_sold", unsaid, remedy, faults)


def _planned(rows: Rows, faults: Faults) -> None:
    last, empty, week = last_sold(rows), ~rows.has("tickets_sold"), rows["week_start"]
    faults.each(
        empty & (week < last),
        "tickets_sold",
        lambda i: f"tickets_sold is empty, but later weeks have sales (up to {_day(last)}); fill it in",
    )
    before = np.r_[np.datetime64("NaT"), week[~empty][:-1]]
    lonely = np.zeros(len(week), dtype=bool)
    lonely[~empty] = week[~empty] > before + _FURTHEST_PLAN
    faults.each(
        lonely,
        "week_start",
        lambda i: f"week_start is {_day(week[i])}, years after the sales before it; check the year",
    )
    for name in ("sales_revenue", "prizes_paid"):
        told = empty & ~(week < last) & (rows[name] > 0)
        remedy = "but tickets_sold is empty; fill that in, or leave both empty in a planned week"
        _value(rows, name, told, remedy, faults)
    faults.each(
        empty & (week > last + _FURTHEST_PLAN),
        "week_start",
        lambda i: f"week_start is {_day(week[i])}, years after the last sales ({_day(last)}); check the year",
    )


def _jackpots(rows: Rows, config: CountryConfig, faults: Faults) -> None:
    jackpot, sold = rows["jackpot_announced"], rows["tickets_sold"] > 0
    faults.each(
        sold & ~rows.has("jackpot_announced"),
        "jackpot_announced",
        lambda i: "jackpot_announced is empty, but tickets were sold; fill it in [millions]",
    )
    _value(
        rows, "jackpot_announced", sold & (jackpot <= 0), "write the jackpot announced, in millions, above 0", faults
    )
    bounds = f"{config.country_name} announces {config.min_jackpot:.12g} to {config.max_jackpot:.12g} million"
    large, small = (
        jackpot > config.max_jackpot * _UNITS_APART,
        (jackpot > 0) & (jackpot < config.min_jackpot / _UNITS_APART),
    )
    faults.each(
        large,
        "jackpot_announced",
        lambda i: (
            f"jackpot_announced is {shown(jackpot[i])}; it is in millions ({bounds}), write {jackpot[i] / 1e6:.12g}"
        ),
    )
    _value(rows, "jackpot_announced", small, f"it is in millions ({bounds}); check the unit", faults)


def _row_units(rows: Rows, config: CountryConfig, faults: Faults) -> None:
    """Amounts in millions that were written in units."""
    sales = revenue(rows, config)
    for name in ("net_revenue", "marketing_spend"):
        amount = rows[name]
        far = (sales > 0) & (np.abs(amount) > 100 * sales)
        _value(rows, name, far, "that is over 100 times the week's sales; it is in millions, check the unit", faults)
    marketing = np.nan_to_num(rows["marketing_spend"])
    negative = ~rows.has("prizes_paid") & (sales - rows["net_revenue"] - marketing < -1e-6 * sales)
    faults.each(
        negative & (np.abs(rows["net_revenue"]) <= 100 * sales),
        "net_revenue",
        lambda i: (
            f"net_revenue is {shown(rows['net_revenue'][i])} and sales are {sales[i]:.6g} million, which leaves negative "
            "prizes; net_revenue is sales less prizes and marketing, in millions"
        ),
    )


def _column_units(rows: Rows, config: CountryConfig, faults: Faults) -> None:
    """Whole columns in another unit than the contract's: by their medians, since single rows are outliers."""
    worth = rows["tickets_sold"] * _prices(rows, config)
    sold = worth > 0
    for name, floor, ceiling in (("sales_revenue", 1e-3, 1e3), ("prizes_paid", 1e-4, 1e2)):
        ratio = _median(rows[name][sold] / worth[sold])
        if ratio > ceiling or 0 < ratio < floor:
            faults.once(
                f"{name} is {ratio:.3g} times tickets x price in the median week; it is in local currency, not in millions",
                name,
            )
    jackpots = rows["jackpot_announced"][sold]
    if _median(worth[sold]) < 1e3 * _median(jackpots[jackpots <= config.max_jackpot * _UNITS_APART]):
        faults.once(
            "tickets_sold x price is below a thousandth of the jackpot in the median week; tickets_sold counts single tickets, "
            "not thousands or millions, and jackpot_announced is in millions",
            "tickets_sold",
        )


def revenue(rows: Rows, config: CountryConfig) -> np.ndarray:
    """Sales in millions [n]: what the row says, else tickets x price."""
    told = rows["sales_revenue"]
    return np.where(np.isnan(told), rows["tickets_sold"] * _prices(rows, config), told) / 1e6


def _prices(rows: Rows, config: CountryConfig) -> np.ndarray:
    return np.where(np.isnan(rows["ticket_price"]), config.ticket_price, rows["ticket_price"])


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def _value(rows: Rows, name: str, mask: np.ndarray, remedy: str, faults: Faults) -> None:
    faults.each(mask, name, lambda i: f"{name} is {shown(rows[name][i])}; {remedy}")


def _day(moment: np.datetime64) -> str:
    return str(moment.astype("datetime64[D]"))
