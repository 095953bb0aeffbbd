"""Did the operator set jackpots by what sales were about to do? Then the slope that history shows is not what a jackpot does.

Draws are random given sales, so the number of weeks since the last win moves the jackpot without knowing of demand: an instrument.
Control function (Durbin, Wu and Hausman): the part of log jackpot that the instrument and the controls do not explain is added to
the regression of log tickets; where it matters, jackpots and the errors of demand moved together. The finding is a warning: the
model is not changed by it.
"""

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.demand.design import Centre, design, terms

WEEKS = 260
"""Weeks looked at; before them the game was another."""
LEAST_WEEKS = 78
STRONG = 20.0
"""First-stage F from which the instrument is trusted (above Staiger and Stock's 10: weeks are autocorrelated)."""
CRITICAL = 2.58
"""Two-sided 1 % of the normal."""
AFTER_A_WIN = 3
"""Weeks after a win that are left out: a win makes news, and news sells."""
BENDS = (0.2, 0.4, 0.6, 0.8, 0.9, 0.95)
"""Quantiles of log jackpot at which its slope may change."""
CALENDAR = ("payday", "year_end", "before_year_end", "holiday", "holiday_next", "holiday_previous")
CONTROLS = ("log_price", *CALENDAR, "sin_1", "cos_1", "sin_2", "cos_2")


class Endogeneity(BaseModel):
    """Control-function test of one country's last five years."""

    model_config = ConfigDict(frozen=True)

    instrument: str = "weeks since the last win"
    weeks: int
    first_stage_f: float = Field(
        description="F of the instrument in the regression of log jackpot on it and the controls"
    )
    coefficient: float = Field(description="of the unexplained part of log jackpot in the regression of log tickets")
    t: float = Field(description="its t: beyond 2.58 either way, jackpots and the errors of demand moved together")

    @property
    def suspected(self) -> bool:
        """The instrument is strong, and jackpots and demand moved together."""
        return self.first_stage_f > STRONG and abs(self.t) > CRITICAL


def endogeneity(history: pd.DataFrame, centre: Centre) -> Endogeneity | None:
    """From the features of the weeks with sales. None where wins are unknown, too frequent or too few, or jackpots never move."""
    usable = (history["special"] == 0) & (history["weeks_since_win"] > AFTER_A_WIN) & ~history["set_aside"]
    recent = history[usable].tail(WEEKS)
    x = recent["log_jackpot"].to_numpy()
    if len(recent) < LEAST_WEEKS or x.std() < 0.05:
        return None
    since = np.log(recent["weeks_since_win"].to_numpy())
    instruments = np.column_stack([since, since**2])
    if instruments.std(axis=0).min() < 1e-6:
        return None
    controls = _controls(recent, centre)
    explained = np.column_stack([controls, instruments])
    first, without = _residuals(x, explained), _residuals(x, controls)
    spare = len(x) - explained.shape[1]
    f = float(((without @ without - first @ first) / instruments.shape[1]) / (first @ first / spare))
    log_tickets = np.log(recent["tickets_sold"].to_numpy())
    bends = np.maximum(x[:, None] - np.quantile(x, BENDS), 0.0)
    coefficient, t = _last_of(np.column_stack([controls, x, bends, first]), log_tickets)
    return Endogeneity(weeks=len(recent), first_stage_f=f, coefficient=coefficient, t=t)


def _controls(recent: pd.DataFrame, centre: Centre) -> np.ndarray:
    """What else moves sales; without the path inside the week, a steep rise would look like foresight."""
    time = np.linspace(-1, 1, len(recent))
    named = [recent[name].to_numpy(float) for name in CONTROLS if name in recent]
    inside = [term.name for term in terms(recent.columns) if term.group in ("draws", "path")]
    path = design(recent, recent["log_jackpot"].to_numpy(), centre, inside)[:, 1:]
    moving = [column for column in [*named, *path.T] if column.std() > 1e-9]
    return np.column_stack([np.ones(len(recent)), time, time**2, *moving])


def _residuals(y: np.ndarray, X: np.ndarray) -> np.ndarray:
    return np.asarray(y - X @ np.linalg.lstsq(X, y, rcond=None)[0])


def _last_of(X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Coefficient and t of the last column, errors taken as AR(1) (Cochrane and Orcutt 1949)."""
    errors = _residuals(y, X)
    memory = float(np.clip((errors[1:] @ errors[:-1]) / (errors @ errors), 0.0, 0.95))
    X, y = X[1:] - memory * X[:-1], y[1:] - memory * y[:-1]
    errors = _residuals(y, X)
    inverse = np.linalg.pinv(X.T @ X)
    variance = errors @ errors / max(len(y) - X.shape[1], 1) * inverse[-1, -1]
    coefficient = float((inverse @ X.T @ y)[-1])
    return coefficient, coefficient / float(np.sqrt(max(variance, 1e-12)))
