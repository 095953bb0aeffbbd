"""What the rows of a country say of its game, before anybody has written its configuration.

Rows are read by the same checks as ever, with a provisional configuration: bounds as wide as the jackpots, odds and shares that nothing
here looks at.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from lottery_assets import demand, sales
from lottery_assets.country import CountryConfig
from lottery_assets.onboarding import steps
from lottery_assets.onboarding.odds import chance_of_a_ticket
from lottery_assets.sales.cells import numbers, texts

RECENT = 208
"""Weeks that say how jackpots are announced and won today: four years."""
LATELY = 104
"""Weeks whose payout ratio is today's."""
YEAR = 52


@dataclass(frozen=True, eq=False)
class Evidence:
    """One country's weeks. `weekly`: its tidy frame; `price`: of a ticket, local currency, None where no row tells it."""

    country: str
    weekly: pd.DataFrame
    price: float | None
    model: demand.SalesModel

    @cached_property
    def past(self) -> pd.DataFrame:
        """Weeks with sales that are no data faults."""
        past = sales.history(self.weekly)
        return past[~past["set_aside"].astype(bool)]

    @cached_property
    def recent(self) -> pd.DataFrame:
        """The last four years of them."""
        return self.past.tail(RECENT)

    @cached_property
    def jackpots(self) -> np.ndarray:
        """Announced in recent weeks without a special draw (in all, where each has one), millions."""
        plain = self.recent[self.recent["special_draw"] != 1]
        return (plain if len(plain) else self.recent)["jackpot_announced"].to_numpy(float)

    @cached_property
    def step(self) -> float:
        """Millions that nearly all of these jackpots are whole multiples of."""
        return steps.step(self.jackpots)

    @cached_property
    def range(self) -> tuple[float, float]:
        """Lowest and highest of these jackpots that are multiples of the step, millions."""
        return steps.within(self.jackpots, self.step)

    @cached_property
    def price_since(self) -> pd.Timestamp:
        """Week from which on tickets cost what they cost last."""
        prices = self.past["ticket_price"].to_numpy(float)
        other = np.flatnonzero(~np.isclose(prices, prices[-1]))
        return pd.Timestamp(self.past["week_start"].iloc[other[-1] + 1 if other.size else 0])

    @cached_property
    def draws(self) -> pd.DataFrame:
        """Recent weeks of which it is known whether the jackpot fell."""
        return self.recent[self.recent["jackpot_won"].notna()]

    @cached_property
    def falls(self) -> int:
        """Of these, weeks in which it fell."""
        return int(self.draws["jackpot_won"].sum())

    @cached_property
    def chance(self) -> tuple[float, float, float] | None:
        """Chance of one ticket: as the falls have it, and the ends of its 95 % interval; None where it never fell."""
        return chance_of_a_ticket(self.draws["tickets_sold"].to_numpy(float), self.falls)

    @cached_property
    def lower_prizes(self) -> float | None:
        """Share of sales paid in lower prizes, of recent weeks whose prizes the file tells: prizes less the jackpot where it fell."""
        known = self.draws[~self.draws["prizes_estimated"].astype(bool)]
        if not len(known):
            return None
        left = known["prizes"] - known["jackpot_announced"] * known["jackpot_won"]
        share = float(left.sum() / known["sales"].sum())
        return share if 0 < share < 1 else None

    @cached_property
    def ratios(self) -> tuple[float, float] | None:
        """Lowest and highest 52-week payout ratio of the last two years, prizes as the file tells them; None where it does not, or too few weeks."""
        if len(self.past) < YEAR or self.past["prizes_estimated"].tail(YEAR + LATELY).any():
            return None
        sums = self.past[["prizes", "sales"]].rolling(YEAR).sum().dropna().tail(LATELY)
        ratio = sums["prizes"] / sums["sales"]
        return float(ratio.min()), float(ratio.max())

    @cached_property
    def moves(self) -> tuple[float, float]:
        """Largest rise, and largest fall but after a win, from one recent week to the next, millions; special draws aside."""
        plain = self.recent[self.recent["special_draw"] != 1]
        change = plain["jackpot_announced"].diff()
        unwon = change[plain["jackpot_won"].shift(1) != 1]
        return float(max(change.max(), 0.0)), float(max(-unwon.min(), 0.0))


def evidence(country: str, raw: pd.DataFrame, source: str) -> Evidence:
    """`raw`: sales as text, one country or many. Raises BadInput with every fault of the country's rows, and where they are under eight weeks."""
    price = _price(raw, country)
    config = _provisional(country, raw, price)
    weekly = sales.weekly_sales(raw, config, source=source)
    return Evidence(country, weekly, price, demand.fit(demand.features(weekly, config)))


def _provisional(country: str, raw: pd.DataFrame, price: float | None) -> CountryConfig:
    jackpots = _cells(raw, country, "jackpot_announced")
    jackpots = jackpots[np.isfinite(jackpots) & (jackpots > 0)]
    low, high = np.quantile(jackpots, [0.05, 0.95]) if jackpots.size else (1.0, 1.0)
    return CountryConfig.model_validate(
        {
            "country_name": country,
            "currency": "XAF",
            "ticket_price": price or 1.0,
            "prob_single_ticket_win": 1e-7,
            "secondary_prize_payout_percentage": 0.0,
            "min_payout_ratio_12m": 0.0,
            "min_jackpot": float(low),
            "max_jackpot": float(high),
            "optimization_grid_steps": 2,
            "available_cash": 0.0,
            "safety_buffer": 0.0,
            "horizon_weeks": 1,
        }
    )


def _price(raw: pd.DataFrame, country: str) -> float | None:
    """The last one told; where none is, what the last tickets brought in each."""
    for told in (
        _cells(raw, country, "ticket_price"),
        _cells(raw, country, "sales_revenue") / np.maximum(_cells(raw, country, "tickets_sold"), 1.0),
    ):
        known = told[np.isfinite(told) & (told > 0)]
        if known.size:
            return float(f"{known[-1]:.6g}")
    return None


def _cells(raw: pd.DataFrame, country: str, column: str) -> np.ndarray:
    """A column's numbers in the country's sold weeks, by week; NaN where there is none."""
    own = raw[texts(raw["country"]) == country].sort_values("week_start", kind="stable")
    own = own[numbers(own["tickets_sold"]).values > 0]
    return numbers(own[column]).values if column in own.columns else np.full(len(own), np.nan)
