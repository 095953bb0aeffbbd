"""A world after a real game: a demand of its own, estimated from the sales of one country, and that country's own configuration.

The regulator's bounds are widened, where need be, to what a year of luck leaves: three standard deviations around the ratio that the
game's own jackpots have, and that of the one jackpot that would earn most. Nothing of the product's model is in it: one least-squares fit of log tickets on a curve that never falls, two waves of the year, a drift that ends
today, the number of draws, the price and one mean of past jackpots. Special weeks are left out, and every week has the usual number of draws.
"""

from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

import numpy as np
import pandas as pd
from scipy.optimize import lsq_linear

from lottery_assets import sales
from lottery_assets.country import CountryConfig
from lottery_assets.jackpot.problem import RATIO_WEEKS
from lottery_assets.jackpot.winners import jackpots_paid, winners_exceeded
from lottery_assets.simulation.families import LONGEST
from lottery_assets.simulation.market import Calendar, Market, Memory, Noise, Truth

HISTORY = 260
KNOTS = (0.2, 0.4, 0.6, 0.8, 0.9)
"""Quantiles of log jackpot at which the elasticity may change."""
STAYS = (0.5, 0.7, 0.85, 0.92)
"""Share of the mean of past jackpots that stays a week: the one that fits best."""
LASTING = 0.85
"""Share of the autocorrelated noise that stays a week."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """What one country's sales say. `curve`: knots and cumulative slopes; `waves` [4]: of two pairs."""

    knots: np.ndarray
    slopes: np.ndarray
    level: float
    usual: float
    waves: np.ndarray
    memory: Memory
    noise: Noise

    def curve(self, log_jackpot: np.ndarray) -> np.ndarray:
        """Log tickets relative to the usual jackpot's."""
        return np.asarray(_hinges(log_jackpot, self.knots, self.usual) @ self.slopes)


def world(config: CountryConfig, sales_frame: pd.DataFrame, seed: int) -> Market:
    """The country's market after its last week with sales. Raises BadInput where the rows are at fault."""
    weekly = sales.history(sales.weekly_sales(sales_frame, config)).tail(HISTORY).reset_index(drop=True)
    found = estimate(weekly)
    days = Calendar(weekly["week_start"].iloc[-1].date() - timedelta(weeks=len(weekly) - 1), len(weekly), LONGEST)
    announced = _ordinary(weekly)
    jackpots = config.jackpots
    snapped = jackpots[np.abs(jackpots[None, :] - announced[:, None]).argmin(axis=1)]
    truth = Truth(
        found.curve,
        found.level + _waves(days.mondays) @ found.waves,
        np.zeros(days.weeks),
        found.usual,
        found.memory,
        found.noise,
    )
    settings = config.model_dump(mode="json", exclude_none=True)
    settings |= _bounds(config, snapped[-RATIO_WEEKS - 1 :], found)
    known = pd.DataFrame({"ticket_price": config.ticket_price, "jackpot_won": weekly["jackpot_won"].fillna(0.0)})
    rng = np.random.default_rng([crc32(config.country_name.encode()), seed])
    return Market(settings, jackpots, truth, days, lambda week, *_: float(snapped[week]), rng, known)


def _bounds(config: CountryConfig, announced: np.ndarray, found: Estimate) -> dict[str, float | None]:
    """The config's bounds of the payout ratio, and what luck needs beyond them at jackpots announced [52] and at the best one."""
    price, share, chance = config.ticket_price, config.secondary_prize_payout_percentage, config.prob_single_ticket_win
    per_winner = config.jackpot_prize == "per_winner"
    tickets = np.exp(found.level + found.curve(np.log(config.jackpots)))
    exposure = config.jackpots * (winners_exceeded(tickets[None, :], chance) if per_winner else 1)
    net = (1 - share) * price * tickets / 1e6 - config.jackpots * jackpots_paid(tickets, chance, per_winner)
    covered = exposure <= (config.available_cash or np.inf) - config.safety_buffer
    best = config.jackpots[np.argmax(np.where(covered, net, -np.inf))]
    floor, ceiling = config.min_payout_ratio_12m, config.max_payout_ratio_12m or 0.0
    for jackpots in (announced, np.full(RATIO_WEEKS + 1, best)):
        tickets = np.exp(found.level + found.curve(np.log(jackpots)))
        paid, sold = jackpots_paid(tickets, chance, per_winner), tickets.sum() * price / 1e6
        usual = share + jackpots @ paid / sold
        variance = paid if per_winner else paid * (1 - paid)  # of how often it is paid: Poisson, or once or not
        luck = 3 * np.sqrt(jackpots**2 @ variance) / sold
        floor, ceiling = min(floor, max(usual - luck, 0.0)), max(ceiling, usual + luck)
    bounded = config.max_payout_ratio_12m is not None and ceiling < 1
    return {"min_payout_ratio_12m": round(floor, 2), "max_payout_ratio_12m": round(ceiling, 2) if bounded else None}


