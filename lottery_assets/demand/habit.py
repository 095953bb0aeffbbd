"""Memory: how the jackpots of a plan move the sales of its own later weeks.

A stock is an exponentially weighted mean of past log jackpots, low ones counted as a floor where there is one. In a planned week it adds coefficient x (stock - reference) to
log tickets, where the reference is the value that the week's features already hold.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True, eq=False)
class Stock:
    """`coefficient`: of the stock in log tickets; `memory`: share that stays a week; `reference` [weeks]: in the features.

    `floor`: log jackpots below it count as that.
    """

    coefficient: float
    memory: float
    reference: np.ndarray
    floor: float = -np.inf

    @property
    def start(self) -> float:
        """In the coming week, which no plan can change."""
        return float(self.reference[0])

    def after(self, stock: np.ndarray, log_jackpot: np.ndarray) -> np.ndarray:
        """The stock a week later."""
        return np.asarray(self.memory * stock + (1 - self.memory) * np.maximum(log_jackpot, self.floor))

    def at_rest(self, log_jackpot: np.ndarray) -> np.ndarray:
        """The stock where one jackpot was announced for good."""
        return np.maximum(log_jackpot, self.floor)


@dataclass(frozen=True, eq=False)
class Habit:
    """Both stocks of one country."""

    fast: Stock
    slow: Stock

    @classmethod
    def none(cls, weeks: int) -> Self:
        """No memory."""
        still = Stock(0.0, 0.0, np.zeros(weeks))
        return cls(still, still)

    @property
    def matters(self) -> bool:
        """Whether any jackpot moves later sales."""
        return self.fast.coefficient != 0 or self.slow.coefficient != 0

    def at_rest(self, log_jackpots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both where each jackpot was announced for good."""
        return self.fast.at_rest(log_jackpots), self.slow.at_rest(log_jackpots)

    def lift(self, week: int, fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
        """What the stocks add to log tickets of planned week `week`; any shape."""
        return self.fast.coefficient * (fast - self.fast.reference[week]) + self.slow.coefficient * (
            slow - self.slow.reference[week]
        )
