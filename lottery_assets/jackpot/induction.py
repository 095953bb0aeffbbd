"""Backward induction over (week, last jackpot, fallen or not): the best policy where the ratio's rules are paid for.

Its value bounds every policy, also those that look further back, up to the grid of the stocks.
"""

from typing import NamedTuple

import numpy as np

from lottery_assets.jackpot.appraisal import HAIR, appraise_ratio, lump, ratio_prices, rows
from lottery_assets.jackpot.arcs import arcs, best_within, ranges
from lottery_assets.jackpot.chain import Policy, Prospect
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.pricing import least_bound
from lottery_assets.jackpot.stocks import Prices, Stocks

DEARER = (1.02, 1.1, 1.3, 2.0, 5.0, 20.0)
LEAST = 1e-3
"""Where a rule costs nothing yet, what it is made dearer from."""
HALVINGS = 5
MIXED = 2
"""Policies whose parts are tried in the best one: those that earn most, and those that earn most within the rules."""
BETTER = 1e-5
"""Relative gain for which one more round is made."""
IMPOSSIBLE = -1e18


class Found(NamedTuple):
    """A policy met. `value` [G]: of each first jackpot, rules paid for at `prices`; `slack` [R] of the ratio's rules."""

    merit: float
    bound: float
    policy: Policy
    value: np.ndarray
    prospect: Prospect
    prices: np.ndarray
    slack: np.ndarray


