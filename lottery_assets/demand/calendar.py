"""What the calendar does to sales: seasons, weeks of the year, paydays, the turn of the year, public holidays."""

import numpy as np
import pandas as pd

CALENDAR_MEANINGS = {
    **{f"{wave}_{k}": f"{wave} of the year, {k} a year" for k in (1, 2, 3) for wave in ("sin", "cos")},
    "payday": "days of the week from the 25th to the 5th [share]",
    "year_end": "ISO weeks 52, 53 and 1 [0 or 1]",
    "before_year_end": "ISO week 51 [0 or 1]",
    "holiday": "the week holds a public holiday [0 or 1]",
    "holiday_next": "the next week does [0 or 1]",
    "holiday_previous": "the week before did [0 or 1]",
}
"""Meaning and unit of the calendar's columns."""


def calendar(weeks: pd.Series, holidays: str | None) -> pd.DataFrame:
    """Columns of the calendar for weeks given by their Mondays, [n].

    `sin_k`, `cos_k` (k = 1..3 a year), `payday` (share of days from the 25th to the 5th), `year_end` (ISO weeks 52, 53
    and 1), `before_year_end`, and, where the country's ISO 3166 code is known, `holiday`, `holiday_next`, `holiday_previous` (0/1).
    """
    mondays = pd.DatetimeIndex(weeks)
    days = mondays.to_numpy()[:, None] + np.arange(7) * np.timedelta64(1, "D")
    day_of_month = pd.DatetimeIndex(days.ravel()).day.to_numpy().reshape(days.shape)
    year = mondays.day_of_year.to_numpy() / 365.25
    iso_week = mondays.isocalendar().week.to_numpy(dtype=float)
    columns: dict[str, np.ndarray] = {}
    for k in (1, 2, 3):
        columns[f"sin_{k}"] = np.sin(2 * np.pi * k * year)
        columns[f"cos_{k}"] = np.cos(2 * np.pi * k * year)
    columns["payday"] = ((day_of_month >= 25) | (day_of_month <= 5)).mean(axis=1)
    columns["year_end"] = ((iso_week >= 52) | (iso_week == 1)).astype(float)
    columns["before_year_end"] = (iso_week == 51).astype(float)
    if holidays is not None:
        public = _holiday_dates(holidays, int(mondays.year.min()), int(mondays.year.max()))
        for name, shift in (("holiday", 0), ("holiday_next", 7), ("holiday_previous", -7)):
            columns[name] = np.isin(days + np.timedelta64(shift, "D"), public).any(axis=1).astype(float)
    return pd.DataFrame(columns)


def _holiday_dates(code: str, first_year: int, last_year: int) -> np.ndarray:
    """Public holidays [days] from the year before the first to the year after the last."""
    from holidays import country_holidays

    country, _, subdivision = code.partition("-")
    found = country_holidays(country, subdiv=subdivision or None, years=range(first_year - 1, last_year + 2))
    return np.array(sorted(found), dtype="datetime64[D]").astype("datetime64[us]")
