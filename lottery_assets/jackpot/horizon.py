"""Many weeks in numbers: what each jackpot would bring in each planned week, given the jackpots planned before it.

A path holds one place on the grid for each week, [H]; paths are looked at many at once, [M, H]. After the last planned week one and
the same jackpot is held for `HOLD` more weeks whatever the path, the best that could be announced for good: so a plan is worth what
its own weeks earn and what its jackpots do to habit, and prizes that the ratio's floor is still owed at the end are charged in full.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from lottery_assets.country import CountryConfig
from lottery_assets.demand import Habit, Tickets
from lottery_assets.jackpot.problem import RATIO_WEEKS, JackpotProblem, marketing, problem, ratio_history
from lottery_assets.jackpot.winners import chance_of_a_win, winners_exceeded
from lottery_assets.sales import planned

HOLD = 14
"""Weeks beyond the plan that count (a quarter of a year)."""
NODES = 16
"""Equally likely futures of a planned week's tickets; each stands for neighbouring draws, so means are kept exactly."""


class Course(NamedTuple):
    """Paths played through in expectation, [M, H + HOLD] each, in millions; `lift`: what memory adds to log tickets."""

    sales: np.ndarray
    secondary: np.ndarray
    payout: np.ndarray
    net: np.ndarray
    lift: np.ndarray


class Held(NamedTuple):
    """A week of each jackpot held for good, [G]: net revenue [millions], its slope in log tickets, and whether its own ratio and today's
    cash allow it (where none is allowed: the nearest ones)."""

    net: np.ndarray
    slope: np.ndarray
    allowed: np.ndarray


