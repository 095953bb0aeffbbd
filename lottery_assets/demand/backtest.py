"""Rolling origin: every week of the past forecast one week ahead, from earlier weeks only.

The filter learns week by week in one pass. What it takes from the whole of its window (the zero of the columns) is taken from the
weeks before a block of at most half a year, and the pass is made anew for each block.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.special import ndtri

from lottery_assets.demand import baselines
from lottery_assets.demand.bands import Tails, log_mean_excess
from lottery_assets.demand.curve import density, lattice
from lottery_assets.demand.design import Centre, design
from lottery_assets.demand.filtering import DynamicRegression
from lottery_assets.demand.fit import WARM_UP, errors, learnt, recent_jackpots, regress, window

BLOCK = 26
FIRST = 8
"""Weeks that are learnt before the first forecast."""


def backtest(features: pd.DataFrame, weeks: int = 104) -> pd.DataFrame:
    """One row a week of the last `weeks` that have earlier weeks to learn from; weeks set aside are left out.

    week_start; special (0/1); tickets_sold, mean, median, lower_80, upper_80, lower_95, upper_95, and the baselines
    first_pipeline, naive, rolling_ridge [tickets].
    """
    history = features[features["tickets_sold"].notna()].reset_index(drop=True)
    first = max(FIRST, len(history) - weeks)
    rows = [row for start, stop in _blocks(first, len(history)) for row in _block(history.iloc[:stop], start)]
    return pd.DataFrame(rows)


def _blocks(first: int, stop: int) -> Iterator[tuple[int, int]]:
    """Half years; shorter ones while little was learnt."""
    while first < stop:
        end = min(first + min(BLOCK, first), stop)
        yield first, end
        first = end


def _block(history: pd.DataFrame, start: int) -> Iterator[dict[str, object]]:
    before = history.iloc[:start]
    centre = Centre.of(learnt(window(before)))
    rows = history.tail(len(history) - start + len(window(before))).reset_index(drop=True)
    model = regress(rows, centre)
    z = errors(rows, model)
    seen = recent_jackpots(before)
    place = int((~rows["set_aside"].to_numpy()[: len(rows) - (len(history) - start)]).sum())
    for number in range(len(rows) - (len(history) - start), len(rows)):
        week = rows.iloc[[number]]
        if week["set_aside"].item():
            continue
        log_median = model.forecast_mean_[number] + _lift(week, model.coef_path_[number], centre, seen)
        sd, tails = float(model.forecast_sd_[number]), Tails.of(z[WARM_UP:place])
        yield _row(week, log_median, sd, tails) | _beside(learnt(history.iloc[: start + number - (len(rows) - (len(history) - start))]), week)
        place += 1


def _lift(week: pd.DataFrame, coefficients: np.ndarray, centre: Centre, seen: np.ndarray) -> float:
    """What the rising curve adds to the forecast at the week's own jackpot."""
    asked = week["log_jackpot"].to_numpy()
    points = lattice(centre.log_jackpot, asked)
    rows = np.column_stack([design(week, points, centre), np.ones(len(points))])
    raw = rows @ coefficients
    if np.all(np.diff(raw) >= 0):
        return 0.0
    from scipy.optimize import isotonic_regression

    rising = np.asarray(isotonic_regression(raw, weights=density(points, seen)).x)
    return float(np.interp(asked[0], points, rising - raw))


def _row(week: pd.DataFrame, log_median: float, sd: float, tails: Tails) -> dict[str, object]:
    bands = {}
    for level in (80, 95):
        reach = sd * float(tails.at(ndtri(0.5 + level / 200)))
        bands |= {f"lower_{level}": np.exp(log_median - reach), f"upper_{level}": np.exp(log_median + reach)}
    return {
        "week_start": week["week_start"].item(),
        "special": int(week["special"].item()),
        "tickets_sold": week["tickets_sold"].item(),
        "mean": float(np.exp(log_median + log_mean_excess(sd, tails))),
        "median": float(np.exp(log_median)),
        **bands,
    }


def _beside(history: pd.DataFrame, week: pd.DataFrame) -> dict[str, object]:
    return {
        method.__name__: method(history, week)
        for method in (baselines.first_pipeline, baselines.naive, baselines.rolling_ridge)
    }
