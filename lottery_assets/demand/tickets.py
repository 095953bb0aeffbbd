"""Tickets of one week as a distribution, at every jackpot that might be announced."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Tickets:
    """`jackpots` [G] in millions, ascending; `draws` [K, G]: tickets in K equally likely futures, the same future in each row."""

    jackpots: np.ndarray
    draws: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """Expected tickets, [G]."""
        return self.draws.mean(axis=0)

    def band(self, level: float) -> tuple[np.ndarray, np.ndarray]:
        """Central band that holds the tickets with probability `level`: low [G], high [G]."""
        low, high = np.quantile(self.draws, [(1 - level) / 2, (1 + level) / 2], axis=0, method="hazen")
        return low, high
