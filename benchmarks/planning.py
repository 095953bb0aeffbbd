"""Plans of many weeks: what stating the program costs beside HiGHS, and what a whole plan takes, risk and memory included."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pyomo.common.gc_manager import PauseGC

from benchmarks.timing import markdown
from lottery_assets import demand, jackpot, sales
from lottery_assets.country import CountryConfig, load_countries
from lottery_assets.demand import Habit
from lottery_assets.jackpot import Horizon, NoRecommendation, program
from lottery_assets.jackpot.changes import with_cash
from lottery_assets.jackpot.plan import feasible
from lottery_assets.jackpot.search import search
from lottery_assets.jackpot.solve import Session
from lottery_assets.jackpot.tables import Tables

RUNS = 3
SHAPES = ((12, 200), (26, 200), (52, 200))


def table() -> str:
    """Two tables: the program at growing sizes, and plans of the real games."""
    games = {name: _game(config) for name, config in load_countries("configs").configs.items()}
    programs = [_program_row(games["brazil"], weeks, size, hard) for hard in (False, True) for weeks, size in SHAPES]
    plans = [_plan_row(name, games[name], **how) for name in games for how in HOW]
    return "\n\n".join(
        [
            markdown(
                "The program, s",
                ["weeks x jackpots", "rules", "build", "HiGHS", "total", "total / HiGHS", "gap"],
                programs,
            ),
            markdown(
                "A plan of twelve weeks, s",
                ["country", "market", "plan, median", "worst", "reasons", "proven gap", "cash at risk weighed"],
                plans,
            ),
        ]
    )


HOW: tuple[dict[str, Any], ...] = (
    {"market": "as configured"},
    {"market": "cash short", "short": True},
    {"market": "no fall unless won", "no_fall_unless_won": True},
)


def _game(config: CountryConfig) -> tuple[CountryConfig, pd.DataFrame]:
    return config, sales.read_sales("data/lottery_sales.csv.gz").frame


def _horizon(config: CountryConfig, frame: pd.DataFrame, memory: bool = True) -> Horizon:
    weekly = sales.weekly_sales(frame, config)
    features = demand.features(weekly, config)
    model = demand.fit(features)
    tickets = [model.tickets(config.jackpots, features, week) for week in range(config.horizon_weeks)]
    habit = model.habit(features) if memory else Habit.none(config.horizon_weeks)
    return jackpot.horizon(config, weekly, tickets, habit, model.lasting_share())


def _changed(config: CountryConfig, **changes: Any) -> CountryConfig:
    return CountryConfig.model_validate(config.model_dump() | changes)


def _program_row(game: tuple[CountryConfig, pd.DataFrame], weeks: int, size: int, hard: bool) -> list[object]:
    """Hard: the floor and the cash of the best plan without them are both taken away in part."""
    config, frame = game
    config = _changed(config, announcement_step=None, optimization_grid_steps=size, horizon_weeks=weeks)
    horizon = _horizon(config, frame, memory=False)
    if hard:
        horizon = _hard(horizon)
    tables = Tables.around(horizon, np.zeros(weeks, int))
    timed = []
    for _ in range(RUNS):
        start = time.perf_counter()
        with PauseGC():  # as `bounds` does
            model = program.build(tables)
            built = time.perf_counter() - start
            report = Session(model, gap=1e-4, most_nodes=200).solve()
        timed.append((built, report.seconds, time.perf_counter() - start))
    built, highs, total = (float(np.median(column)) for column in zip(*timed, strict=True))
    rules = "ratio and cash bind" if hard else "as configured"
    times = [f"{value:.3f}" for value in (built, highs, total)]
    return [f"{weeks} x {size}", rules, *times, f"{total / highs:.2f}", f"{report.gap:.1e}"]


def _hard(horizon: Horizon) -> Horizon:
    free, _ = search(horizon, feasible(horizon.first))
    prizes, sold = horizon.over_52_weeks(horizon.course(free[None, :]))
    ratio = (prizes / sold)[0, : horizon.weeks]
    highest = float(horizon.jackpots[free].max())
    first = replace(horizon.first, max_payout_ratio_12m=float(ratio[0] + 0.3 * (ratio.max() - ratio[0])))
    return with_cash(replace(horizon, first=first), first.safety_buffer + 0.7 * highest)


def _plan_row(
    name: str, game: tuple[CountryConfig, pd.DataFrame], market: str, short: bool = False, **changes: Any
) -> list[object]:
    config, frame = game
    if short:
        changes["available_cash"] = config.safety_buffer + 0.4 * config.max_jackpot
    horizon = _horizon(_changed(config, **changes), frame)
    times = []
    try:
        for _ in range(RUNS):
            start = time.perf_counter()
            outlook = jackpot.decide_ahead(horizon)
            times.append(time.perf_counter() - start)
    except NoRecommendation as reason:
        return [name, market, "no jackpot" if "no jackpot" in str(reason) else "not decided", "", "", "", ""]
    start = time.perf_counter()
    jackpot.explain(horizon, outlook, config.currency)
    reasons = time.perf_counter() - start
    plan = outlook.plan
    assert plan is not None
    weighed = "yes" if plan.risk is not None or plan.decided is not None else "not short"
    return [
        name,
        market,
        f"{np.median(times):.2f}",
        f"{max(times):.2f}",
        f"{reasons:.2f}",
        f"{plan.report.gap:.1e}",
        weighed,
    ]
