"""Small plans in numbers, and brute force over every path: what the planner is held against."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np

from lottery_assets.demand import Habit, Stock
from lottery_assets.jackpot import Horizon, JackpotProblem
from lottery_assets_tests.jackpot.problems import example

MONDAY = date(2024, 1, 1)


def random_horizon(
    seed: int, weeks: int, size: int, *, memory: bool = False, noise: float = 0.02, **rules: Any
) -> Horizon:
    """A made-up market of `weeks` x `size` jackpots whose ratio, cash and steps often bind; `rules` replace drawn ones, `noise`
    is how jagged demand is along the jackpot."""
    rng = np.random.default_rng([seed, weeks, size, int(memory)])
    step = float(rng.choice([0.5, 1.0, 2.5]))
    jackpots = step * np.arange(first := int(rng.integers(2, 12)), first + size)
    chance, price, share = 1 / rng.uniform(5e6, 5e7), 2.0, rng.uniform(0.1, 0.4)
    level = rng.uniform(2e6, 2e7) * np.exp(rng.normal(0, 0.08, weeks))[:, None]
    curve = level * (jackpots / jackpots[0]) ** rng.uniform(0.05, 0.9) * np.exp(noise * rng.normal(0, 1, size))
    tickets = curve[:, None, :] * np.exp(np.linspace(-0.2, 0.2, 16))[None, :, None]
    sales = tickets.mean(axis=1) * price / 1e6
    falls = (-np.expm1(-tickets * chance)).mean(axis=1)
    payout = jackpots * falls
    prizes = share * sales + payout
    weekly_sales = np.full(51, sales.mean()) * np.exp(rng.normal(0, 0.1, 51))
    weekly_prizes = weekly_sales * rng.uniform(0.9, 1.1) * (prizes / sales).mean() * np.exp(rng.normal(0, 0.3, 51))
    ratio = weekly_prizes.sum() / weekly_sales.sum()
    maybe = lambda value: value if rng.random() < 0.5 else None  # noqa: E731
    cash = float(jackpots[-1] * rng.uniform(1.1, 3))
    drawn: dict[str, Any] = {
        "min_payout_ratio_12m": float(ratio + rng.uniform(-0.03, 0.005)) if rng.random() < 0.7 else 0.0,
        "max_payout_ratio_12m": maybe(float(ratio + rng.uniform(0.002, 0.03))),
        "available_cash": cash,
        "safety_buffer": float(rng.uniform(0, 0.6) * cash),
        "max_step_up": maybe(float(step * rng.integers(1, 6))),
        "max_step_down": maybe(float(step * rng.integers(1, 6))),
        "last_jackpot": float(rng.choice(jackpots)),
        "won_last_week": bool(rng.random() < 0.3),
        "no_fall_unless_won": False,
    } | rules
    first_problem = JackpotProblem(
        jackpots=jackpots,
        expected_sales=sales[0],
        expected_secondary_prizes=share * sales[0],
        expected_jackpot_payout=payout[0],
        chance_falls=falls[0],
        exposure=jackpots,
        cash_of_the_worst=drawn["available_cash"] - jackpots * np.minimum(falls[0] / 0.05, 1),
        marketing_spend=0.0,
        past_sales=float(weekly_sales.sum()),
        past_prizes=float(weekly_prizes.sum()),
        min_jackpot=float(jackpots[0]),
        max_jackpot=float(jackpots[-1]),
        **drawn,
    )
    start = float(np.log(jackpots).mean())
    habit = (
        Habit(
            Stock(float(rng.uniform(-0.3, 0.4)), 0.5, np.full(weeks, start)),
            Stock(float(rng.uniform(-0.3, 0.3)), 0.92, np.full(weeks, start), start if seed % 2 else -np.inf),
        )
        if memory
        else Habit.none(weeks)
    )
    return Horizon(
        first=first_problem,
        week_starts=tuple(MONDAY + timedelta(weeks=week) for week in range(weeks)),
        tickets=tickets,
        prices=np.full(weeks, price),
        marketing=np.zeros(weeks),
        history_sales=weekly_sales,
        history_prizes=weekly_prizes,
        habit=habit,
        secondary_share=float(share),
        chance=float(chance),
        per_winner=False,
        max_cash_breach=0.05,
        lasting_share=0.3,
    )


def example_ahead(weeks: int = 2, **changes: Any) -> Horizon:
    """The example of `problems`, and the same demand in the weeks after it; no memory."""
    first = example(**changes)
    return Horizon(
        first=first,
        week_starts=tuple(MONDAY + timedelta(weeks=week) for week in range(weeks)),
        tickets=np.tile(first.expected_sales / 2 * 1e6, (weeks, 1, 1)),
        prices=np.full(weeks, 2.0),
        marketing=np.zeros(weeks),
        history_sales=np.full(51, first.past_sales / 51),
        history_prizes=np.full(51, first.past_prizes / 51),
        habit=Habit.none(weeks),
        secondary_share=0.25,
        chance=1e-8,
        per_winner=False,
        max_cash_breach=0.05,
        lasting_share=0.3,
    )


def every_path(horizon: Horizon) -> np.ndarray:
    """All places on the grid for all weeks, [G ** H, H]."""
    return np.array(list(product(range(len(horizon.jackpots)), repeat=horizon.weeks)))
