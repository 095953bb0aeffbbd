"""Breaks: a rule, a price or a competitor changes, and sales no longer follow what was learnt.

The alarm listens to the last four one-step errors of weeks with a usual jackpot (far out, an error speaks of the curve); a lone outlier
does not raise it, four weeks on one side do. The date is the start among the last weeks from which a shock to level and elasticity
explains the weeks since best. From that date on the model learns both anew; what it knew of seasons, prices and curvature stays.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LISTEN = 4
"""Weeks whose errors are averaged."""
THRESHOLD = 1.7
"""Mean of their errors, in standard deviations, that raises the alarm."""
MOST = 5.0
"""Errors count as this many standard deviations at most: one wild week is no break."""
QUIET = 40
"""Weeks after an alarm in which no other is raised."""
BACK = 8
"""Weeks back that a break may have begun."""
USUAL = (0.05, 0.9)
"""Quantiles of the first column, over the `USUAL_OF` rows before, within which an error may speak of a break."""
USUAL_OF = 104
LEVEL_SHOCK, SLOPE_SHOCK = 0.4, 0.25
"""Standard deviations of what a break does to the level and to the elasticity."""


@dataclass(frozen=True)
class Break:
    """Rows of the history: where sales changed, and where it was noticed."""

    begun: int
    noticed: int


def usual_rows(first: np.ndarray) -> np.ndarray:
    """Rows whose first column lies where most rows before it lay, [n]: far out, an error speaks of the curve."""
    before = pd.Series(first).shift(1).rolling(USUAL_OF, min_periods=1)
    low, high = (before.quantile(share).to_numpy() for share in USUAL)
    found = (low <= first) & (first <= high)
    found[:1] = True
    return np.asarray(found)


class Alarm:
    """Listens to standardised one-step errors."""

    def __init__(self) -> None:
        self._errors: list[float] = []
        self._quiet = 0

    def hears(self, error: float) -> bool:
        """Whether this error, with those before it, speaks of a break."""
        self._errors = [*self._errors[1 - LISTEN :], float(np.clip(error, -MOST, MOST))]
        self._quiet = max(self._quiet - 1, 0)
        if self._quiet or len(self._errors) < LISTEN or abs(np.mean(self._errors)) < THRESHOLD:
            return False
        self._errors, self._quiet = [], QUIET
        return True
