"""The planner who knows: dynamic programming over the weeks to come, the stock of past jackpots and the last jackpot.

He knows the demand of every week, breaks included, and `AFTERWARDS` more weeks than are counted. Payout ratio and cash he keeps week by
week, as every policy has to. What today's prizes do to the ratio and the cash of the weeks to come is not in his tables: it is in how he
plays, the best way in hindsight. First the price of prizes, of `PRICES`; then how much of the cash he dares to promise, of `MOST`, and
whether he is cautious.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lottery_assets.country import CountryConfig
from lottery_assets.jackpot.winners import winners_exceeded
from lottery_assets.simulation.market import AFTERWARDS, Market
from lottery_assets.simulation.rules import Books

PRICES = (0.0, 0.1, 0.25, 0.5, 1.0, -0.1, -0.25, -0.5)
"""What a million of prizes counts in millions of revenue; below zero where the ceiling is near."""
MOST = (0.85, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3)
"""Shares of what cash leaves above the buffer beyond which he announces nothing: a jackpot that falls ties the hands of the weeks after."""
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


@dataclass(frozen=True)
class Way:
    """How he plays. Cautious: should the jackpot fall, the step down from it leaves one that the cash left covers."""

    price: float
    most: float = 1.0
    cautious: bool = False


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
    return best(market, weeks)[1]


def best(market: Market, weeks: int) -> tuple[int, float]:
    """Weeks in which no jackpot kept every rule, counted down from 0, and what he earned, of the best way to play."""
    tried = {way: played(market, weeks, way) for way in map(Way, PRICES)}
    found = max(tried, key=lambda way: tried[way])
    return max([tried[found], *(played(market, weeks, way) for way in _beside(found, market))])


def _beside(way: Way, market: Market) -> Iterator[Way]:
    """Ways that are careful with cash, where that can change anything."""
    tied = market.config.get("max_step_down") is not None
    if tied:
        yield replace(way, cautious=True)
    before = np.count_nonzero(market.jackpots <= _room(market))
    for share in MOST:
        many = np.count_nonzero(market.jackpots <= share * _room(market))
        if 0 < many < before:
            yield from (replace(way, most=share, cautious=cautious) for cautious in {False, tied})
        before = many


def _room(market: Market) -> float:
    return market.treasury - float(market.config["safety_buffer"])


def played(market: Market, weeks: int, way: Way) -> tuple[int, float]:
    """The same of one way to play."""
    market, price = copy.deepcopy(market), way.price
    if way.most < 1:
        market.jackpots = market.jackpots[market.jackpots <= way.most * _room(market)]
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
        if way.cautious:
            free = kept & _free_after_a_fall(market, config, tickets)
            kept = free if free.any() else kept
        place = int(np.argmax(np.where(kept, total, -np.inf)))
        if not kept.any():
            place = books.least_broken(market.jackpots, tickets, market.available_cash)
            broken += 1
        earned += float(market.expected_net(market.week, market.jackpots[place], stock))
        books = books.after(market.play(float(market.jackpots[place])))
    return -broken, earned


def _free_after_a_fall(market: Market, config: CountryConfig, tickets: np.ndarray) -> np.ndarray:
    """Jackpots [G] after whose fall the week's sales and what is left of the cash cover one that the steps allow."""
    down = np.inf if config.max_step_down is None else config.max_step_down
    times = winners_exceeded(tickets[None, :], market.chance) if market.per_winner else 1
    following = np.maximum(market.jackpots - down, config.min_jackpot)
    left = market.available_cash + (1 - market.share) * market.price * tickets / 1e6 - times * market.jackpots
    return np.asarray(left - times * following >= config.safety_buffer)


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
