"""The planner who knows: dynamic programming over the weeks to come, the stock of past jackpots and the last jackpot.

He knows the demand of every week, breaks included, and `AFTERWARDS` more weeks than are counted. Payout ratio and cash he keeps week by
week, as every policy has to; that today's prizes count in the ratio of the weeks to come he sees as a price of prizes, the best of
`PRICES` in hindsight.
"""

import copy
from dataclasses import dataclass

import numpy as np

from lottery_assets.country import CountryConfig
from lottery_assets.simulation.market import AFTERWARDS, Market
from lottery_assets.simulation.rules import Books

PRICES = (0.0, 0.1, 0.25, 0.5, 1.0, -0.1, -0.25, -0.5)
"""What a million of prizes counts in millions of revenue; below zero where the ceiling is near."""
STOCKS = 41
"""Points of the stock of past jackpots, interpolated between."""


@dataclass(frozen=True, eq=False)
class Values:
    """What the weeks to come are worth: `later` [weeks + 1, L, K] for the last jackpot and the stock; L is 1 without step rules."""

    later: np.ndarray
    stocks: np.ndarray

    def after(self, week: int, last: np.ndarray, stock: np.ndarray) -> np.ndarray:
        """From week `week` on, for last jackpots (places) and stocks, broadcast."""
        place = np.clip((stock - self.stocks[0]) / (self.stocks[1] - self.stocks[0]), 0, len(self.stocks) - 1)
        left = np.minimum(place.astype(int), len(self.stocks) - 2)
        weight = place - left
        last = np.minimum(last, self.later.shape[1] - 1)
        table = self.later[week]
        return np.asarray((1 - weight) * table[last, left] + weight * table[last, left + 1])


def values(market: Market, config: CountryConfig, weeks: int, price: float = 0.0) -> Values:
    """Backwards over the coming `weeks` and those after them; of the rules only the steps count here, and the price of prizes."""
    logs, first = np.log(market.jackpots), market.week
    low, high = min(logs[0], float(market.stock)), max(logs[-1], float(market.stock))
    stocks = np.linspace(low, high, STOCKS)
    stepped = config.max_step_up is not None or config.max_step_down is not None
    many, total = len(logs), min(weeks + AFTERWARDS, market.calendar.weeks - market.week)
    found = Values(np.zeros((total + 1, many if stepped else 1, STOCKS)), stocks)
    places, after = np.arange(many)[:, None], market.truth.memory.after(stocks[None, :], logs[:, None])
    forbidden = _forbidden(market.jackpots, config)[:, :, None] if stepped else None
    for week in range(total - 1, -1, -1):
        worth = _priced(market, config, first + week, market.jackpots[:, None], stocks[None, :], price)
        worth = worth + found.after(week + 1, places, after)
        if forbidden is None:
            found.later[week, 0] = worth.max(axis=0)
        else:
            found.later[week] = np.where(forbidden, -np.inf, worth[None]).max(axis=1)
    return found


def net_revenue(market: Market, weeks: int) -> float:
    """What he earns in expectation over the coming `weeks`, in millions, with the market's own noise and luck."""
    return max(_played(market, weeks, price) for price in PRICES)[1]


def _played(market: Market, weeks: int, price: float) -> tuple[int, float]:
    """Weeks in which no jackpot kept every rule, counted down from 0, and what was earned."""
    market = copy.deepcopy(market)
    config = CountryConfig.model_validate(dict(market.config))
    books, worth = Books.opened(config, market.history), values(market, config, weeks, price)
    logs, places = np.log(market.jackpots), np.arange(len(market.jackpots))
    earned, broken = 0.0, 0
    for week in range(weeks):
        stock = np.asarray(market.stock)
        tickets = np.exp(market.truth.log_tickets(market.week, logs, stock))
        kept = books.kept(market.jackpots, tickets, market.available_cash)
        total = _priced(market, config, market.week, market.jackpots, stock, price)
        total = total + worth.after(week + 1, places, market.truth.memory.after(stock, logs))
        place = int(np.argmax(np.where(kept, total, -np.inf)))
        if not kept.any():
            place = books.least_broken(market.jackpots, tickets, market.available_cash)
            broken += 1
        earned += float(market.expected_net(market.week, market.jackpots[place], stock))
        books = books.after(market.play(float(market.jackpots[place])))
    return -broken, earned


def _priced(
    market: Market, config: CountryConfig, week: int, jackpots: np.ndarray, stock: np.ndarray, price: float
) -> np.ndarray:
    """Net revenue, and the price of what the prizes are above the floor's share of sales (below zero: the ceiling's)."""
    net = market.expected_net(week, jackpots, stock)
    if price == 0:
        return net
    bound = config.min_payout_ratio_12m if price > 0 else config.max_payout_ratio_12m or 1.0
    sold = market.price * np.exp(market.truth.log_tickets(week, np.log(jackpots), stock)) / 1e6
    return np.asarray(net + price * (sold - net - bound * sold))


def _forbidden(jackpots: np.ndarray, config: CountryConfig) -> np.ndarray:
    """[G last, G next]."""
    rise = jackpots[None, :] - jackpots[:, None]
    up = np.inf if config.max_step_up is None else config.max_step_up
    down = np.inf if config.max_step_down is None else config.max_step_down
    return np.asarray((rise > up + 1e-9) | (rise < -down - 1e-9))
