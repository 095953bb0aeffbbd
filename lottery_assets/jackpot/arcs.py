"""Which jackpot may follow which, and the best within such a range, for dynamic programming over the last jackpot."""

import numpy as np

from lottery_assets.jackpot.horizon import Horizon


def arcs(horizon: Horizon) -> np.ndarray:
    """Which jackpot may follow which, [2, G, G]: (not fallen, fallen), last, next."""
    p, jackpots = horizon.first, horizon.jackpots
    change = jackpots[None, :] - jackpots[:, None]
    may = np.ones_like(change, bool)
    if p.max_step_up is not None:
        may &= change <= p.max_step_up + 1e-9
    if p.max_step_down is not None:
        may &= change >= -p.max_step_down - 1e-9
    return np.array([may & (change >= 0), may])


def ranges(may: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest place [G] that may follow each, by `may` [last, next]."""
    return may.argmax(axis=1), may.shape[1] - 1 - may[:, ::-1].argmax(axis=1)


def best_within(worth: np.ndarray, lowest: np.ndarray, highest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place and value of the highest `worth` [A, B, G] between `lowest` and `highest` [G]: [A, B, G] each; of equals the lower place.

    By doubling: the best of every stretch of 1, 2, 4, ... places; any range is two of them that overlap.
    """
    size = worth.shape[-1]
    value, place = [worth], [np.broadcast_to(np.arange(size), worth.shape)]
    while 2 ** len(value) <= size:
        half = 2 ** (len(value) - 1)
        left, right = value[-1][..., :-half], value[-1][..., half:]
        value.append(np.maximum(left, right))
        place.append(np.where(left >= right, place[-1][..., :-half], place[-1][..., half:]))
    best, at = np.empty_like(worth), np.empty(worth.shape, int)
    levels = np.floor(np.log2(highest - lowest + 1)).astype(int)
    for level in np.unique(levels):
        those = levels == level
        start, end = lowest[those], highest[those] - 2**level + 1
        left, right = value[level][..., start], value[level][..., end]
        best[..., those] = np.maximum(left, right)
        at[..., those] = np.where(left >= right, place[level][..., start], place[level][..., end])
    return at, best