def estimate(weekly: pd.DataFrame) -> Estimate:
    """From the weeks with sales of the tidy frame; weeks set aside and special ones are left out."""
    log_jackpot = np.log(_ordinary(weekly))
    use = ((weekly["special_draw"] == 0) & ~weekly["set_aside"].astype(bool)).to_numpy()
    usual, knots = float(np.median(log_jackpot[use])), np.quantile(log_jackpot[use], KNOTS)
    log_tickets = np.log(np.where(use, weekly["tickets_sold"], 1.0))
    others = np.column_stack(
        [
            np.ones(len(weekly)),
            np.arange(len(weekly)) - len(weekly) + 1,
            np.log(np.maximum(weekly["n_draws"], 1.0) / max(weekly["n_draws"].tail(52).median(), 1.0)),
            np.log(weekly["ticket_price"] / weekly["ticket_price"].iloc[-1]),
            _waves(pd.DatetimeIndex(weekly["week_start"])),
        ]
    )
    hinges = _hinges(log_jackpot, knots, usual)
    fits = [_fit(hinges, others, _stock(log_jackpot, stays) - usual, log_tickets, use) for stays in STAYS]
    which = int(np.argmin([errors @ errors for _, errors in fits]))
    found, errors = fits[which]
    slopes, level, waves = found[: hinges.shape[1]], float(found[hinges.shape[1]]), found[-5:-1]
    return Estimate(knots, slopes, level, usual, waves, Memory(float(found[-1]), STAYS[which]), _noise(errors))


def _fit(
    hinges: np.ndarray, others: np.ndarray, stock: np.ndarray, y: np.ndarray, use: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (hinges, others, stock) and errors; slopes are cumulative, so that none below zero means never falling."""
    matrix = np.column_stack([hinges, others, stock])[use]
    lower = np.r_[np.zeros(hinges.shape[1]), np.full(matrix.shape[1] - hinges.shape[1], -np.inf)]
    found = lsq_linear(matrix, y[use], bounds=(lower, np.inf)).x
    return found, y[use] - matrix @ found


def _hinges(log_jackpot: np.ndarray, knots: np.ndarray, usual: float) -> np.ndarray:
    """How far each band between the knots is climbed, [..., knots + 1], less that of the usual jackpot."""
    edges = np.r_[-np.inf, knots, np.inf]
    log = np.asarray(log_jackpot, float)[..., None]
    climbed = np.clip(log, edges[:-1], edges[1:]) - np.clip(usual, edges[:-1], edges[1:])
    return np.asarray(climbed)


def _stock(log_jackpot: np.ndarray, stays: float) -> np.ndarray:
    stock = np.empty_like(log_jackpot)
    level = float(np.median(log_jackpot))
    for week, log in enumerate(log_jackpot):
        stock[week] = level
        level = stays * level + (1 - stays) * log
    return stock


def _waves(mondays: pd.DatetimeIndex) -> np.ndarray:
    angle = 2 * np.pi * np.asarray(mondays.day_of_year) / 365.25
    return np.column_stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])


def _noise(errors: np.ndarray) -> Noise:
    variance = float(errors.var())
    lasting = float(np.clip((errors[1:] @ errors[:-1]) / len(errors) / LASTING, 0.0, 0.8 * variance))
    return Noise(float(np.sqrt(variance - lasting)), float(np.sqrt(lasting)), LASTING)


def _ordinary(weekly: pd.DataFrame) -> np.ndarray:
    """Announced jackpots [weeks, millions]; a special week, or one set aside, has that of the week before."""
    usable = (weekly["special_draw"] == 0) & ~weekly["set_aside"].astype(bool)
    return weekly["jackpot_announced"].where(usable).ffill().bfill().to_numpy(float)
