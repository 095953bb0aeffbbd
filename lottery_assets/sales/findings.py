"""What is odd in a tidy weekly frame without making it useless: warnings, each with its row."""

from collections.abc import Iterator

import pandas as pd

from lottery_assets.complaints import Caution, Complaint

MOST_NAMED = 5
"""Findings of one kind that are named one by one; more are counted."""


def findings(weekly: pd.DataFrame, source: str = "sales") -> list[Complaint]:
    """Every warning about the weeks with sales, with file, row and key."""
    country = str(weekly["country"].iloc[0])
    return [
        Complaint(
            severity="warning",
            file=source,
            country=country,
            row=None if row is None else int(row),
            key=key,
            message=f"{source}: " + (f"row {row}: " if row is not None else "") + f"{country}: {what}",
        )
        for _, row, key, what in _found(weekly)
    ]


def cautions(weekly: pd.DataFrame) -> list[Caution]:
    """The same for the recommendation: codes gap, outlier, revenue_differs, prizes_estimated."""
    by_code: dict[str, list[str]] = {}
    for code, row, _, what in _found(weekly):
        by_code.setdefault(code, []).append((f"row {row}: " if row is not None else "") + what)
    found = []
    for code, sentences in by_code.items():
        found += [Caution(code=code, message=sentence) for sentence in sentences[:MOST_NAMED]]
        if len(sentences) > MOST_NAMED:
            found.append(Caution(code=code, message=f"and {len(sentences) - MOST_NAMED} more of the kind"))
    return found


def _found(weekly: pd.DataFrame) -> Iterator[tuple[str, int | None, str | None, str]]:
    """Code, row, key, sentence; the latest first within a kind."""
    past = weekly[weekly["tickets_sold"].notna()].iloc[::-1]
    steps = -past["week_start"].diff(-1).dt.days.div(-7)
    for place in past.index[(steps > 1).to_numpy()]:
        missing, until = int(steps[place]) - 1, past["week_start"][place]
        first = until - pd.Timedelta(days=7 * missing)
        yield (
            "gap",
            _row(past, place),
            "week_start",
            f"{missing} week(s) without sales before {until:%Y-%m-%d}, from {first:%Y-%m-%d} on; they count nowhere",
        )
    for place in past.index[past["set_aside"]]:
        yield (
            "outlier",
            _row(past, place),
            "tickets_sold",
            f"week {past['week_start'][place]:%Y-%m-%d}: {past['fault'][place]}; set aside: not learnt from, not in the ratio",
        )
    for place in past.index[past["revenue_differs"]]:
        yield (
            "revenue_differs",
            _row(past, place),
            "sales_revenue",
            f"week {past['week_start'][place]:%Y-%m-%d}: sales_revenue is {past['sales'][place]:.6g} million, tickets x price is "
            f"{past['tickets_sold'][place] * past['ticket_price'][place] / 1e6:.6g}; the revenue is believed",
        )
    estimated = past["prizes_estimated"].head(52).sum()
    if estimated:
        yield (
            "prizes_estimated",
            None,
            "prizes_paid",
            f"prizes of {estimated} of the last 52 weeks are not in the file; estimated as the configured share of sales, plus the "
            "jackpot where it was won",
        )


def _row(past: pd.DataFrame, place: int) -> int | None:
    row = past["row"][place]
    return None if pd.isna(row) else int(row)
