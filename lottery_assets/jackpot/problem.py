"""One decision in numbers: what each admissible jackpot would bring, what was paid before, what the rules allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from lottery_assets.country import CountryConfig
from lottery_assets.demand import Tickets
from lottery_assets.jackpot.winners import chance_of_a_win, mean_of_the_most, winners_exceeded
from lottery_assets.sales import coming_week, history, planned

RATIO_WEEKS = 51
"""Calendar weeks before the coming one that count in its 52-week payout ratio."""


LIMITS = {
    "min_jackpot",
    "max_jackpot",
    "min_payout_ratio_12m",
    "max_payout_ratio_12m",
    "available_cash",
    "safety_buffer",
    "max_step_up",
    "max_step_down",
    "no_fall_unless_won",
}
"""Keys of a configuration that rules compare with; each is a field of `JackpotProblem`."""


@dataclass(frozen=True, eq=False)
class JackpotProblem:
    """The coming week. Money in millions of local currency; [G]: one value for each admissible jackpot, ascending."""

    jackpots: np.ndarray
    expected_sales: np.ndarray
    expected_secondary_prizes: np.ndarray
    expected_jackpot_payout: np.ndarray
    chance_falls: np.ndarray
    """Chance that at least one ticket wins, [G]."""
    exposure: np.ndarray
    """What may have to be paid before any of the week's sales are collected, [G]."""
    cash_of_the_worst: np.ndarray
    """Mean of the week's lowest cash over the worst `max_cash_breach` share of futures, [G]."""
    marketing_spend: float
    past_sales: float
    """Of the 51 calendar weeks before."""
    past_prizes: float
    min_jackpot: float
    max_jackpot: float
    min_payout_ratio_12m: float
    max_payout_ratio_12m: float | None
    available_cash: float
    safety_buffer: float
    last_jackpot: float
    won_last_week: bool
    max_step_up: float | None = None
    max_step_down: float | None = None
    no_fall_unless_won: bool = False
    offered: np.ndarray | None = None
    """Jackpots left for the coming week by somebody beyond this country's rules, [G]; None: all."""

    def __post_init__(self) -> None:
        shape = self.jackpots.shape
        if len(shape) != 1 or not shape[0] or np.any(np.diff(self.jackpots) <= 0):
            raise ValueError(f"jackpots are one ascending row, not {shape}")
        for name in ("expected_sales", "expected_secondary_prizes", "expected_jackpot_payout", "chance_falls"):
            values = getattr(self, name)
            if values.shape != shape or not np.all(np.isfinite(values)) or np.any(values < 0):
                raise ValueError(f"{name}: {shape[0]} finite values of 0 or more are needed")

    @property
    def step(self) -> float:
        """Usual distance between neighbouring jackpots, millions; 0 where there is one only."""
        return float(np.median(np.diff(self.jackpots))) if len(self.jackpots) > 1 else 0.0

    @property
    def expected_net_revenue(self) -> np.ndarray:
        """Sales less all prizes and marketing, [G]."""
        return (
            self.expected_sales - self.expected_secondary_prizes - self.expected_jackpot_payout - self.marketing_spend
        )

    @property
    def prizes_52w(self) -> np.ndarray:
        """Prizes of the 51 weeks before and expected prizes of this, [G]."""
        return self.past_prizes + self.expected_secondary_prizes + self.expected_jackpot_payout

    @property
    def sales_52w(self) -> np.ndarray:
        """Sales of the same weeks, [G]."""
        return self.past_sales + self.expected_sales


class Money(NamedTuple):
    """What a week brings in expectation, [..., G], millions; `chance_falls` is the chance that the jackpot does."""

    sales: np.ndarray
    secondary_prizes: np.ndarray
    jackpot_payout: np.ndarray
    chance_falls: np.ndarray
    marketing_spend: float

    @property
    def net_revenue(self) -> np.ndarray:
        """Sales less all prizes and marketing, [..., G]."""
        return self.sales - self.secondary_prizes - self.jackpot_payout - self.marketing_spend


def money(config: CountryConfig, week: pd.Series, jackpots: np.ndarray, draws: np.ndarray) -> Money:
    """What jackpots [G, millions] bring in `week`, a row of the tidy frame, averaged over draws [..., K, G] of its tickets."""
    chance = config.prob_single_ticket_win
    sales = draws.mean(axis=-2) * float(week["ticket_price"]) / 1e6
    falls = chance_of_a_win(draws, chance).mean(axis=-2)
    winners = chance * draws.mean(axis=-2) if config.jackpot_prize == "per_winner" else falls
    return Money(sales, config.secondary_prize_payout_percentage * sales, jackpots * winners, falls, marketing(week))


def problem(config: CountryConfig, weekly: pd.DataFrame, tickets: Sequence[Tickets]) -> JackpotProblem:
    """The decision of one country: `weekly` is its tidy frame, `tickets` the demand of the planned weeks, the coming one first.

    Expectations are averages over the draws. Weeks set aside as data faults count neither in sales nor in prizes.
    """
    draws, jackpots = tickets[0].draws, tickets[0].jackpots
    chance = config.prob_single_ticket_win
    coming, past = planned(weekly).iloc[0], history(weekly)
    brings = money(config, coming, jackpots, draws)
    per_winner = config.jackpot_prize == "per_winner"
    exposure, worst = to_be_paid(jackpots, draws, chance, config.max_cash_breach, per_winner)
    past_sales, past_prizes = (float(values.sum()) for values in ratio_history(weekly))
    assert config.available_cash is not None  # noqa: S101 - weekly.decide refuses unknown cash
    return JackpotProblem(
        jackpots=jackpots,
        expected_sales=brings.sales,
        expected_secondary_prizes=brings.secondary_prizes,
        expected_jackpot_payout=brings.jackpot_payout,
        chance_falls=brings.chance_falls,
        exposure=exposure,
        cash_of_the_worst=config.available_cash - worst,
        marketing_spend=brings.marketing_spend,
        past_sales=past_sales,
        past_prizes=past_prizes,
        last_jackpot=float(past["jackpot_announced"].iloc[-1]),
        won_last_week=bool(past["jackpot_won"].iloc[-1] == 1),
        **config.model_dump(include=LIMITS),
    )


def to_be_paid(
    jackpots: np.ndarray, draws: np.ndarray, chance: float, share: float, per_winner: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Before any sales are collected, [G, millions] each: what may have to be paid, and the mean payout of the worst `share` of futures."""
    if per_winner:
        return jackpots * winners_exceeded(draws, chance), jackpots * mean_of_the_most(draws, chance, share)
    falls = chance_of_a_win(draws, chance).mean(axis=0)
    return jackpots, jackpots * np.minimum(falls / share, 1.0)


def ratio_history(weekly: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Sales and prizes [51, millions] of the calendar weeks before the coming one that count in its 52-week ratio, oldest first.

    Weeks without a row and weeks set aside as data faults hold zeros.
    """
    past = history(weekly)
    counted = past[~past["set_aside"].astype(bool)].set_index("week_start")[["sales", "prizes"]]
    weeks = coming_week(weekly) - pd.to_timedelta(7 * np.arange(RATIO_WEEKS, 0, -1), unit="D")
    found = counted.reindex(weeks).fillna(0.0)
    return found["sales"].to_numpy(float), found["prizes"].to_numpy(float)


def marketing(week: pd.Series) -> float:
    """Its planned marketing [millions]."""
    return 0.0 if pd.isna(week["marketing_spend"]) else float(week["marketing_spend"])
