"""Breaks: a rule, a price or a competitor changes, and sales no longer follow what was learnt.

Two ears listen. One hears the last four one-step errors of weeks with a usual jackpot (far out, an error speaks of the curve): a lone
outlier does not raise the alarm, four weeks on one side do. The other hears what the columns do not explain: where the last six
weeks lie further from the twenty before them than such weeks ever did, the level has moved, however well the drift went along.

An alarm is a question, not an answer. The date is the start among the last weeks from which a shock to level and elasticity explains the
weeks since best; from then on the model learns with the break and without it, weighs both by their forecasts, and settles after a year.
After two months a break that is believed is dated once more: where the alarm came by chance just before sales changed, the elasticity
would else have to explain the change, and keep it for years. What the model knew of seasons, prices and curvature stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LISTEN = 4
"""Weeks whose errors are averaged."""
THRESHOLD = 1.2
"""Mean of their errors, in standard deviations, that raises the alarm."""
MOST = 4.0
"""Errors count as this many standard deviations at most: one wild week is no break."""
USUAL, USUAL_OF = (0.05, 0.9), 104
"""Quantiles of the jackpots of so many weeks before, within which an error may speak of a break."""
NOW, BEFORE, WILD = 6, 20, 1 / 6
"""Weeks whose levels are compared, each mean without this share of the lowest and of the highest."""
APART, LATELY, ENOUGH = 1.25, 12, 60
"""A level that moved this many times as far as ever before raises the alarm; moves of the last weeks do not count as before, and so many must be known."""
QUIET, AGAIN = 40, 8
"""Weeks after an alarm in which no other is raised; and those until it is looked at again: doubted, or dated anew."""
BACK = 16
"""Weeks back that a break may have begun."""
LEVEL_SHOCK, SLOPE_SHOCK = 0.4, 0.25
"""Standard deviations of what a break does to the level and to the elasticity."""
ODDS = -2.0
"""Log odds that an alarm is right, before the weeks since the date are weighed."""
SETTLED = 52
"""Weeks after which an alarm is taken for a break or forgotten."""


@dataclass(frozen=True)
class Break:
    """Rows of the history: where sales changed, and where it was noticed."""

    begun: int
    noticed: int


class Alarm:
    """Listens week by week."""

    def __init__(self) -> None:
        self._errors: list[float] = []
        self._levels: list[float] = []
        self._moves: list[float] = []
        self._quiet = 0

    def hears(self, error: float, level: float, usual: bool = True) -> bool:
        """Whether this week, with those before it, speaks of a break.

        `error`: of its forecast, standardised; `level`: log tickets less what the columns explain; `usual`: was its jackpot usual?
        """
        self._quiet = max(self._quiet - 1, 0)
        heard = [self._moved(level), usual and self._missed(error)]
        if self._quiet or not any(heard):
            return False
        self._errors, self._quiet = [], QUIET
        return True

    def doubted(self) -> None:
        """The last alarm was likely none: listen again."""
        self._quiet = 0

    def _missed(self, error: float) -> bool:
        self._errors = [*self._errors[1 - LISTEN :], float(np.clip(error, -MOST, MOST))]
        return len(self._errors) == LISTEN and abs(float(np.mean(self._errors))) >= THRESHOLD

    def _moved(self, level: float) -> bool:
        self._levels = [*self._levels[1 - NOW - BEFORE :], level]
        if len(self._levels) < NOW + BEFORE:
            return False
        now, once = _middling(self._levels[-NOW:]), _middling(self._levels[:-NOW])
        self._moves.append(abs(now - once))
        before = self._moves[:-LATELY]
        return len(before) >= ENOUGH and self._moves[-1] > APART * max(before)


def _middling(levels: list[float]) -> float:
    wild = int(WILD * len(levels))
    return float(np.mean(sorted(levels)[wild : len(levels) - wild]))


def usual_rows(jackpots: Sequence[float] | np.ndarray) -> np.ndarray:
    """Weeks whose jackpot, on any scale, lies where most of those before it lay, [n]."""
    before = pd.Series(jackpots, dtype=float).shift(1).rolling(USUAL_OF, min_periods=1)
    low, high = (before.quantile(quantile) for quantile in USUAL)
    return np.asarray(~((jackpots < low) | (jackpots > high)))
