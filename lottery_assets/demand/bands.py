"""How far sales fall from the forecast: a transformation of the normal that keeps the bands honest.

The model's standard deviation is right on average, its tails are not. With z the past one-step errors in standard deviations, the
error's quantile function is taken as a sign(u) |u|^b for a standard normal u, with a and b such that 80 and 95 % of the recent
|z| lie inside their bands. Early on the normal itself (a = b = 1) is believed.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

WINDOW = 156
"""Weeks of past errors looked at."""
PRIOR_WEEKS = 26
"""Weight of the normal, as so many weeks of errors spread like one."""
U80, U95 = ndtri(0.90), ndtri(0.975)
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
        """From past one-step errors `z` [n], in standard deviations of the forecast made for them; the last `WINDOW` count."""
        recent = np.abs(z[-WINDOW:])
        believed = np.abs(ndtri((np.arange(PRIOR_WEEKS) + 0.5) / PRIOR_WEEKS))
        q80, q95 = np.quantile(np.concatenate([recent, believed]), [0.80, 0.95])
        power = float(np.clip(np.log(q95 / q80) / np.log(U95 / U80), 0.7, 1.8))
        return cls(float(q80 / U80**power), power)


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
