"""Who announces: the product, what it replaces, and what needs no thought. Each sees the rows so far and the cash, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lottery_assets import weekly
from lottery_assets.country import CountryConfig
from lottery_assets.demand.baselines import log_log
from lottery_assets.simulation.rules import Books


@dataclass(frozen=True, eq=False)
class Situation:
    """What is known when the coming week's jackpot is announced: `rows` of the sales file so far, cash [millions], and the rules' books."""

    config: CountryConfig
    rows: pd.DataFrame
    cash: float
    books: Books
    opening: pd.DataFrame
    """Rows before the first week that was played."""


@dataclass(frozen=True)
class Announced:
    """A jackpot [millions], the 80 % band of tickets where the policy says one, and whether it found no answer."""

    jackpot: float
    tickets_80: tuple[float, float] | None = None
    undecided: bool = False


def product(now: Situation) -> Announced:
    """What `recommend` says. Where no jackpot keeps every rule, people sign the first week of the way out that it names."""
    config = now.config.model_copy(update={"available_cash": now.cash})
    try:
        advice = weekly.advise(config, now.rows)
    except weekly.NoRecommendation as refused:
        recovery = refused.diagnosis.recovery
        return Announced(recovery.weeks[0].jackpot if recovery else now.books.last_jackpot, undecided=True)
    place = int(np.searchsorted(config.jackpots, advice.jackpot))
    low, high = advice.tickets.band(0.80)
    return Announced(advice.jackpot, (float(low[place]), float(high[place])))


def myopic(now: Situation) -> Announced:
    """The product, with no week in view but the coming one."""
    config = now.config.model_copy(update={"horizon_weeks": 1})
    return product(Situation(config, now.rows, now.cash, now.books, now.opening))


def first_pipeline(now: Situation) -> Announced:
    """Log-log least squares over all of history, the best jackpot of its point forecast; last week's where none keeps the rules."""
    sold = now.rows[now.rows["tickets_sold"] > 0]
    jackpots = now.config.jackpots
    tickets = log_log(np.log(sold["jackpot_announced"].to_numpy(float)), sold["tickets_sold"], np.log(jackpots))
    kept = now.books.kept(jackpots, tickets, now.cash)
    if not kept.any():
        return Announced(now.books.last_jackpot, undecided=True)
    return Announced(float(jackpots[np.argmax(np.where(kept, now.books.net(jackpots, tickets), -np.inf))]))


def fixed(now: Situation) -> Announced:
    """The jackpot that was usual before, every week."""
    usual = float(now.opening["jackpot_announced"].median())
    return Announced(float(now.config.jackpots[np.argmin(np.abs(now.config.jackpots - usual))]))


def last_week(now: Situation) -> Announced:
    """What was announced last week."""
    return Announced(now.books.last_jackpot)


Policy = Callable[[Situation], Announced]
POLICIES: dict[str, Policy] = {
    policy.__name__: policy for policy in (product, first_pipeline, fixed, last_week, myopic)
}
"""By name. `oracle` is the world's own."""
ORACLE = "oracle"
