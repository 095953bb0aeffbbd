"""The demand curve of one week: median log tickets and their spread on a lattice of jackpots, never falling as the jackpot rises.

The lattice is fixed by the model's reference, not by the jackpots asked for: what is said of one jackpot does not depend on
which others are asked for in the same breath.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.optimize import isotonic_regression

STEP = 0.1
"""Distance of lattice points in log jackpot; between them the curve has constant elasticity."""
REACH = 3.0
"""The lattice reaches at least this far from the reference, in log jackpot."""


def lattice(centre: float, log_jackpots: np.ndarray) -> np.ndarray:
    """Log jackpots [L] around `centre` that cover those asked for."""
    low = min(np.floor((log_jackpots.min() - centre) / STEP), -REACH / STEP)
    high = max(np.ceil((log_jackpots.max() - centre) / STEP), REACH / STEP)
    return centre + STEP * np.arange(low, high + 1)


@dataclass(frozen=True)
class Curve:
    """`log_jackpot`, `log_tickets` (medians), `sd` (of log tickets): [L] each."""

    log_jackpot: np.ndarray
    log_tickets: np.ndarray
    sd: np.ndarray

    @classmethod
    def made_to_rise(
        cls, log_jackpot: np.ndarray, log_tickets: np.ndarray, sd: np.ndarray, weights: np.ndarray
    ) -> Self:
        """The nearest curve that never falls, weighted by how often a jackpot was announced."""
        return cls(log_jackpot, rising(log_tickets, weights), sd)

    def futures(self, errors: np.ndarray) -> np.ndarray:
        """Log tickets [K, L] for errors [K] in standard deviations; each future rises with the jackpot.

        Spread that grows away from what is known would bend single futures down: they are held level there, outwards from
        the jackpot that is known best.
        """
        return self.with_deviations(np.multiply.outer(errors, self.sd))

    def with_deviations(self, away: np.ndarray) -> np.ndarray:
        """Log tickets [K, L] that lie `away` [K, L] from the medians, each row made to rise in the same way."""
        futures = self.log_tickets + away
        best = int(np.argmin(self.sd))
        futures[:, best:] = np.maximum.accumulate(futures[:, best:], axis=1)
        futures[:, best::-1] = np.minimum.accumulate(futures[:, best::-1], axis=1)
        return futures

    def at(self, log_jackpots: np.ndarray, futures: np.ndarray) -> np.ndarray:
        """Log tickets [K, G] at log jackpots [G], from those on the lattice [K, L]."""
        place, weight = self.between(log_jackpots)
        return np.asarray(futures[:, place] * (1 - weight) + futures[:, place + 1] * weight)

    def between(self, log_jackpots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Left neighbour on the lattice and the weight of the right one, [G] each."""
        place = np.clip(np.searchsorted(self.log_jackpot, log_jackpots, side="right") - 1, 0, len(self.log_jackpot) - 2)
        width = self.log_jackpot[place + 1] - self.log_jackpot[place]
        return place, (log_jackpots - self.log_jackpot[place]) / width


def rising(value: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest values [L] that never fall: isotonic regression."""
    if np.all(np.diff(value) >= 0):
        return value
    return np.asarray(isotonic_regression(value, weights=weights).x)


def density(log_jackpot: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Weight of each lattice point [L]: how many of the `seen` log jackpots lie near it, and a little everywhere."""
    near = np.exp(-0.5 * ((log_jackpot[:, None] - seen[None, :]) / (2 * STEP)) ** 2)
    return near.sum(axis=1) + 0.01 * max(len(seen), 1)
