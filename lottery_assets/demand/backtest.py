"""Rolling origin: every week of the past forecast one week ahead, from earlier weeks only.

The filter learns week by week in one pass. What it takes from the whole of its window (the zero of the columns) is taken from the
weeks before a block of at most half a year, and the pass is made anew for each block.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from lottery_assets.demand.bands import Tails, band_row
from lottery_assets.demand.curve import density, lattice, rising
from lottery_assets.demand.design import Centre, bend_beyond, design
from lottery_assets.demand.fitting import WARM_UP, errors, learnt, recent_jackpots, regress, window
from lottery_assets.demand.recipe import RECIPE, Recipe

BLOCK = 26
FIRST = 8
"""Weeks that are learnt before the first forecast."""


def backtest(features: pd.DataFrame, weeks: int = 104, recipe: Recipe = RECIPE) -> pd.DataFrame:
    """One row a week of the last `weeks` that have earlier weeks to learn from; weeks set aside are left out.

    week_start; special (0/1); tickets_sold, mean, median, lower_80, upper_80, lower_95, upper_95, and the baselines
    first_pipeline, naive, rolling_ridge [tickets].
    """
    history = features[features["tickets_sold"].notna()].reset_index(drop=True)
    first = max(FIRST, len(history) - weeks)
    blocks = _blocks(first, len(history))
    rows = [row for start, stop in blocks for row in _block(history.iloc[:stop], start, recipe)]
    return pd.DataFrame(rows)


def _blocks(first: int, stop: int) -> Iterator[tuple[int, int]]:
    """Half years; shorter ones while little was learnt."""
    while first < stop:
        end = min(first + min(BLOCK, first), stop)
        yield first, end
        first = end


def _block(history: pd.DataFrame, start: int, recipe: Recipe) -> Iterator[dict[str, object]]:
    """Forecasts of the rows from `start` on; nothing but the rows before each is used."""
    before = window(history.iloc[:start])
    centre, seen = Centre.of(learnt(before)), recent_jackpots(before)
    rows = history.iloc[start - len(before) :].reset_index(drop=True)
    model = regress(rows, centre, recipe)
    names = [term.name for term in recipe.terms(rows)]
    z, use = errors(rows, model), ~rows["set_aside"].to_numpy()
    tails = Tails.each(z[WARM_UP:])
    for number in range(len(before), len(rows)):
        if not use[number]:
            continue
        week = rows.iloc[[number]]
        curved, bend = _curved(week, names, model.coef_path_[number], centre, seen)
        before_it = max(int(use[:number].sum()) - WARM_UP, 0)
        known = {name: week[name].item() for name in ("week_start", "special", "tickets_sold")}
        earlier = learnt(history.iloc[: start - len(before) + number])
        log_median, sd = model.forecast_mean_[number] + curved, float(np.hypot(model.forecast_sd_[number], bend))
        yield known | band_row(log_median, sd, tails[before_it]) | _beside(earlier, week)


def _curved(
    week: pd.DataFrame, names: list[str], coefficients: np.ndarray, centre: Centre, seen: np.ndarray
) -> tuple[float, float]:
    """As `SalesModel.curve` has it, at the week's own jackpot: what an unseen bend and the rising curve add to the forecast, and its spread by the bend."""
    asked = week["log_jackpot"].to_numpy()
    points = lattice(centre.log_jackpot, asked)
    raw = np.column_stack([design(week, points, centre, names), np.ones(len(points))]) @ coefficients
    bend = bend_beyond(points, centre.often, float(week["special"].iloc[0]))
    added = rising(raw - bend**2 / 2, density(points, seen)) - raw
    return float(np.interp(asked[0], points, added)), float(np.interp(asked[0], points, bend))


def _beside(history: pd.DataFrame, week: pd.DataFrame) -> dict[str, object]:
    from lottery_assets.demand import baselines  # scikit-learn's linear models: the weekly job does without

    return {
        method.__name__: method(history, week)
        for method in (baselines.first_pipeline, baselines.naive, baselines.rolling_ridge)
    }
