"""Weeks far off their neighbours: which to warn of, and which are faults of the data and not news about demand.

A week is compared with the median of the half year around it. What its jackpot, its draws and a special draw may explain is
allowed first, generously: real games go up 21-fold at a record jackpot and down to a third in a week with one draw, and none of
3,583 real weeks is off by more than 2 after that allowance.
"""

import numpy as np
import pandas as pd

HALF_WINDOW = 13
"""Weeks on either side that count as neighbours."""
WARN, SET_ASIDE, SURELY = 2.5, 5.0, 30.0
"""Factors beyond what is explained: a warning; set aside when it stands alone; set aside in any case."""
_STEEPEST = 1.5
"""Elasticity of tickets to the jackpot that would still be believed (1.35 is the steepest seen)."""
_SPECIAL = 4.0
"""Factor that a special draw may add to what its jackpot explains."""
_LONGEST_RUN = 2
"""Weeks in a row that can be a fault; more of them, and not wildly off, are a change of demand."""
_JACKPOT_OFF = 200.0
_PRICE_OFF = 5.0
_PRIZES_OFF = 5.0


def unexplained(weeks: pd.DataFrame) -> np.ndarray:
    """Log factor by which the tickets of weeks with sales [n] are off, after what jackpot, draws and specials may explain."""
    off = _off_neighbours(weeks["tickets_sold"])
    jackpot = _off_neighbours(weeks["jackpot_announced"])
    draws = _off_neighbours(weeks["n_draws"])
    special = np.log(_SPECIAL) * weeks["special_draw"].to_numpy(dtype=float)
    high = np.maximum(_STEEPEST * jackpot, 0) + np.maximum(draws, 0) + special
    low = np.minimum(_STEEPEST * jackpot, 0) + np.minimum(draws, 0)
    return np.maximum(off - high, 0) + np.minimum(off - low, 0)


def data_faults(weeks: pd.DataFrame) -> np.ndarray:
    """Weeks with sales [n] that are faults of the data: not to be learnt from, not in ratios."""
    size = np.abs(unexplained(weeks))
    alone = (size > np.log(SET_ASIDE)) & (_run_lengths(size > np.log(SET_ASIDE)) <= _LONGEST_RUN)
    return alone | (size > np.log(SURELY)) | jackpots_off(weeks) | prices_off(weeks) | prizes_off(weeks)


def jackpots_off(weeks: pd.DataFrame) -> np.ndarray:
    """Jackpots that no game announces beside its neighbours [n]."""
    return np.abs(_off_neighbours(weeks["jackpot_announced"])) > np.log(_JACKPOT_OFF)


def prices_off(weeks: pd.DataFrame) -> np.ndarray:
    """Weeks whose sales / (tickets x price) is far from that of their neighbours [n]."""
    return np.abs(_off_neighbours(weeks["sales"] / (weeks["tickets_sold"] * weeks["ticket_price"]))) > np.log(
        _PRICE_OFF
    )


def prizes_off(weeks: pd.DataFrame) -> np.ndarray:
    """Weeks whose prizes exceed five times all that is usually paid: sales and a jackpot a draw [n]."""
    most = weeks["sales"] + weeks["n_draws"] * weeks["jackpot_announced"]
    return (weeks["prizes"] > _PRIZES_OFF * most).to_numpy()


def _off_neighbours(values: pd.Series) -> np.ndarray:
    """Log of the values over the median of their neighbours, themselves included [n]."""
    logs = pd.Series(np.log(values.to_numpy(dtype=float)))
    middle = logs.rolling(2 * HALF_WINDOW + 1, center=True, min_periods=1).median()
    return (logs - middle).fillna(0.0).to_numpy()


def _run_lengths(mask: np.ndarray) -> np.ndarray:
    """For each week, how many marked weeks stand together around it [n]."""
    groups = np.cumsum(np.diff(mask, prepend=False))
    return np.bincount(groups, minlength=1)[groups]
