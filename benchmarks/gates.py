"""What the gates of the model registry let pass: the weekly refits of every game, and the last one from sales with planted faults."""

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import pandas as pd

from benchmarks.timing import markdown
from lottery_assets import demand, sales
from lottery_assets.audit.models.gates import Fit, judge
from lottery_assets.audit.models.home import version_of
from lottery_assets.country import CountryConfig, load_countries
from lottery_assets.demand.carrying import ageing

WEEKS = 104
"""Refits a game."""
AGES = (1, 4, 8)
"""Weeks that the champion is older than the fit from faulty sales."""
FAULTS = {
    "tickets x 10, every 2nd of 8 weeks": ("tickets_sold", 10, 2),
    "tickets x 3, every 2nd of 8 weeks": ("tickets_sold", 3, 2),
    "tickets x 10, all of 8 weeks": ("tickets_sold", 10, 1),
    "price x 10, all of 8 weeks": ("ticket_price", 10, 1),
    "price x 2, all of 8 weeks": ("ticket_price", 2, 1),
}
"""Column, factor, and how many weeks lie between two that are wrong; revenue goes with them."""


def table() -> str:
    """One row a game: refits refused, and refused of the champions' ages for each fault."""
    configs = load_countries("configs").configs
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(_row, configs.values()))
    return markdown(
        f"Fits refused by the gates: of the last {WEEKS} weekly refits of each game; and of the last fit from sales with a fault, "
        f"beside champions that are {', '.join(map(str, AGES))} weeks older",
        ["game", f"refits, of {WEEKS}", *(f"{name}, of {len(AGES)}" for name in FAULTS)],
        [[name, *cells] for name, *cells in rows],
    )


def _row(config: CountryConfig) -> list[str | int]:
    raw = sales.read_sales("data/lottery_sales.csv.gz").frame
    weekly = sales.weekly_sales(raw, config)
    sold = weekly.loc[weekly["tickets_sold"].notna(), "week_start"]
    mondays = [week.date() + timedelta(weeks=1) for week in sold.tail(WEEKS + 1)]
    fits = [_fit(config, sales.weekly_sales(raw, config, monday)) for monday in mondays]
    refused, champion = 0, fits[0][1]
    for features, challenger in fits[1:]:
        passed = judge(challenger, champion, features).passed
        champion = challenger if passed else champion
        refused += not passed
    found: list[str | int] = [config.country_name, refused]
    for column, times, every in FAULTS.values():
        features, challenger = _fit(config, sales.weekly_sales(_with(raw, config, column, times, every), config))
        found.append(sum(not judge(challenger, fits[-1 - age][1], features).passed for age in AGES))
    return found


def _with(raw: pd.DataFrame, config: CountryConfig, column: str, times: int, every: int) -> pd.DataFrame:
    """Text again, as a file holds it."""
    changed = raw.copy()
    own = changed.index[(changed["country"] == config.country_name) & changed["tickets_sold"].ne("")]
    wrong = own[-8::every]
    for name in (column, "sales_revenue"):
        changed.loc[wrong, name] = (changed.loc[wrong, name].astype(float) * times).map(lambda value: f"{value:.10g}")
    return changed


def _fit(config: CountryConfig, weekly: pd.DataFrame) -> tuple[pd.DataFrame, Fit]:
    features = demand.features(weekly, config)
    model = demand.fit(features)
    its = Fit(version_of(config.country_name, model), model, ageing(model, features), demand.fitted(features))
    return features, its
