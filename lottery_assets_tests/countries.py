"""A made-up country with a demand that is known, for tests that need inputs and not real sales."""

from typing import Any

import numpy as np
import pandas as pd

from lottery_assets.country import CountryConfig

BASICS: dict[str, Any] = {
    "country_name": "atlantis",
    "currency": "EUR",
    "ticket_price": 2.0,
    "prob_single_ticket_win": "1/14000000",
    "secondary_prize_payout_percentage": 0.25,
    "min_payout_ratio_12m": 0.30,
    "max_payout_ratio_12m": 0.70,
    "min_jackpot": 2,
    "max_jackpot": 40,
    "announcement_step": 0.5,
    "available_cash": 80,
    "safety_buffer": 10,
    "horizon_weeks": 1,
}


def country(**changes: Any) -> CountryConfig:
    """The basics with some keys changed; a key set to None is left out."""
    return CountryConfig.model_validate(settings(**changes))


def settings(**changes: Any) -> dict[str, Any]:
    """The same as a mapping of the YAML's keys."""
    return {key: value for key, value in (BASICS | changes).items() if value is not None}


def sales(weeks: int = 160, seed: int = 1, name: str = "atlantis", elasticity: float = 0.35) -> pd.DataFrame:
    """Rows of the sales file: a rolling jackpot, constant elasticity, 6 % noise; the first Monday is 2021-01-04."""
    rng = np.random.default_rng(seed)
    rows, jackpot = [], 4.0
    for week in pd.date_range("2021-01-04", periods=weeks, freq="7D"):
        tickets = round(3e6 * (jackpot / 8) ** elasticity * np.exp(rng.normal(0, 0.06)))
        won = rng.random() < -np.expm1(tickets * np.log1p(-1 / 14e6))
        rows.append(
            {
                "country": name,
                "week_start": week.date().isoformat(),
                "jackpot_announced": jackpot,
                "tickets_sold": tickets,
                "ticket_price": 2.0,
                "prizes_paid": round(0.25 * 2 * tickets + jackpot * 1e6 * won),
                "jackpot_won": int(won),
            }
        )
        jackpot = 4.0 if won else min(jackpot + 2.0, 40.0)
    return pd.DataFrame(rows)
