"""Small decisions in numbers, for tests of rules and solver."""

from dataclasses import replace
from typing import Any

import numpy as np

from lottery_assets.jackpot import JackpotProblem


def example(**changes: Any) -> JackpotProblem:
    """Three jackpots, 10, 20 and 30 million, on plenty of cash; net revenue 41, 44, 43 million.

    Sales 60, 68, 72; lower prizes a quarter: 15, 17, 18; the jackpot falls with .4, .35, 11/30: payout 4, 7, 11.
    """
    basics = JackpotProblem(
        jackpots=np.array([10.0, 20.0, 30.0]),
        expected_sales=np.array([60.0, 68.0, 72.0]),
        expected_secondary_prizes=np.array([15.0, 17.0, 18.0]),
        expected_jackpot_payout=np.array([4.0, 7.0, 11.0]),
        chance_falls=np.array([0.4, 0.35, 11 / 30]),
        exposure=np.array([10.0, 20.0, 30.0]),
        cash_of_the_worst=np.array([190.0, 180.0, 170.0]),
        marketing_spend=0.0,
        past_sales=3000.0,
        past_prizes=1100.0,
        min_jackpot=10.0,
        max_jackpot=30.0,
        min_payout_ratio_12m=0.30,
        max_payout_ratio_12m=0.50,
        available_cash=200.0,
        safety_buffer=20.0,
        last_jackpot=20.0,
        won_last_week=False,
    )
    return replace(basics, **changes)


def random_problem(seed: int) -> JackpotProblem:
    """Up to forty jackpots, curves that rise and bend, rules that often bind and sometimes collide."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 41))
    step = rng.choice([0.5, 1.0, 2.5])
    first = int(rng.integers(1, 20))
    jackpots = step * np.arange(first, first + size)
    sales = rng.uniform(20, 80) * (jackpots / jackpots[0]) ** rng.uniform(0.02, 0.9) * np.exp(rng.normal(0, 0.02, size))
    falls = -np.expm1(-sales / rng.uniform(40, 400))
    secondary = rng.uniform(0.1, 0.4) * sales
    payout = jackpots * falls
    weeks = int(rng.integers(8, 52))
    past_sales = weeks * sales.mean()
    usual = (secondary + payout).mean() / sales.mean()
    past_prizes = past_sales * usual * rng.uniform(0.85, 1.15)
    ratio = (past_prizes + secondary + payout) / (past_sales + sales)
    cash = rng.uniform(0.8, 3) * jackpots[-1]
    share = rng.choice([0.01, 0.05, 0.2])
    maybe = lambda value: value if rng.random() < 0.5 else None  # noqa: E731
    last = float(rng.choice(jackpots))
    floor = float(ratio.min() + rng.uniform(-0.3, 1.05) * np.ptp(ratio)) if rng.random() < 0.7 else 0.0
    ceiling = maybe(max(floor, float(ratio.max() - rng.uniform(-0.3, 1.05) * np.ptp(ratio))))
    exposure = jackpots * (1 if rng.random() < 0.5 else np.maximum(np.ceil(3 * falls), 1))
    return JackpotProblem(
        jackpots=jackpots,
        expected_sales=sales,
        expected_secondary_prizes=secondary,
        expected_jackpot_payout=payout,
        chance_falls=falls,
        exposure=exposure,
        cash_of_the_worst=cash - exposure * np.minimum(falls / share, 1) * rng.choice([1.0, 1.3]),
        marketing_spend=float(rng.choice([0.0, 1.5])),
        past_sales=past_sales,
        past_prizes=past_prizes,
        min_jackpot=float(jackpots[0]),
        max_jackpot=float(jackpots[-1]),
        min_payout_ratio_12m=floor,
        max_payout_ratio_12m=ceiling,
        available_cash=float(cash),
        safety_buffer=float(rng.uniform(0, 0.5) * cash),
        last_jackpot=last,
        won_last_week=bool(rng.random() < 0.3),
        max_step_up=maybe(float(step * rng.integers(0, 10))),
        max_step_down=maybe(float(step * rng.integers(0, 10))),
        no_fall_unless_won=bool(rng.random() < 0.3),
    )
