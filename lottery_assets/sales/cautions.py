"""Warnings about the sales, read off the tidy frame alone: gaps, outliers, estimated prizes.

Each is a `Notice` of one place; `cautions` gathers them for a recommendation, `findings` lists them for `lottery validate`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lottery_assets.complaints import Caution, Complaint
from lottery_assets.sales import outliers
from lottery_assets.sales.tidy import coming_week, history

NAMED = 12
"""Places that one warning names; the most recent of them."""
_REVENUE_OFF = 0.05
_YEAR = 52


@dataclass(frozen=True)
class Notice:
    """Something to warn of: `place` is a week or a span of weeks, `what` is said once of all notices of a code."""

    code: str
    key: str
    what: str
    place: str
    row: int | None


def cautions(weekly: pd.DataFrame) -> list[Caution]:
    """Warnings that travel with a recommendation: one a kind, with the places it is about."""
    grouped: dict[str, list[Notice]] = {}
    for notice in notices(weekly):
        grouped.setdefault(notice.what, []).append(notice)
    return [Caution(code=group[0].code, message=f"{what}: {_places(group)}") for what, group in grouped.items()]


def findings(weekly: pd.DataFrame, source: str = "sales") -> list[Complaint]:
    """The same as warnings with file and row, one a place."""
    country = str(weekly["country"].iloc[0])
    return [
        Complaint(
            severity="warning",
            file=source,
            country=country,
            row=notice.row,
            key=notice.key,
            message=f"{source} ({country}): {notice.what}: {notice.place}",
        )
        for notice in notices(weekly)
    ]


def notices(weekly: pd.DataFrame) -> Iterator[Notice]:
    """Everything to warn of, by kind and then by week."""
    past = history(weekly)
    yield from _gaps(weekly, past)
    yield from _outliers(past)
    yield from _revenue(past)
    fractions = past["tickets_sold"] != np.floor(past["tickets_sold"])
    yield from _each(
        past, fractions.to_numpy(), "fractional_tickets", "tickets_sold", "tickets_sold is not a whole number"
    )
    yield from _estimated(past)


def _gaps(weekly: pd.DataFrame, past: pd.DataFrame) -> Iterator[Notice]:
    weeks = np.append(past["week_start"].to_numpy(), coming_week(weekly).to_datetime64()).astype("datetime64[D]")
    rows = [*past["row"], pd.NA]
    for place in np.flatnonzero(np.diff(weeks) > np.timedelta64(7, "D")):
        first, last = weeks[place] + np.timedelta64(7, "D"), weeks[place + 1] - np.timedelta64(7, "D")
        count = int((last - first) / np.timedelta64(7, "D")) + 1
        span = str(first) if count == 1 else f"{first} to {last} ({count} weeks)"
        before, after = _row(rows[place]), _row(rows[place + 1])
        where = (
            f", between rows {before} and {after}" if before and after else f", after row {before}" if before else ""
        )
        yield Notice("gap", "week_start", "weeks without sales", span + where, after or before)


def _outliers(past: pd.DataFrame) -> Iterator[Notice]:
    size, aside = np.abs(outliers.unexplained(past)), past["set_aside"].to_numpy(dtype=bool)
    off = size > np.log(outliers.WARN)
    what = "tickets_sold is far off the neighbouring weeks and neither the jackpot nor the draws explain it"
    yield from _each(past, off & ~aside, "outlier", "tickets_sold", what)
    yield from _each(
        past, off & aside, "outlier", "tickets_sold", f"{what}; taken for a fault of the data and set aside"
    )
    for mask, key in (
        (outliers.jackpots_off(past), "jackpot_announced"),
        (outliers.prices_off(past), "sales_revenue"),
        (outliers.prizes_off(past), "prizes_paid"),
    ):
        what = f"{key} is far off the neighbouring weeks; taken for a fault of the data and set aside"
        yield from _each(past, mask, "outlier", key, what)


def _revenue(past: pd.DataFrame) -> Iterator[Notice]:
    ratio = past["sales"] * 1e6 / (past["tickets_sold"] * past["ticket_price"])
    off = ((ratio - 1).abs() > _REVENUE_OFF).to_numpy() & ~outliers.prices_off(past)
    what = f"sales_revenue is more than {_REVENUE_OFF:.0%} off tickets_sold x ticket_price; sales_revenue is used"
    yield from _each(past, off, "sales_revenue_off", "sales_revenue", what)


def _estimated(past: pd.DataFrame) -> Iterator[Notice]:
    estimated = past["prizes_estimated"].to_numpy(dtype=bool)
    if estimated.any():
        what = "prizes_paid is not given; prizes are estimated from jackpot_won and the configuration"
        place = f"{int(estimated.sum())} of {len(past)} weeks, {int(estimated[-_YEAR:].sum())} of the last {min(_YEAR, len(past))}"
        yield Notice("prizes_estimated", "prizes_paid", what, place, None)


def _each(past: pd.DataFrame, mask: np.ndarray, code: str, key: str, what: str) -> Iterator[Notice]:
    for week, row in zip(past["week_start"][mask], past["row"][mask], strict=True):
        number = _row(row)
        yield Notice(code, key, what, f"{week:%Y-%m-%d}" + (f", row {number}" if number else ""), number)


def _places(group: list[Notice]) -> str:
    more = len(group) - NAMED
    named = "; ".join(notice.place for notice in group[-NAMED:])
    return f"{named}; and {more} earlier" if more > 0 else named


def _row(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]
