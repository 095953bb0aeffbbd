"""The odds that falls of the jackpot speak for, and the games whose odds those are."""

from math import comb

import numpy as np
from scipy.optimize import brentq
from scipy.special import pdtri

INSIDE = 0.95
_LEAST, _MOST = 1e-12, 1e-2

GAMES = {
    **{f"6/{numbers}": comb(numbers, 6) for numbers in (40, 42, 44, 45, 47, 49, 52, 53, 55, 59, 60)},
    **{
        f"5/{main}+{stars}/{pool}": comb(main, 5) * comb(pool, stars)
        for main, stars, pool in ((50, 2, 12), (50, 2, 10), (69, 1, 26), (70, 1, 25))
    },
    "6/49+1/10": comb(49, 6) * 10,
    "6/90": comb(90, 6),
}
"""Tickets of which one wins, by the numbers drawn: 6/49 is six of 49."""


def chance_of_a_ticket(tickets: np.ndarray, falls: int) -> tuple[float, float, float] | None:
    """The chance at which `falls` of these weeks [n, tickets] are expected to have one, and the ends of its 95 % interval.

    The interval is that of a Poisson count (Garwood 1936). None where the jackpot never fell, or in every week.
    """
    if not 0 < falls < len(tickets):
        return None
    low, high = pdtri(falls - 1, 1 - (1 - INSIDE) / 2), pdtri(falls, (1 - INSIDE) / 2)
    return _chance(tickets, falls), _chance(tickets, float(low)), _chance(tickets, float(high))


def games_within(low: float, high: float) -> list[tuple[str, int]]:
    """Games whose chance lies between both, the likeliest to be won first."""
    return sorted(
        ((name, one_in) for name, one_in in GAMES.items() if low <= 1 / one_in <= high), key=lambda its: its[1]
    )


def _chance(tickets: np.ndarray, falls: float) -> float:
    def missing(log_chance: float) -> float:
        return float(-np.expm1(tickets * np.log1p(-np.exp(log_chance))).sum() - falls)

    if missing(np.log(_MOST)) <= 0:
        return _MOST
    return float(np.exp(brentq(missing, np.log(_LEAST), np.log(_MOST))))