@dataclass(frozen=True, eq=False)
class Horizon:
    """The planned weeks of one country. `tickets` [H, NODES, G]; the first week's exact figures are those of `first`."""

    first: JackpotProblem
    week_starts: tuple[date, ...]
    tickets: np.ndarray
    prices: np.ndarray
    """Of a ticket, [H], local currency."""
    marketing: np.ndarray
    """[H], millions."""
    history_sales: np.ndarray
    """Of each of the 51 calendar weeks before the coming one, oldest first, [51], millions; 0 where nothing was sold."""
    history_prizes: np.ndarray
    habit: Habit
    secondary_share: float
    chance: float
    """That one ticket wins."""
    per_winner: bool
    max_cash_breach: float
    lasting_share: float
    """Share of the variance of log tickets that all weeks have in common."""
    most_nodes: int = 200
    """After which HiGHS stops branching."""
    most_gap: float = 0.05
    """Relative gap above which nothing is announced."""
    by_ratio: bool = False
    """Whether a week that misses the ratio is judged by how far the ratio is off, and not by the prizes it lacks."""

    @property
    def weeks(self) -> int:
        """Planned weeks, H."""
        return len(self.week_starts)

    @property
    def jackpots(self) -> np.ndarray:
        """What may be announced, [G], millions."""
        return self.first.jackpots

    @cached_property
    def past_sales(self) -> np.ndarray:
        """Of the past weeks that still count in each week's 52-week ratio, [H + HOLD], millions."""
        return self._still_counted(self.history_sales)

    @cached_property
    def past_prizes(self) -> np.ndarray:
        """The same of prizes."""
        return self._still_counted(self.history_prizes)

    def _still_counted(self, history: np.ndarray) -> np.ndarray:
        return np.append(from_each(history), np.zeros(self.weeks + HOLD))[: self.weeks + HOLD]

    def known(self, week: int) -> int:
        """The planned week whose price, draws and season a week has: its own; beyond the plan, those of a week that sells middling well."""
        return week if week < self.weeks else self._typical

    @cached_property
    def _typical(self) -> int:
        later = np.arange(min(1, self.weeks - 1), self.weeks)
        return int(later[np.argsort(self.tickets[later].mean(axis=(1, 2)), kind="stable")[len(later) // 2]])

    @cached_property
    def spent(self) -> np.ndarray:
        """Marketing of each week, [H + HOLD], millions."""
        return np.array([self.marketing[self.known(week)] for week in range(self.weeks + HOLD)])

    @cached_property
    def held(self) -> int:
        """Place of the jackpot that would earn most if it were announced for good, habit at rest.

        Of those whose own ratio the regulator allows and that today's cash covers; if there are none, the one whose ratio is nearest.
        """
        net, _, allowed = self.held_for_good
        return int(np.argmax(np.where(allowed, net, -np.inf)))

    @cached_property
    def held_for_good(self) -> Held:
        """A typical week of each jackpot if it were announced for good, habit at rest."""
        p, week = self.first, self._typical
        tickets = self.tickets[week] * np.exp(self.habit.lift(week, *self.habit.at_rest(self.log_jackpots)))
        sales, payout = self._money(week, tickets, self.jackpots)
        prizes = self.secondary_share * sales + payout
        ceiling = np.inf if p.max_payout_ratio_12m is None else p.max_payout_ratio_12m
        off = np.maximum(p.min_payout_ratio_12m - prizes / sales, 0) + np.maximum(prizes / sales - ceiling, 0)
        off = off + 1e3 * (self.exposure[week] > p.available_cash - p.safety_buffer)
        winning = tickets * self.chance
        grows = payout if self.per_winner else self.jackpots * (winning * np.exp(-winning)).mean(axis=0)
        return Held(sales - prizes, (1 - self.secondary_share) * sales - grows, off <= off.min() + 1e-12)

    @property
    def stocks(self) -> tuple[float, float]:
        """Fast and slow stock before the coming week."""
        return self.habit.fast.start, self.habit.slow.start

    @cached_property
    def log_jackpots(self) -> np.ndarray:
        """[G], log millions."""
        return np.log(self.jackpots)

    @cached_property
    def exposure(self) -> np.ndarray:
        """What may have to be paid before any sales of the week are collected, [H, G]; memory does not move it."""
        if not self.per_winner:
            return np.tile(self.jackpots, (self.weeks, 1))
        winners = [winners_exceeded(week, self.chance) for week in self.tickets[1:]]
        return np.vstack([self.first.exposure, *(self.jackpots * number for number in winners)])

    def course(self, paths: np.ndarray) -> Course:
        """Expected money of each week along each path [M, H]."""
        return self._course(np.asarray(paths, int).T)

    def _course(self, places: np.ndarray) -> Course:
        """`places`: [H, M]."""
        weeks, many = self.weeks + HOLD, places.shape[1]
        sales, payout, lifts = (np.empty((weeks, many)) for _ in range(3))
        fast, slow = (np.full(many, stock) for stock in self.stocks)
        for week in range(weeks):
            known = self.known(week)
            place = places[week] if week < self.weeks else np.full(many, self.held)
            if week == 0:
                sales[week], payout[week] = self.first.expected_sales[place], self.first.expected_jackpot_payout[place]
                lifts[week] = 0.0
            else:
                lifts[week] = self.habit.lift(known, fast, slow)
                sales[week], payout[week] = self._week(known, place, lifts[week])
            fast = self.habit.fast.after(fast, self.log_jackpots[place])
            slow = self.habit.slow.after(slow, self.log_jackpots[place])
        spent = self.spent[:, None]
        secondary = self.secondary_share * sales
        return Course(sales.T, secondary.T, payout.T, (sales - secondary - payout - spent).T, lifts.T)

    def _week(self, week: int, place: np.ndarray, lift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected sales and jackpot payout [M] at places [M], where memory lifts log tickets by `lift` [M]."""
        sales, payout = (still[week, place] for still in self._still)
        if not self.habit.matters:
            return sales, payout
        more = np.exp(lift)
        if self.per_winner:
            return sales * more, payout * more
        falls = _mean(chance_of_a_win(self.tickets[week][:, place] * more, self.chance))
        return sales * more, self.jackpots[place] * falls

    def outcome(self, week: int, places: np.ndarray, lift: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Expected sales, jackpot payout [millions] and chance of a fall at places [N] and lifts [N]."""
        if week == 0:
            p = self.first
            return p.expected_sales[places], p.expected_jackpot_payout[places], p.chance_falls[places]
        known = self.known(week)
        tickets = self.tickets[known][:, places] * np.exp(lift)
        return *self._money(known, tickets, self.jackpots[places]), chance_of_a_win(tickets, self.chance).mean(axis=0)

    def remembered(self, fast: np.ndarray, slow: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both stocks after jackpots at `places`."""
        return self.habit.fast.after(fast, self.log_jackpots[places]), self.habit.slow.after(
            slow, self.log_jackpots[places]
        )

    def at(self, week: int, lift: float) -> tuple[np.ndarray, np.ndarray]:
        """Expected sales and jackpot payout of planned week `week` at every jackpot, [G], where memory adds `lift`."""
        if week == 0:
            return self.first.expected_sales, self.first.expected_jackpot_payout
        return self._week(week, np.arange(len(self.jackpots)), np.full(len(self.jackpots), lift))

    def _money(self, week: int, tickets: np.ndarray, jackpots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean = _mean(tickets)
        falls = self.chance * mean if self.per_winner else _mean(chance_of_a_win(tickets, self.chance))
        return mean * self.prices[week] / 1e6, jackpots * falls

    @property
    def still_sales(self) -> np.ndarray:
        """Expected sales [H, G] where memory lifts nothing, millions."""
        return self._still[0]

    def at_lifts(self, week: int, lifts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected jackpot payout [millions] and chance of a fall where memory lifts log tickets by `lifts` [L]: [L, G] each."""
        lifted = [self.tickets[week] * np.exp(lift) for lift in lifts]
        payout = np.array([self._money(week, tickets, self.jackpots)[1] for tickets in lifted])
        if not self.per_winner:
            return payout, payout / self.jackpots
        return payout, np.array([chance_of_a_win(tickets, self.chance).mean(axis=0) for tickets in lifted])

    @cached_property
    def _still(self) -> tuple[np.ndarray, np.ndarray]:
        """Expected sales and payout [H, G] where memory lifts nothing."""
        found = [self._money(week, self.tickets[week], self.jackpots) for week in range(self.weeks)]
        sales, payout = (np.array(rows) for rows in zip(*found, strict=True))
        sales[0], payout[0] = self.first.expected_sales, self.first.expected_jackpot_payout
        return sales, payout

    def over_52_weeks(self, course: Course) -> tuple[np.ndarray, np.ndarray]:
        """Prizes and sales [M, H + HOLD] of the 52 weeks that end with each week."""
        prizes, sales = (np.cumsum(values, axis=1) for values in (course.secondary + course.payout, course.sales))
        for sums in (prizes, sales):
            sums[:, RATIO_WEEKS + 1 :] -= sums[:, : -RATIO_WEEKS - 1].copy()
        return self.past_prizes + prizes, self.past_sales + sales

    def cash_before(self, course: Course) -> np.ndarray:
        """Expected cash [M, H] at the start of each week: today's and the net revenue of the weeks between; nothing else flows."""
        earned = np.cumsum(course.net[:, : self.weeks], axis=1)
        return self.first.available_cash + np.hstack([np.zeros((len(earned), 1)), earned[:, :-1]])

    def week(self, number: int, path: np.ndarray) -> JackpotProblem:
        """Planned week `number` as a decision of its own, after the path's weeks before it [H]: for the independent check.

        Whether a jackpot falls is decided then, so a planned week never counts as after a win unless that is likelier.
        """
        if number == 0:
            return self.first
        course = self.course(path[None, :])
        sales, payout = self.at(number, float(course.lift[0, number]))
        tickets = self.tickets[number] * np.exp(course.lift[0, number])
        before = path[:number]
        last = before[-1]
        fell = chance_of_a_win(
            self.tickets[number - 1][:, last] * np.exp(course.lift[0, number - 1]), self.chance
        ).mean()
        return replace(
            self.first,
            expected_sales=sales,
            expected_secondary_prizes=self.secondary_share * sales,
            expected_jackpot_payout=payout,
            chance_falls=chance_of_a_win(tickets, self.chance).mean(axis=0),
            exposure=self.exposure[number],
            cash_of_the_worst=np.full(len(self.jackpots), np.inf),
            marketing_spend=float(self.marketing[number]),
            past_sales=float(self.past_sales[number] + course.sales[0, :number].sum()),
            past_prizes=float(
                self.past_prizes[number] + (course.secondary + course.payout)[0, :number].sum(),
            ),
            available_cash=float(self.cash_before(course)[0, number]),
            last_jackpot=float(self.jackpots[last]),
            won_last_week=bool(fell >= 0.5),
        )


def _mean(futures: np.ndarray) -> np.ndarray:
    """Over the first axis; `ndarray.mean` says the same, and takes longer on few numbers: plans ask for it thousands of times."""
    return np.asarray(np.add.reduce(futures, axis=0) / len(futures))


def horizon(
    config: CountryConfig, weekly: pd.DataFrame, tickets: Sequence[Tickets], habit: Habit, lasting_share: float = 0.5
) -> Horizon:
    """The planned weeks of one country, from its tidy frame and the demand of each of them, the coming one first."""
    ahead = planned(weekly)
    sold, paid = ratio_history(weekly)
    return Horizon(
        first=problem(config, weekly, tickets),
        week_starts=tuple(pd.to_datetime(ahead["week_start"]).dt.date)[: len(tickets)],
        tickets=np.array([grouped(week.draws) for week in tickets]),
        prices=ahead["ticket_price"].to_numpy(float)[: len(tickets)],
        marketing=np.array([marketing(week) for _, week in ahead.iloc[: len(tickets)].iterrows()]),
        history_sales=sold,
        history_prizes=paid,
        habit=habit,
        secondary_share=config.secondary_prize_payout_percentage,
        chance=config.prob_single_ticket_win,
        per_winner=config.jackpot_prize == "per_winner",
        max_cash_breach=config.max_cash_breach,
        lasting_share=lasting_share,
        most_nodes=config.max_plan_nodes,
        most_gap=config.max_plan_gap,
    )


def from_each(values: np.ndarray) -> np.ndarray:
    """Sums from each place to the end."""
    return np.cumsum(values[::-1])[::-1]


def grouped(draws: np.ndarray) -> np.ndarray:
    """Means [NODES, G] of neighbouring draws [K, G], which come in order of how well the week sells."""
    return np.array([group.mean(axis=0) for group in np.array_split(draws, min(NODES, len(draws)))])
