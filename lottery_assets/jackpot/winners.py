"""How often the jackpot falls, and how many share in it, when the number of tickets is itself uncertain.

N tickets win independently with chance p each; N comes as equally likely draws [K, G], averages are over the draws.
"""

import numpy as np
from scipy.special import pdtr
from scipy.stats import poisson

NODES = 50
"""Draws that stand for the distribution where every number of winners is weighed."""


def chance_of_a_win(tickets: np.ndarray, chance: float) -> np.ndarray:
    """1 - (1-p)^N for tickets of any shape, exact for tiny p and huge N."""
    return -np.expm1(tickets * np.log1p(-chance))


def jackpots_paid(tickets: np.ndarray, chance: float, per_winner: bool) -> np.ndarray:
    """How many times the jackpot is paid on average, for tickets of any shape: to each winner, or once where any wins."""
    return np.asarray(tickets * chance) if per_winner else chance_of_a_win(tickets, chance)


def winners_drawn(luck: float, tickets: float, chance: float) -> int:
    """The number of winners that goes with `luck`, uniform on [0, 1): 0 from `chance_of_a_win` on, and the more the smaller it is."""
    if luck >= chance_of_a_win(np.asarray(tickets), chance):
        return 0
    return max(int(poisson.isf(luck, tickets * chance)), 1)


def winners_exceeded(tickets: np.ndarray, chance: float, level: float = 0.01) -> np.ndarray:
    """Fewest winners, at least 1, that are exceeded with probability `level` at most, [G]."""
    at_most = _at_most(tickets, chance, level)
    return np.maximum((at_most < 1 - level).sum(axis=0), 1)


def mean_of_the_most(tickets: np.ndarray, chance: float, share: float) -> np.ndarray:
    """Mean number of winners over the `share` of futures with most of them, [G].

    With W winners: E[W; worst share] / share = integral of min(P(W > w), share) over w, divided by share.
    """
    at_most = _at_most(tickets, chance, share * 1e-6)
    return np.minimum(1 - at_most, share).sum(axis=0) / share


def _at_most(tickets: np.ndarray, chance: float, rest: float) -> np.ndarray:
    """P(at most w winners), [W, G], w = 0, 1, ... until less than `rest` is left; winners are Poisson given the tickets."""
    draws = tickets[:: max(len(tickets) // NODES, 1)] if len(tickets) > NODES else tickets
    mean = draws * chance
    rows: list[np.ndarray] = []
    while not rows or np.any(1 - rows[-1] > rest):
        rows.append(pdtr(len(rows), mean).mean(axis=0))
    return np.array(rows)
