"""Six families of markets. A seed draws the size, the answer to the jackpot, the operator's past and the luck of each.

All are national games of one draw a week, in a made-up currency. What they share is in `_made`; what sets a family apart is its own function.
"""

from collections.abc import Callable
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np

from lottery_assets.country.grid import admissible
from lottery_assets.demand.calendar import calendar
from lottery_assets.simulation.market import NO_MEMORY, Calendar, Market, Memory, Noise, Operator, Truth

HISTORY = 156
LONGEST = 208
DAYS = Calendar(date(2019, 1, 7), HISTORY, LONGEST)
CONFIG: dict[str, Any] = {
    "currency": "EUR",
    "ticket_price": 2.0,
    "prob_single_ticket_win": 1 / 14_000_000,
    "secondary_prize_payout_percentage": 0.25,
    "min_payout_ratio_12m": 0.30,
    "max_payout_ratio_12m": 0.90,
    "min_jackpot": 2,
    "max_jackpot": 40,
    "announcement_step": 0.5,
    "available_cash": 150,
    "safety_buffer": 10,
    "max_experiment_step": 0.3,
}
"""Ratio and cash leave room in most weeks: what is asked of the families is the demand. The operator allows experiments."""


def constant_elasticity(seed: int) -> Market:
    """Tickets answer to every jackpot with the same elasticity: the world that the first pipeline believes in."""
    rng = _rng("constant_elasticity", seed)
    elasticity, usual = rng.uniform(0.25, 0.45), np.log(rng.uniform(6, 9))
    return _made("constant_elasticity", rng, usual, lambda log: elasticity * (log - usual), rolling(rng))


def s_curve(seed: int) -> Market:
    """Interest wakes around a jackpot that was never announced: the past knows four to eight millions only."""
    rng = _rng("s_curve", seed)
    usual, floor = np.log(5.5), rng.uniform(0.05, 0.15)
    height, middle, width = rng.uniform(0.8, 1.2), np.log(rng.uniform(9, 13)), rng.uniform(0.30, 0.42)

    def curve(log: np.ndarray) -> np.ndarray:
        return height * (_wakes(log, middle, width) - _wakes(usual, middle, width)) + floor * (log - usual)

    return _made("s_curve", rng, usual, curve, rolling(rng, lowest=4.0, highest=8.0))


def season(seed: int) -> Market:
    """The year moves level and elasticity, holidays the weeks around them, and the operator raises jackpots when people buy anyhow."""
    rng = _rng("season", seed)
    elasticity, usual = rng.uniform(0.25, 0.45), np.log(rng.uniform(6, 9))
    year = calendar(DAYS.mondays.to_series().reset_index(drop=True), "ES")
    peak = rng.uniform(0, 2 * np.pi)
    wave = year["sin_1"].to_numpy() * np.cos(peak) + year["cos_1"].to_numpy() * np.sin(peak)
    level = rng.uniform(0.08, 0.18) * wave + rng.uniform(-0.05, 0.05) * year["sin_2"].to_numpy()
    level = level + rng.uniform(0.02, 0.06) * year["holiday"].to_numpy() - 0.1 * year["year_end"].to_numpy()
    level = level + rng.uniform(0.0, 0.08) * year["payday"].to_numpy()
    return _made(
        "season",
        rng,
        usual,
        lambda log: elasticity * (log - usual),
        rolling(rng, foresight=0.5 * level),
        level=level,
        slope=rng.uniform(0.05, 0.12) * wave,
        config={"holidays": "ES", "max_step_up": 12, "max_step_down": 20},
    )


def habit(seed: int) -> Market:
    """High jackpots bring people back in the weeks after: what one week forgoes, the next ones earn."""
    rng = _rng("habit", seed)
    elasticity, usual = rng.uniform(0.12, 0.25), np.log(rng.uniform(5, 8))
    memory = Memory(rng.uniform(0.15, 0.30), rng.uniform(0.5, 0.8))
    return _made("habit", rng, usual, lambda log: elasticity * (log - usual), rolling(rng), memory=memory)


