"""Cash over the plan in many futures: who wins and how well weeks sell, the same futures for every plan (common random numbers).

A future's lowest cash is what is left when a jackpot falls before that week's sales are collected. `cash_at_risk` looks at the mean
of the worst share of futures (conditional value at risk, Rockafellar and Uryasev 2000). Futures are seeded by the coming week, so
the same inputs give the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from scipy.special import ndtr, pdtr

from lottery_assets.jackpot.horizon import Horizon

FUTURES = 5000
"""With 500 the mean of the worst twentieth was millions off on other futures."""
MOST_WINNERS = 1000


@dataclass(frozen=True, eq=False)
class Futures:
    """`luck` [S, H]: uniform, who wins; `node` [S, H]: which of the week's equally likely tickets are sold."""

    luck: np.ndarray
    node: np.ndarray

    @classmethod
    def drawn(cls, horizon: Horizon, seed: int = 0, many: int = FUTURES) -> Self:
        """Seeded by the coming week and `seed`. Weeks of one future sell well together as far as the level is in doubt."""
        rng = np.random.default_rng([horizon.week_starts[0].toordinal(), seed])
        common, own = rng.standard_normal((many, 1)), rng.standard_normal((many, horizon.weeks))
        normal = np.sqrt(horizon.lasting_share) * common + np.sqrt(1 - horizon.lasting_share) * own
        nodes = horizon.tickets.shape[1]
        node = np.minimum((ndtr(normal) * nodes).astype(int), nodes - 1)
        return cls(rng.random((many, horizon.weeks)), node)

    def only(self, which: np.ndarray) -> Self:
        """Some of the futures."""
        return type(self)(self.luck[which], self.node[which])


def lowest_cash(horizon: Horizon, paths: np.ndarray, futures: Futures) -> np.ndarray:
    """Lowest cash [S, M] of each future along each path [M, H], in millions."""
    paths = np.asarray(paths, int)
    lift = horizon.course(paths).lift
    cash = np.full((len(futures.luck), len(paths)), horizon.first.available_cash)
    lowest = np.full_like(cash, np.inf)
    for week in range(horizon.weeks):
        earned, paid = flows(horizon, week, paths[:, week], lift[:, week], futures)
        np.minimum(lowest, cash - paid, out=lowest)
        cash += earned - paid
    return lowest


def flows(
    horizon: Horizon, week: int, places: np.ndarray, lift: np.ndarray, futures: Futures
) -> tuple[np.ndarray, np.ndarray]:
    """What a week keeps of its sales and what its jackpot pays, [S, places]; memory lifts log tickets by `lift` [places]."""
    tickets, node = horizon.tickets[week][:, places] * np.exp(lift), futures.node[:, week]
    times = times_paid(horizon, tickets, futures.luck[:, week, None], lambda values: values[node])
    return kept(horizon, week, tickets)[node], horizon.jackpots[places] * times


def kept(horizon: Horizon, week: int, tickets: np.ndarray) -> np.ndarray:
    """Sales less lower prizes and marketing, of tickets of any shape [millions]."""
    return (1 - horizon.secondary_share) * horizon.prices[week] / 1e6 * tickets - horizon.marketing[week]


def times_paid(
    horizon: Horizon, tickets: np.ndarray, luck: np.ndarray, spread: Callable[[np.ndarray], np.ndarray] = np.asarray
) -> np.ndarray:
    """How often the jackpot is paid: once however many win, or once a winner. `spread` takes values of `tickets` to the shape of `luck`."""
    winners = -np.log1p(-horizon.chance) * tickets
    if not horizon.per_winner:
        return (luck > spread(np.exp(-winners))).astype(float)
    times = np.zeros(np.shape(spread(winners)))
    for number in range(MOST_WINNERS):
        more = luck > spread(pdtr(number, winners))
        if not more.any():
            break
        times += more
    return times


