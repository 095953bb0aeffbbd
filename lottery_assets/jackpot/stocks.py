"""Weeks on a grid of both stocks of past jackpots, rules paid for: what dynamic programming over memory is made of.

Without memory the grid is one point, and everything on it is exact.
"""

import numpy as np

from lottery_assets.demand import Stock
from lottery_assets.jackpot.horizon import HOLD, Horizon, from_each
from lottery_assets.jackpot.problem import RATIO_WEEKS
from lottery_assets.jackpot.risk import Cut

LIFTS = 41
"""Lifts at which payout and chance of a fall are tabulated; linear between them."""


class Prices(dict[str, float]):
    """What a million of relief of each row earns, zero or more, by the row's name in the program."""

    def by_week(self, rule: str, weeks: int) -> np.ndarray:
        """Of one rule, [H]."""
        return np.array([self.get(f"{rule}[{week}]", 0.0) for week in range(weeks)])


class Stocks:
    """The grid [A, B] of the fast and the slow stock, and a week's worth on it."""

    def __init__(self, horizon: Horizon, points: int) -> None:
        self.h = horizon
        self.fast, self.slow = (_grid(stock, horizon, points) for stock in (horizon.habit.fast, horizon.habit.slow))
        self.grid = np.meshgrid(self.fast, self.slow, indexing="ij")
        lifts = [horizon.habit.lift(week, *self.grid) for week in range(horizon.weeks)]
        self.lifts = np.linspace(np.min(lifts) - 1e-9, np.max(lifts) + 1e-9, LIFTS if horizon.habit.matters else 2)
        tables = [horizon.at_lifts(week, self.lifts) for week in range(horizon.weeks)]
        self.payouts, self.chances = ([table[kind] for table in tables] for kind in (0, 1))

    def price(self, prices: Prices, cuts: tuple[Cut, ...] = ()) -> None:
        """Sets what relief costs. Afterwards: `net`, `above`, `below` [H + HOLD], what a week's net revenue and its prizes above the
        floor and below the ceiling count; `added` [H, G], what each jackpot counts by itself; `constant`, the rules' right sides.
        """
        h, p, owed = self.h, self.h.first, prices.get("payout_ratio_floor_end", 0.0)
        floor, ceiling, cash, up, down = (
            prices.by_week(rule, h.weeks)
            for rule in ("payout_ratio_floor", "payout_ratio_ceiling", "cash_cover", "step_up", "step_down")
        )
        weeks = np.minimum(np.arange(h.weeks + HOLD), h.weeks)
        counted = np.arange(h.weeks + HOLD) >= h.weeks + HOLD - RATIO_WEEKS - 1
        self.net = np.append(1 + from_each(cash) - cash, 1.0)[weeks]
        self.above = np.append(from_each(floor), 0.0)[weeks] + owed * counted
        self.below = np.append(from_each(ceiling), 0.0)[weeks]
        slope = np.append((up - down)[1:], 0.0) - (up - down)
        self.added = slope[:, None] * h.jackpots - cash[:, None] * h.exposure
        above = h.past_prizes - p.min_payout_ratio_12m * h.past_sales
        self.constant = floor @ above[: h.weeks] + owed * above[-1] + cash.sum() * (p.available_cash - p.safety_buffer)
        if p.max_payout_ratio_12m is not None:
            self.constant += ceiling @ (p.max_payout_ratio_12m * h.past_sales - h.past_prizes)[: h.weeks]
        self.constant += up.sum() * (p.max_step_up or 0.0) + down.sum() * (p.max_step_down or 0.0)
        self.constant += (up[0] - down[0]) * p.last_jackpot
        for number, cut in enumerate(cuts):
            price = prices[f"cash_at_risk_ahead[{number + 1}]"]
            self.added = self.added + price * cut.coefficients
            self.constant += price * (cut.constant - p.safety_buffer)

    def worth(self, week: int, fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
        """Of each jackpot in a planned week where the stocks are `fast`, `slow` [A, B]: [A, B, G]; after the last one, what
        it does to the weeks beyond the plan."""
        h = self.h
        worth = self._reward(week, week, self.lift(week, fast, slow)) + self.added[week]
        if week < h.weeks - 1:
            return worth
        fast, slow = self.after(fast, slow)
        held = np.array([h.held])
        for later in range(h.weeks, h.weeks + HOLD):
            worth = worth + self._reward(later, h.known(later), h.habit.lift(h.known(later), fast, slow), held)
            fast, slow = h.remembered(fast, slow, held)
        return worth

    def lift(self, week: int, fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
        """Of log tickets, [A, B, 1]; nothing moves the coming week."""
        return self.h.habit.lift(week, fast, slow)[:, :, None] if week else np.zeros((*fast.shape, 1))

    def after(self, fast: np.ndarray, slow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both stocks a week later, by the jackpot: [A, B, G]."""
        fast, slow = (stock if stock.ndim == 3 else stock[:, :, None] for stock in (fast, slow))
        return self.h.habit.fast.after(fast, self.h.log_jackpots), self.h.habit.slow.after(slow, self.h.log_jackpots)

    def falls(self, week: int, lift: np.ndarray) -> np.ndarray:
        """Chance that each jackpot falls, [A, B, G], at lifts [A, B, 1]."""
        everyone = np.arange(len(self.h.jackpots))
        return self.h.first.chance_falls if week == 0 else self._tabulated(self.chances[week], lift, everyone)

    def between(self, value: np.ndarray, fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
        """`value` [A, B] or, by jackpot, [A, B, G] between grid points, at stocks [.., G]."""
        i, u = _placed(self.fast, fast)
        j, v = _placed(self.slow, slow)
        right, up = np.minimum(i + 1, len(self.fast) - 1), np.minimum(j + 1, len(self.slow) - 1)
        own = (np.arange(fast.shape[-1]),) if value.ndim == 3 else ()
        low = value[(i, j, *own)] * (1 - u) + value[(right, j, *own)] * u
        high = value[(i, up, *own)] * (1 - u) + value[(right, up, *own)] * u
        return np.asarray(low * (1 - v) + high * v)

    def _reward(self, week: int, known: int, lift: np.ndarray, places: np.ndarray | None = None) -> np.ndarray:
        """Priced net revenue of `week`, whose demand is that of the planned week `known`, at lifts [A, B, 1 or G]: [A, B, G].

        `places` [1]: one and the same jackpot; None: each its own.
        """
        p, share = self.h.first, self.h.secondary_share
        if week == 0:
            sales, payout = p.expected_sales, p.expected_jackpot_payout
        else:
            places = np.arange(len(self.h.jackpots)) if places is None else places
            sales = self.h.still_sales[known][places] * np.exp(lift)
            payout = self._tabulated(self.payouts[known], lift, places)
        prizes = share * sales + payout
        worth = self.net[week] * (sales - prizes - self.h.marketing[known])
        worth = worth + self.above[week] * (prizes - p.min_payout_ratio_12m * sales)
        if p.max_payout_ratio_12m is not None:
            worth = worth + self.below[week] * (p.max_payout_ratio_12m * sales - prizes)
        return np.asarray(worth)

    def _tabulated(self, table: np.ndarray, lift: np.ndarray, places: np.ndarray) -> np.ndarray:
        """A table [L, G] between its lifts, [A, B, G]."""
        row, weight = _placed(self.lifts, lift)
        return np.asarray(table[row, places] * (1 - weight) + table[row + 1, places] * weight)


def _grid(stock: Stock, horizon: Horizon, points: int) -> np.ndarray:
    low, high = np.maximum(horizon.log_jackpots[[0, -1]], stock.floor)
    even = np.linspace(min(stock.start, low), max(stock.start, high), points)
    return even if stock.coefficient and even[-1] > even[0] else np.array([stock.start])


def _placed(grid: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Left neighbour on an even grid, and the weight of the right one."""
    if len(grid) == 1:
        return np.zeros(value.shape, int), np.zeros(value.shape)
    exact = (value - grid[0]) / (grid[1] - grid[0])
    place = np.clip(exact.astype(int), 0, len(grid) - 2)
    return place, np.clip(exact - place, 0.0, 1.0)
