"""The jackpots that may be announced: the points of the decision."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache

import numpy as np

MOST_JACKPOTS = 20_000
"""More points than this answer nothing that a coarser step would not, and take memory and minutes."""
_DECIMALS = 6
"""A millionth of a million: one unit of the currency."""


def step_range(low: float, high: float, step: float) -> tuple[int, int]:
    """First and last whole multiple of `step` within [low, high]; the first exceeds the last when there is none."""
    first = (_decimal(low) / _decimal(step)).to_integral_value(ROUND_CEILING)
    last = (_decimal(high) / _decimal(step)).to_integral_value(ROUND_FLOOR)
    return int(first), int(last)


@lru_cache(maxsize=64)
def admissible(low: float, high: float, step: float | None, points: int | None) -> np.ndarray:
    """Jackpots [G] in millions, ascending, read-only.

    With a step: its whole multiples within [low, high], in decimal arithmetic, so that 93 steps of 0.1 are 9.3.
    Without: `points` equally spaced from low to high, to the unit of the currency; both ends exact.
    """
    if step is not None:
        first, last = step_range(low, high, step)
        jackpots = np.array([float(multiple * _decimal(step)) for multiple in range(first, last + 1)])
    else:
        jackpots = np.linspace(low, high, points or 2).round(_DECIMALS)
        jackpots[0], jackpots[-1] = low, high
        jackpots = np.unique(jackpots)
    jackpots.flags.writeable = False
    return jackpots


def _decimal(number: float) -> Decimal:
    return Decimal(repr(float(number)))
