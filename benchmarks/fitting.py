"""A fit and a back-test of the demand model, beside scikit-learn's RidgeCV on the same matrix."""

import numpy as np
import pandas as pd
from sklearn.linear_model import RidgeCV

from benchmarks.timing import markdown, median_ms
from lottery_assets import demand, sales
from lottery_assets.country import load_countries
from lottery_assets.demand import RECIPE
from lottery_assets.demand.design import Centre, design
from lottery_assets.demand.fitting import learnt, regress, window

FIFTEEN_YEARS = 782


def table() -> str:
    """One row a game; milliseconds, medians."""
    raw = sales.read_sales("data/lottery_sales.csv.gz").frame
    rows = [
        _row(name, demand.features(sales.weekly_sales(raw, config), config))
        for name, config in load_countries("configs").configs.items()
    ]
    header = ["country", "weeks", "columns", "fit", "of which the filter", "RidgeCV once", "back-test of 104 weeks"]
    return markdown("Demand model, ms", [*header, "RidgeCV refitted 104 times"], rows)


def _row(name: str, features: pd.DataFrame) -> list[object]:
    features = features.tail(FIFTEEN_YEARS)
    history = window(features)
    centre = Centre.of(learnt(history))
    names = [term.name for term in RECIPE.terms(history)]
    matrix = design(history, history["log_jackpot"].to_numpy(), centre, names)[:, 1:]
    sold = np.log(history["tickets_sold"].to_numpy())
    ridge = median_ms(lambda: RidgeCV(np.logspace(-3, 3, 13)).fit(matrix, sold))
    timed = [
        median_ms(lambda: demand.fit(features), 5),
        median_ms(lambda: regress(history, centre), 5),
        ridge,
        median_ms(lambda: demand.backtest(features), 3),
        104 * ridge,
    ]
    return [name, len(history), matrix.shape[1], *(f"{value:.0f}" for value in timed)]
