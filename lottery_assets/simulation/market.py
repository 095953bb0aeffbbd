"""A market whose demand is known: the truth, the operator who ran it before, and the weeks that happen.

log tickets = level of the week + curve(log jackpot) + slope of the week x (log jackpot - usual) + memory + noise. Everything that
chance decides is drawn when the market is made, so every policy meets the same noise and the same luck.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lottery_assets.jackpot.winners import chance_of_a_win, jackpots_paid, winners_drawn

AFTERWARDS = 26
"""Weeks beyond the last that the planner who knows has in view: no policy plays as if the world ended."""


@dataclass(frozen=True)
class Memory:
    """What past jackpots do: weight x (mean of past log jackpots, `stays` of it kept a week, less the usual one).

    Jackpots below `counts_from` (log) count as that.
    """

    weight: float = 0.0
    stays: float = 0.0
    counts_from: float = -np.inf

    def after(self, stock: np.ndarray, log_jackpot: np.ndarray) -> np.ndarray:
        """The mean a week later."""
        return np.asarray(self.stays * stock + (1 - self.stays) * np.maximum(log_jackpot, self.counts_from))


NO_MEMORY = Memory()


@dataclass(frozen=True)
class Noise:
    """Of log tickets: white (sd) and autocorrelated (sd, share that stays a week)."""

    white: float = 0.05
    lasting: float = 0.04
    stays: float = 0.6

    @property
    def variance(self) -> float:
        """Of both together."""
        return self.white**2 + self.lasting**2

    def drawn(self, rng: np.random.Generator, weeks: int) -> np.ndarray:
        """[weeks]; the mean of exp(noise) is 1."""
        lasting, level = np.empty(weeks), rng.normal(0, self.lasting)
        for week, shock in enumerate(rng.normal(0, self.lasting * np.sqrt(1 - self.stays**2), weeks)):
            lasting[week] = level
            level = self.stays * level + shock
        return lasting + rng.normal(0, self.white, weeks) - self.variance / 2


@dataclass(frozen=True, eq=False)
class Truth:
    """Demand of all weeks, history included. `curve`: log jackpots [any shape] to log tickets relative to the level."""

    curve: Callable[[np.ndarray], np.ndarray]
    level: np.ndarray
    """Log tickets at the usual jackpot, [weeks]."""
    slope: np.ndarray
    """Added to the curve's own, [weeks]."""
    usual: float
    """Log jackpot."""
    memory: Memory = NO_MEMORY
    noise: Noise = Noise()

    def log_tickets(self, week: int, log_jackpot: np.ndarray, stock: np.ndarray) -> np.ndarray:
        """Log of the tickets expected, broadcast over jackpots and stocks."""
        return np.asarray(
            self.level[week]
            + self.curve(log_jackpot)
            + self.slope[week] * (log_jackpot - self.usual)
            + self.memory.weight * (stock - self.usual)
        )


Operator = Callable[[int, float, bool, np.random.Generator], float]
"""Who announced before: week, last jackpot [millions] and whether it fell, in; the next jackpot, out."""


class Calendar(NamedTuple):
    """When it plays: the first Monday, weeks of history, the longest game."""

    first: date
    history: int
    longest: int

    @property
    def weeks(self) -> int:
        """All of them, and those the planner has in view."""
        return self.history + self.longest + AFTERWARDS

    @property
    def mondays(self) -> pd.DatetimeIndex:
        """[weeks]."""
        return pd.date_range(self.first, periods=self.weeks, freq="7D")


class Market:
    """A world of the project's own. Cash above what the treasury opened with is paid over every week, as operators do."""

    def __init__(
        self,
        config: dict[str, Any],
        jackpots: np.ndarray,
        truth: Truth,
        calendar: Calendar,
        operator: Operator,
        rng: np.random.Generator,
        known: pd.DataFrame | None = None,
    ) -> None:
        """`jackpots` [G]: what may be announced; `known`: columns of the sales file that the history's rows have anyhow, [history]."""
        self.config, self.jackpots, self.truth, self.calendar = config, jackpots, truth, calendar
        self.chance = float(config["prob_single_ticket_win"])
        self.share, self.price = config["secondary_prize_payout_percentage"], config["ticket_price"]
        self.per_winner = config.get("jackpot_prize") == "per_winner"
        self.treasury = float(config["available_cash"])
        self._noise = truth.noise.drawn(rng, calendar.weeks)
        self._luck = rng.random(calendar.weeks)
        self.week, self.stock = 0, truth.usual
        self.available_cash = self.treasury
        rows, jackpot, fell = [], float(np.exp(truth.usual)), False
        for week in range(calendar.history):
            jackpot = operator(week, jackpot, fell, rng)
            row = self._happen(jackpot, None if known is None else known.iloc[week])
            fell = bool(row["jackpot_won"])
            rows.append(row)
        self.history = pd.DataFrame(rows)
        self.available_cash = self.treasury

    def expected_tickets(self, jackpot: float) -> float:
        """Tickets that the coming week sells in expectation."""
        return float(np.exp(self.truth.log_tickets(self.week, np.log(jackpot), np.asarray(self.stock))))

    def expected_net(self, week: int, jackpots: np.ndarray, stock: np.ndarray) -> np.ndarray:
        """Sales less all prizes [millions], at the tickets expected; broadcast."""
        tickets = np.exp(self.truth.log_tickets(week, np.log(jackpots), stock))
        payout = jackpots * jackpots_paid(tickets, self.chance, self.per_winner)
        return np.asarray((1 - self.share) * self.price * tickets / 1e6 - payout)

    def play(self, jackpot: float) -> dict[str, Any]:
        """The coming week happens."""
        return self._happen(jackpot)

    def oracle_net_revenue(self, weeks: int) -> float:
        """Of a planner who knows the demand; only before the first week is played."""
        from lottery_assets.simulation.oracle import net_revenue

        return net_revenue(self, weeks)

    def _happen(self, jackpot: float, known: pd.Series | None = None) -> dict[str, Any]:
        expected = self.expected_tickets(jackpot)
        price = self.price if known is None else float(known["ticket_price"])
        tickets = round(expected * float(np.exp(self._noise[self.week])))
        winners = self._winners(tickets, None if known is None else bool(known["jackpot_won"]))
        sales = tickets * price / 1e6
        prizes = self.share * sales + jackpot * (winners if self.per_winner else min(winners, 1))
        monday = self.calendar.mondays[self.week]
        self.stock = float(self.truth.memory.after(np.asarray(self.stock), np.log(jackpot)))
        self.available_cash = min(self.available_cash + sales - prizes, self.treasury)
        self.week += 1
        return {
            "country": self.config["country_name"],
            "week_start": monday.date().isoformat(),
            "jackpot_announced": jackpot,
            "tickets_sold": tickets,
            "ticket_price": price,
            "prizes_paid": round(prizes * 1e6),
            "jackpot_won": int(winners > 0),
        }

    def _winners(self, tickets: int, won: bool | None) -> int:
        """By the week's luck; where it is known whether the jackpot fell, by the luck of such weeks."""
        luck = float(self._luck[self.week])
        if won is not None:
            luck = luck * float(chance_of_a_win(np.asarray(tickets), self.chance)) if won else 1.0
        return winners_drawn(luck, tickets, self.chance)