def mean_of_the_worst(lowest: np.ndarray, share: float) -> np.ndarray:
    """Mean over the worst `share` of futures of their lowest cash [S, M]: [M]. The future on the edge counts by its part."""
    number = share * len(lowest)
    whole = int(number)
    ordered = np.sort(np.partition(lowest, min(whole, len(lowest) - 1), axis=0)[: whole + 1], axis=0)
    total = ordered[:whole].sum(axis=0)
    if whole < len(lowest):
        total = total + (number - whole) * ordered[whole]
    return np.asarray(total / number)


def cash_of_the_worst(horizon: Horizon, paths: np.ndarray, futures: Futures) -> np.ndarray:
    """What `cash_at_risk` holds above the buffer, [M], millions: mean lowest cash of the worst share of futures."""
    return mean_of_the_worst(lowest_cash(horizon, paths, futures), horizon.max_cash_breach)


class Cut(NamedTuple):
    """What every plan must keep: constant + sum of the coefficients [H, G] of the chosen jackpots is at least the buffer."""

    constant: float
    coefficients: np.ndarray

    def kept(self, paths: np.ndarray) -> np.ndarray:
        """What paths [M, H] keep, [M], millions."""
        return np.asarray(self.constant + self.coefficients[np.arange(paths.shape[1]), paths].sum(axis=1))


def cut(horizon: Horizon, shares: np.ndarray, lift: np.ndarray, futures: Futures) -> Cut:
    """From the futures that end worst where each week's jackpot is announced by `shares` [H, G]; `lift` [H] of memory.

    Any set of that many futures, each looked at in any one week, ends at least as well as the worst: without memory the row holds
    for every plan, with memory for those whose stocks are near.
    """
    weeks, many = len(shares), len(futures.luck)
    flow, paid = np.zeros((many, weeks)), np.zeros((many, weeks))
    for week in range(weeks):
        some = np.flatnonzero(shares[week] > 1e-9)
        earned, out = flows(horizon, week, some, np.full(len(some), lift[week]), futures)
        flow[:, week], paid[:, week] = (earned - out) @ shares[week, some], out @ shares[week, some]
    cash = horizon.first.available_cash + np.cumsum(flow, axis=1) - flow - paid
    number = max(round(horizon.max_cash_breach * many), 1)
    worst = np.argsort(cash.min(axis=1), kind="stable")[:number]
    at = cash[worst].argmin(axis=1)
    coefficients, everything = np.zeros_like(shares), np.arange(shares.shape[1])
    picked = futures.only(worst)
    for week in range(weeks):
        earned, out = flows(horizon, week, everything, np.full(shares.shape[1], lift[week]), picked)
        coefficients[week] = ((earned - out) * (week < at)[:, None] - out * (week == at)[:, None]).mean(axis=0)
    return Cut(horizon.first.available_cash, coefficients)


class Risk:
    """Cash at risk of one horizon's plans, and the rows that plans so far have taught."""

    def __init__(self, horizon: Horizon, futures: Futures) -> None:
        self.horizon, self.futures = horizon, futures
        self.cuts: list[Cut] = []

    def nearby(self) -> "Risk":
        """To be used around one path: with memory, rows learnt elsewhere do not hold there."""
        return Risk(self.horizon, self.futures) if self.horizon.habit.matters else self

    def left(self, paths: np.ndarray) -> np.ndarray:
        """What stays above the buffer, [M], millions."""
        return cash_of_the_worst(self.horizon, paths, self.futures) - self.horizon.first.safety_buffer

    def left_at_most(self, paths: np.ndarray) -> np.ndarray:
        """The same from above, by the rows learnt, [M], millions."""
        kept = [cut.kept(paths) for cut in self.cuts] or [np.full(len(paths), np.inf)]
        return np.min(kept, axis=0) - self.horizon.first.safety_buffer

    def learn(self, path: np.ndarray) -> Cut:
        """The row that a path [H] teaches."""
        shares = np.zeros((self.horizon.weeks, len(self.horizon.jackpots)))
        shares[np.arange(len(path)), path] = 1.0
        self.cuts.append(cut(self.horizon, shares, self.horizon.course(path[None, :]).lift[0], self.futures))
        return self.cuts[-1]
