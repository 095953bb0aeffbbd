"""What each part of the demand model is worth: the back-test of every game without it, beside the whole model."""

import os
from concurrent.futures import ProcessPoolExecutor

import pandas as pd

from benchmarks.timing import markdown
from lottery_assets import demand, sales
from lottery_assets.country import load_countries
from lottery_assets.demand import SWITCHES, Recipe, metrics

WEEKS = 312
"""Six years a game: two years alone are too few to tell parts apart."""


def table() -> str:
    """One row a part: mean WAPE over the games with and without weeks of special draws, and CRPS relative to the whole model's."""
    parts = [None, *SWITCHES]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = dict(zip(parts, pool.map(_scores, parts), strict=True))
    whole = found[None]
    rows = [_row("(nothing)", whole, whole)] + [_row(part, found[part], whole) for part in SWITCHES]
    return markdown(
        f"Without a part of the demand model, last {WEEKS} weeks of each game, mean over the games",
        ["without", "what it is", "WAPE %", "without specials %", "CRPS, whole model 100", "80 % band held %"],
        [[name, SWITCHES.get(str(name), ""), *cells] for name, *cells in rows],
    )


def _scores(part: str | None) -> pd.DataFrame:
    """One row a game."""
    raw = sales.read_sales("data/lottery_sales.csv.gz").frame
    rows = []
    for config in load_countries("configs").configs.values():
        features = demand.features(sales.weekly_sales(raw, config), config)
        tested = demand.backtest(features, WEEKS, Recipe(frozenset({part} if part else ())))
        ordinary = tested[tested["special"] == 0]
        rows.append((metrics.wape(tested), metrics.wape(ordinary), metrics.crps(tested), metrics.coverage(tested, 80)))
    return pd.DataFrame(rows, columns=["wape", "ordinary", "crps", "held"])


def _row(name: str, found: pd.DataFrame, whole: pd.DataFrame) -> list[object]:
    percent = [f"{100 * found[column].mean():.2f}" for column in ("wape", "ordinary")]
    return [name, *percent, f"{100 * (found['crps'] / whole['crps']).mean():.1f}", f"{100 * found['held'].mean():.1f}"]
