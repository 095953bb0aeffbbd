"""What was paid out: told by the file, worked out from net revenue, or estimated from the configuration."""

import numpy as np
import pandas as pd

from lottery_assets.country import CountryConfig


def prizes(
    past: pd.DataFrame, paid: np.ndarray, net_revenue: np.ndarray, config: CountryConfig
) -> tuple[np.ndarray, np.ndarray]:
    """All prizes of weeks with sales [n], millions, and where they are estimated [n].

    `paid`, `net_revenue` [n], millions, NaN where not given: prizes are what was paid; else sales - net revenue - marketing;
    else the estimate s S + J where the jackpot was won.
    """
    sales = past["sales"].to_numpy(dtype=float)
    left = np.maximum(sales - net_revenue - np.nan_to_num(past["marketing_spend"].to_numpy(dtype=float)), 0.0)
    told = np.where(np.isnan(paid), left, paid)
    estimated = np.isnan(told)
    return np.where(estimated, _estimate(past, config), told), estimated


def _estimate(past: pd.DataFrame, config: CountryConfig) -> np.ndarray:
    """s S + J won; where it is not known whether it was won, the expected payout of section 3 of the contract."""
    tickets, chance = past["tickets_sold"].to_numpy(dtype=float), config.prob_single_ticket_win
    expected = tickets * chance if config.jackpot_prize == "per_winner" else -np.expm1(tickets * np.log1p(-chance))
    won = past["jackpot_won"].to_numpy(dtype=float)
    times = np.where(np.isnan(won), expected, won)
    lower = config.secondary_prize_payout_percentage * past["sales"].to_numpy(dtype=float)
    return lower + times * past["jackpot_announced"].to_numpy(dtype=float)
