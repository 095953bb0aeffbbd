"""Weeks so far off their neighbours that they are faults of the data, not sales."""

import numpy as np
import pandas as pd

NEIGHBOURS = 6
"""Weeks on each side that a week is compared with."""
FACTOR = 8.0
"""Times off, beyond what its jackpot or a special draw explains, that make a week a fault."""
STEEPEST = 1.5
"""Elasticity that explains a far jackpot generously."""
SPECIAL = 6.0
"""Times that a special draw may lift sales."""
JACKPOT_FACTOR = 100.0
"""Times off its neighbours that make a jackpot a slip of the pen."""


def set_aside(past: pd.DataFrame) -> pd.Series:
    """Why each week [n, in order] is set aside; empty for the others. Needs tickets_sold, jackpot_announced, special_draw."""
    reason = pd.Series("", index=past.index)
    tickets, jackpot = past["tickets_sold"], past["jackpot_announced"]
    reason[tickets == 0] = "no tickets were sold"
    log_tickets = np.log(tickets.where(tickets > 0))
    log_jackpot = np.log(jackpot)
    off = log_tickets - _neighbours(log_tickets)
    jackpot_off = log_jackpot - _neighbours(log_jackpot)
    explained = np.log(FACTOR) + STEEPEST * np.minimum(jackpot_off.abs(), np.log(JACKPOT_FACTOR))
    explained += np.log(SPECIAL) * past["special_draw"]
    for place in np.flatnonzero((off.abs() > explained).to_numpy()):
        times = np.exp(abs(off.iloc[place]))
        side = "above" if off.iloc[place] > 0 else "below"
        reason.iloc[place] = f"tickets_sold is {tickets.iloc[place]:.0f}, {times:.3g} times {side} its neighbours"
    for place in np.flatnonzero((jackpot_off.abs() > np.log(JACKPOT_FACTOR)).to_numpy()):
        reason.iloc[place] = f"jackpot_announced is {jackpot.iloc[place]:g}, {np.exp(abs(jackpot_off.iloc[place])):.3g} times off its neighbours"
    return reason


def _neighbours(value: pd.Series) -> pd.Series:
    """Median of the weeks around each week, itself left out."""
    shifted = [value.shift(step) for step in range(-NEIGHBOURS, NEIGHBOURS + 1) if step]
    return pd.concat(shifted, axis=1).median(axis=1)