def structural_break(seed: int) -> Market:
    """In the first year of play a competitor or a redesign moves the level, and how sales answer to the jackpot, for good."""
    rng = _rng("structural_break", seed)
    elasticity, usual = rng.uniform(0.30, 0.40), np.log(rng.uniform(6, 9))
    begun = HISTORY + int(rng.integers(8, 53))
    since = np.arange(DAYS.weeks) >= begun
    up = rng.random() < 0.5
    slope = rng.uniform(0.12, 0.22) if up else -rng.uniform(0.12, 0.22)
    level = rng.uniform(-0.30, -0.12) if rng.random() < 0.7 else rng.uniform(0.12, 0.30)
    return _made(
        "structural_break",
        rng,
        usual,
        lambda log: elasticity * (log - usual),
        rolling(rng),
        level=level * since,
        slope=slope * since,
    )


def fatigue(seed: int) -> Market:
    """Small jackpots move few, large ones many, and people tire of large ones that never end."""
    rng = _rng("fatigue", seed)
    usual, knee = np.log(6.0), np.log(rng.uniform(6, 9))
    flat, steep = rng.uniform(0.10, 0.20), rng.uniform(0.7, 1.0)
    memory = Memory(-rng.uniform(0.15, 0.35), rng.uniform(0.88, 0.95), usual)

    def curve(log: np.ndarray) -> np.ndarray:
        return flat * (log - usual) + steep * (np.maximum(log - knee, 0) - 0.45 * np.maximum(log - knee - 0.9, 0))

    return _made("fatigue", rng, usual, curve, rolling(rng, highest=16.0), memory=memory)


FAMILIES: dict[str, Callable[[int], Market]] = {
    family.__name__: family for family in (constant_elasticity, s_curve, season, habit, structural_break, fatigue)
}
"""By name: what `lottery simulate` plays unless told otherwise."""


def rolling(
    rng: np.random.Generator, lowest: float = 3.0, highest: float = 18.0, foresight: np.ndarray | None = None
) -> Operator:
    """The operator of the past: starts low after a win and adds a little every week; `foresight` [weeks]: where he adds more."""
    start, growth = lowest * rng.uniform(1.0, 1.3), (highest - lowest) * rng.uniform(0.08, 0.16)

    def announced(week: int, last: float, fell: bool, luck: np.random.Generator) -> float:
        jackpot = start if fell else last + growth * luck.uniform(0.6, 1.4)
        if foresight is not None:
            jackpot *= np.exp(foresight[week])
        return float(np.round(np.clip(jackpot, lowest, highest) * 2) / 2)

    return announced


def _wakes(log: Any, middle: float, width: float) -> Any:
    return 1 / (1 + np.exp(-(log - middle) / width))


def _rng(family: str, seed: int) -> np.random.Generator:
    return np.random.default_rng([crc32(family.encode()), seed])


def _made(
    name: str,
    rng: np.random.Generator,
    usual: float,
    curve: Callable[[np.ndarray], np.ndarray],
    operator: Operator,
    level: np.ndarray | float = 0.0,
    slope: np.ndarray | float = 0.0,
    memory: Memory = NO_MEMORY,
    config: dict[str, Any] | None = None,
) -> Market:
    """`level`, `slope`: added to the size of the market and to the curve's elasticity, [weeks]."""
    settings = CONFIG | {"country_name": name} | (config or {})
    size = np.log(rng.uniform(2.6e6, 4.5e6))
    noise = Noise(rng.uniform(0.03, 0.06), rng.uniform(0.02, 0.05), rng.uniform(0.3, 0.8))
    truth = Truth(
        curve, size + np.broadcast_to(level, DAYS.weeks), np.broadcast_to(slope, DAYS.weeks), usual, memory, noise
    )
    jackpots = admissible(settings["min_jackpot"], settings["max_jackpot"], settings["announcement_step"], None)
    return Market(settings, jackpots, truth, DAYS, operator, rng)
