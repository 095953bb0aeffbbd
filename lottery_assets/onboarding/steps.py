"""The step of announced jackpots, read off the jackpots."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

FEWEST, MOST = 20, 200
"""Steps from the lowest to the highest jackpot that a proposal may have: fewer choose too coarsely, more answer nothing better."""
NEARLY_ALL = 0.9
LEADS = (5, 2, 1)


def step(jackpots: np.ndarray) -> float:
    """The largest of 1, 2, 5 times a power of ten that nearly all jackpots [n, millions] are whole multiples of; else about a hundredth of their range."""
    span = float(jackpots.max() - jackpots.min()) or float(jackpots[0])
    candidates = [float(its) for its in _round_numbers(span / FEWEST, span / MOST)]
    fitting = [its for its in candidates if _multiples(jackpots, its).mean() >= NEARLY_ALL]
    return fitting[0] if fitting else candidates[len(candidates) // 2]


def within(jackpots: np.ndarray, step: float) -> tuple[float, float]:
    """First and last multiple of `step` inside the range of the jackpots; both the nearest one where there is none."""
    unit = Decimal(repr(step))
    low, high = (Decimal(repr(float(end))) / unit for end in (jackpots.min(), jackpots.max()))
    first, last = low.to_integral_value(ROUND_CEILING), high.to_integral_value(ROUND_FLOOR)
    return float(first * unit), float(max(first, last) * unit)


def _multiples(jackpots: np.ndarray, step: float) -> np.ndarray:
    times = jackpots / step
    return np.asarray(np.abs(times - np.round(times)) < 1e-6)


def _round_numbers(most: float, least: float) -> list[Decimal]:
    """1, 2, 5 times powers of ten from `most` down to `least`; the range holds at least one."""
    top = Decimal(repr(most)).adjusted()
    found = [Decimal(lead) * Decimal(10) ** power for power in range(top, top - 4, -1) for lead in LEADS]
    return [its for its in found if Decimal(repr(least)) <= its <= Decimal(repr(most))]
