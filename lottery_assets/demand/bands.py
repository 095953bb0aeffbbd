"""How far sales fall from the forecast: a transformation of the normal that keeps the bands honest.

The model's standard deviation is right on average, its tails are not, and after a break it is not right at all. The half-widths of the
80 and the 95 % band, in standard deviations, start at the normal's; every past week that fell outside widens them, every other narrows
them a little, so that over time the share outside is what it should be whatever the errors do (adaptive conformal inference: Gibbs and
Candes 2021; on the quantile itself: Angelopoulos, Candes and Tibshirani 2023). Between and beyond, the error's quantile function is
a sign(u) |u|^b for a standard normal u, with a and b from both half-widths.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

STEP_80, STEP_95 = 0.08, 0.16
"""How far, in logs, the bands move after each week: outwards by this where it missed the band, less the share that should miss."""
U80, U95 = ndtri(0.90), ndtri(0.975)
APART = 1.15
"""The 95 % band is at least this much wider than the 80 % band."""
NODES = 400
"""Equally likely futures that stand for the distribution."""


@dataclass(frozen=True)
class Tails:
    """|error| = scale x sd x |u|^power for a standard normal u inside its 95 % band; beyond it, it grows as the normal does."""

    scale: float = 1.0
    power: float = 1.0

    def at(self, u: np.ndarray | float) -> np.ndarray:
        """Error in standard deviations of the model at the normal quantile `u`."""
        inside = np.minimum(np.abs(u), U95) ** self.power
        return np.sign(u) * self.scale * (inside + np.maximum(np.abs(u) - U95, 0.0))

    @classmethod
    def of(cls, z: np.ndarray) -> "Tails":
        """From past one-step errors `z` [n], in standard deviations of the forecast made for them."""
        return cls.each(z)[-1]

    @classmethod
    def each(cls, z: np.ndarray) -> "list[Tails]":
        """As known before each of the errors `z` [n], and after all of them; n + 1."""
        half_80, half_95 = float(U80), float(U95)
        found = [cls()]
        for error in np.abs(z).tolist():
            half_80 *= float(np.exp(STEP_80 * ((error > half_80) - 0.20)))
            half_95 *= float(np.exp(STEP_95 * ((error > half_95) - 0.05)))
            half_95 = max(half_95, half_80 * APART)
            power = float(np.clip(np.log(half_95 / half_80) / np.log(U95 / U80), 0.7, 1.8))
            found.append(cls(half_80 / float(U80) ** power, power))
        return found


def nodes() -> np.ndarray:
    """Standard normal quantiles at the middles of `NODES` equal probabilities, [K]."""
    return ndtri((np.arange(NODES) + 0.5) / NODES)


def log_mean_excess(sd: np.ndarray, tails: Tails) -> np.ndarray:
    """log E exp(error) for errors of standard deviation `sd` [...]: what the mean lies above the median, in logs."""
    errors = tails.at(nodes())
    return np.log(np.exp(np.multiply.outer(sd, errors)).mean(axis=-1))


BAND_COLUMNS = ("mean", "median", "lower_80", "upper_80", "lower_95", "upper_95")


def band_row(log_median: float, sd: float, tails: Tails) -> dict[str, float]:
    """Mean, median and bands [tickets] of one week from the median and the standard deviation of its log tickets."""
    row = {"mean": log_median + float(log_mean_excess(np.asarray(sd), tails)), "median": log_median}
    for level, half in ((80, U80), (95, U95)):
        reach = sd * float(tails.at(half))
        row |= {f"lower_{level}": log_median - reach, f"upper_{level}": log_median + reach}
    return {name: float(np.exp(value)) for name, value in row.items()}
