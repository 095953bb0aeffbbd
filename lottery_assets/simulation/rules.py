"""The rules as the regulator and the treasury see them afterwards: from what truly happened, and the demand that truly is.

Each week's rules are those of `jackpot.plan`, at the tickets that the world expects. `cash_at_risk` is a promise over many weeks and is counted as
cash that truly fell below the buffer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd

from lottery_assets import sales
from lottery_assets.country import CountryConfig
from lottery_assets.jackpot import RULES, JackpotProblem
from lottery_assets.jackpot.appraisal import CASH, RATIO, STEP
from lottery_assets.jackpot.problem import LIMITS, RATIO_WEEKS, ratio_history
from lottery_assets.jackpot.winners import chance_of_a_win, jackpots_paid, winners_exceeded
from lottery_assets.sales.prizes import prizes

PROMISED = "cash_at_risk"


@dataclass(frozen=True, eq=False)
class Books:
    """What the rules look back on: `sales` and `prizes` of the last 51 weeks [millions], the last jackpot and whether it fell."""

    config: CountryConfig
    sales: np.ndarray
    prizes: np.ndarray
    last_jackpot: float
    won: bool

    @classmethod
    def opened(cls, config: CountryConfig, history: pd.DataFrame) -> Self:
        """After the history. Raises BadInput where its rows are at fault."""
        weekly = sales.weekly_sales(history, config, source="the world's history")
        sold, paid = ratio_history(weekly)
        last = sales.history(weekly).iloc[-1]
        return cls(config, sold, paid, float(last["jackpot_announced"]), bool(last["jackpot_won"] == 1))

    def after(self, row: Mapping[str, Any]) -> Self:
        """A week later."""
        sold, paid = money(row, self.config)
        return replace(
            self,
            sales=np.append(self.sales, sold)[-RATIO_WEEKS:],
            prizes=np.append(self.prizes, paid)[-RATIO_WEEKS:],
            last_jackpot=float(row["jackpot_announced"]),
            won=bool(row.get("jackpot_won") == 1),
        )

    def kept(self, jackpots: np.ndarray, tickets: np.ndarray, cash: float) -> np.ndarray:
        """Whether each jackpot [G] keeps every rule of its week at the tickets expected of it [G]."""
        return np.logical_and.reduce([line.holds for line in self._lines(jackpots, tickets, cash).values()])

    def broken(self, jackpot: float, tickets: float, cash: float) -> tuple[str, ...]:
        """Rules that a jackpot breaks."""
        rules = self._lines(np.array([jackpot]), np.array([tickets]), cash)
        found = {name for name, line in rules.items() if not line.holds[0]}
        if not np.any(np.isclose(self.config.jackpots, jackpot, rtol=0, atol=1e-6)):
            found.add("jackpot_range")
        return tuple(name for name in RULES if name in found)

    def least_broken(self, jackpots: np.ndarray, tickets: np.ndarray, cash: float) -> int:
        """Place of the jackpot that breaks least where none keeps every rule, in the order of a recovery plan."""
        lines = self._lines(jackpots, tickets, cash)
        weights = {"cash_cover": CASH, "payout_ratio_floor": RATIO, "payout_ratio_ceiling": RATIO}
        lacks = [weights.get(name, STEP) * np.maximum(-line.slack, 0.0) for name, line in lines.items()]
        return int(np.argmin(np.sum(lacks, axis=0)))

    def net(self, jackpots: np.ndarray, tickets: np.ndarray, price: float | None = None) -> np.ndarray:
        """Sales less all prizes [millions] at the tickets expected, [G]."""
        sold = tickets * (self.config.ticket_price if price is None else price) / 1e6
        return (1 - self.config.secondary_prize_payout_percentage) * sold - self._payout(jackpots, tickets)

    def expected_net(self, jackpot: float, tickets: float, row: Mapping[str, Any]) -> float:
        """The same of one week, at the price of its row and less its marketing."""
        net = self.net(np.array([jackpot]), np.array([tickets]), _told(row, "ticket_price", self.config.ticket_price))
        return float(net[0]) - _told(row, "marketing_spend", 0.0)

    @property
    def _per_winner(self) -> bool:
        return self.config.jackpot_prize == "per_winner"

    def _payout(self, jackpots: np.ndarray, tickets: np.ndarray) -> np.ndarray:
        return np.asarray(jackpots * jackpots_paid(tickets, self.config.prob_single_ticket_win, self._per_winner))

    def _lines(self, jackpots: np.ndarray, tickets: np.ndarray, cash: float) -> dict[str, Any]:
        config, chance = self.config, self.config.prob_single_ticket_win
        sold = tickets * config.ticket_price / 1e6
        winners = winners_exceeded(tickets[None, :], chance) if self._per_winner else 1.0
        problem = JackpotProblem(
            jackpots=jackpots,
            expected_sales=sold,
            expected_secondary_prizes=config.secondary_prize_payout_percentage * sold,
            expected_jackpot_payout=self._payout(jackpots, tickets),
            chance_falls=chance_of_a_win(tickets, chance),
            exposure=jackpots * winners,
            cash_of_the_worst=np.full(len(jackpots), np.inf),
            marketing_spend=0.0,
            past_sales=float(self.sales[-RATIO_WEEKS:].sum()),
            past_prizes=float(self.prizes[-RATIO_WEEKS:].sum()),
            available_cash=cash,
            last_jackpot=self.last_jackpot,
            won_last_week=self.won,
            **config.model_dump(include=LIMITS - {"available_cash"}),
        )
        lines = {name: rule(problem) for name, rule in RULES.items() if name != PROMISED}
        return {name: line for name, line in lines.items() if line is not None}


def money(row: Mapping[str, Any], config: CountryConfig) -> tuple[float, float]:
    """Sales and prizes [millions] of a row of the sales file, the prizes as the tidy frame has them."""
    price = _told(row, "ticket_price", config.ticket_price)
    sold = _told(row, "sales_revenue", float(row["tickets_sold"]) * price) / 1e6
    columns = ("tickets_sold", "jackpot_announced", "jackpot_won", "marketing_spend", "prizes_paid", "net_revenue")
    week = pd.DataFrame({"sales": sold} | {name: _told(row, name, np.nan) for name in columns}, index=[0])
    paid, net = week["prizes_paid"].to_numpy() / 1e6, week["net_revenue"].to_numpy()
    return sold, float(prizes(week, paid, net, config)[0][0])


def _told(row: Mapping[str, Any], column: str, otherwise: float) -> float:
    value = row.get(column)
    return otherwise if value is None or pd.isna(value) else float(value)