class Program:
    """Backward induction, rules paid for.

    `allowed` [G]: of the coming week; places up to `cap` are open; `cash` [H]: what may be counted on before each week, millions.
    """

    def __init__(self, horizon: Horizon, allowed: np.ndarray, cap: int, cash: np.ndarray, points: int) -> None:
        self.h, self.allowed, self.stocks = horizon, allowed, Stocks(horizon, points)
        self.open = np.tile(np.arange(len(allowed)) <= cap, (horizon.weeks, 1))
        self.open &= horizon.exposure <= (cash - horizon.first.safety_buffer)[:, None] + 1e-9
        self.open[:, 0] = True  # something must be announced; whether cash covers it is checked apart
        self.arcs = arcs(horizon)
        self.ranges = [ranges(may) for may in self.arcs]

    def solved(self, start: np.ndarray | None, path: np.ndarray | None, near: Policy | None = None) -> Found:
        """The best policy met, and the lowest bound. The bound's own prices may want a throw of dice: single policies are sought beside it.

        `path` [H]: a plan that is blind to wins, as one more policy to begin with; `near`: a policy that was best where little was
        different.
        """
        self.met: list[Found] = []
        dearest = ratio_prices(self.h)
        least, priced = least_bound(self._best_at, start if start is not None else np.zeros(len(dearest)), dearest)
        self._dearer(priced, dearest)
        if path is not None:
            self._weighed(self._blind(path), self.met[0].value, priced)
        if near is not None:
            self._weighed(self._entered(near, self.met[0].policy.action), self.met[0].value, priced)
        while near is None and self._mixed():
            pass
        best = max(self.met, key=lambda one: one.merit)
        return best._replace(bound=max(least, best.merit))

    def _best_at(self, prices: np.ndarray) -> tuple[float, np.ndarray]:
        """For `least_bound`: value and slack of the best policy where rules cost `prices`."""
        bound, action, value = self._at(prices)
        return bound, self._weighed(action, value, prices).slack

    def _weighed(self, action: np.ndarray, value: np.ndarray, prices: np.ndarray) -> Found:
        policy = Policy(action, self.stocks.fast, self.stocks.slow)
        prospect = Prospect.of(self.h, policy)
        appraisal = appraise_ratio(self.h, prospect.course)
        found = Found(float(appraisal.merit[0]), np.inf, policy, value, prospect, prices, appraisal.slack[0])
        self.met.append(found)
        return found

    def _keeps(self, found: Found) -> bool:
        return bool(found.slack[1:].min() >= -lump(self.h) * HAIR)

    def _dearer(self, priced: np.ndarray, dearest: np.ndarray) -> None:
        """Rules made dearer until a policy keeps them, and then as cheap as they may be."""
        low, high = 1.0, 0.0
        for times in DEARER if not any(self._keeps(found) for found in self.met) else ():
            self._best_at(np.minimum(np.maximum(priced, LEAST) * times, dearest))
            if self._keeps(self.met[-1]):
                high = times
                break
            low = times
        for _ in range(HALVINGS if high else 0):
            middle = (low + high) / 2
            self._best_at(np.minimum(np.maximum(priced, LEAST) * middle, dearest))
            low, high = (low, middle) if self._keeps(self.met[-1]) else (middle, high)

    def _blind(self, path: np.ndarray) -> np.ndarray:
        """A path as a policy: wherever it finds itself, it announces what comes nearest to the path's jackpot."""
        near = np.abs(np.arange(self.arcs.shape[2])[None, :] - path[:, None])
        action = np.array([np.where(self.arcs, distance, np.inf).argmin(axis=2) for distance in near])
        action[0] = path[0]
        size = (len(path), 2, len(self.stocks.fast), len(self.stocks.slow), action.shape[2])
        return np.broadcast_to(action[:, :, None, None, :], size).copy()

    def _entered(self, near: Policy, found: np.ndarray) -> np.ndarray:
        """A policy on this grid of stocks, with the coming week of another where its own is not allowed any more."""
        stocks = np.meshgrid(self.stocks.fast, self.stocks.slow, np.arange(found.shape[-1]), indexing="ij")
        weeks, events = range(len(found)), (np.array(False), np.array(True))
        fast, slow, last = stocks
        action = np.array([[near.next(week, fell, fast, slow, last) for fell in events] for week in weeks])
        return action if self.allowed[near.first] else np.concatenate([found[:1], action[1:]])

    def _mixed(self) -> bool:
        """Parts of other policies put into the best one: whole stretches of weeks, single weeks, single events. True if that earns more."""
        best = max(self.met, key=lambda found: found.merit)
        by_net = sorted(self.met, key=lambda found: -float(found.prospect.course.net.sum()))
        by_merit = sorted(self.met, key=lambda found: -found.merit)
        tried = []
        for other in {id(found): found for found in (*by_net[:MIXED], *by_merit[:MIXED])}.values():
            mine, its = best.policy.action, other.policy.action
            for week in range(1, self.h.weeks):
                if np.array_equal(mine[week], its[week]):
                    continue
                tried += [np.concatenate([mine[:week], its[week:]]), np.concatenate([its[:week], mine[week:]])]
                for events in ([0, 1], [0], [1]):
                    action = mine.copy()
                    action[week, events] = its[week, events]
                    tried.append(action)
        for action in tried:
            self._weighed(action, best.value, best.prices)
        now = max(self.met, key=lambda found: found.merit)
        self.met = [*by_net[:MIXED], *by_merit[:MIXED], now]
        return now.merit > best.merit + BETTER * abs(best.merit)

    def _at(self, prices: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        """Bound, best action [H, 2, A, B, G] and value [G] of each first jackpot where the ratio's rules cost `prices`."""
        stocks, weeks, size = self.stocks, self.h.weeks, len(self.h.jackpots)
        stocks.price(Prices(zip(rows(self.h), prices, strict=False)))
        later = np.zeros((2, 1, 1, size))
        action = np.zeros((weeks, 2, *stocks.grid[0].shape, size), int)
        for week in range(weeks - 1, 0, -1):
            worth = self._onwards(week, later, *stocks.grid)
            later = np.empty((2, *worth.shape))
            for fell, (lowest, highest) in enumerate(self.ranges):
                action[week, fell], later[fell] = best_within(worth, lowest, highest)
        worth = self._onwards(0, later, *(np.array([[stock]]) for stock in self.h.stocks))[0, 0]
        value = np.where(self.allowed, worth, -np.inf)
        action[0] = int(np.argmax(value))
        return float(value.max()) + float(stocks.constant), action, value

    def _onwards(self, week: int, later: np.ndarray, fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
        """Worth [A, B, G] of each jackpot from `week` on; `later` [2, A, B, G]: by its fall, of having announced it."""
        stocks = self.stocks
        worth = np.where(self.open[week], stocks.worth(week, fast, slow), IMPOSSIBLE)
        if week == self.h.weeks - 1:
            return worth
        falls, after = stocks.falls(week, stocks.lift(week, fast, slow)), stocks.after(fast, slow)
        kept, fallen = (stocks.between(value, *after) for value in later)
        return np.asarray(worth + (1 - falls) * kept + falls * fallen)
