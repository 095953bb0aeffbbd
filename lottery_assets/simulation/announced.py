"""How jackpots were announced: the density of the coming one given the last and whether it fell, learnt from the weeks before.

A line and a smoothed residual: log J = a + b x + e, fitted apart for weeks after a win and for others, x the last log jackpot, and e
with a Gaussian kernel density of Silverman's bandwidth (Silverman 1986, section 3.4). b near 1 is a jackpot that rolls over, b near 0
one that is chosen anew. Where that is too simple, the weights made of it are off, and the doubly robust figure leans on the model.
"""

import numpy as np
import pandas as pd

RECENT = 208
"""Weeks that say how jackpots are announced today."""
FEWEST = 12
"""Weeks after a win, or not after one, that it takes to look at them apart."""
NARROWEST = 0.02
"""Least bandwidth, in log jackpot: jackpots come in steps."""


def density(past: pd.DataFrame, log_jackpot: float) -> float:
    """Of announcing this log jackpot in the week after `past` (tidy weeks with sales), per unit of log jackpot; 0: unknown or never.

    Weeks set aside and special draws are not learnt from.
    """
    pairs = _pairs(past).tail(RECENT)
    last = past.iloc[-1]
    alike = pairs[pairs["won"] == (last["jackpot_won"] == 1)]
    if len(alike) < FEWEST:
        alike = pairs
    if len(alike) < FEWEST:
        return 0.0
    x, y = alike["previous"].to_numpy(), alike["log_jackpot"].to_numpy()
    slope = np.cov(x, y, bias=True)[0, 1] / x.var() if x.var() > 0 else 0.0
    residuals = y - y.mean() - slope * (x - x.mean())
    asked = log_jackpot - y.mean() - slope * (np.log(float(last["jackpot_announced"])) - x.mean())
    width = _bandwidth(residuals)
    return float(np.exp(-0.5 * ((asked - residuals) / width) ** 2).mean() / (width * np.sqrt(2 * np.pi)))


def _pairs(past: pd.DataFrame) -> pd.DataFrame:
    """log_jackpot, previous (log jackpot of the row before), won (it fell then): one row a week that counts."""
    log_jackpot = pd.Series(np.log(past["jackpot_announced"].to_numpy(float)), index=past.index)
    pairs = pd.DataFrame(
        {"log_jackpot": log_jackpot, "previous": log_jackpot.shift(1), "won": past["jackpot_won"].shift(1) == 1}
    )
    sound = ~past["set_aside"].astype(bool)
    return pairs[sound & sound.shift(1, fill_value=False) & (past["special_draw"] != 1)]


def _bandwidth(values: np.ndarray) -> float:
    low, high = np.quantile(values, [0.25, 0.75])
    spread = min(values.std(), (high - low) / 1.34) if high > low else values.std()
    return max(0.9 * float(spread) * len(values) ** -0.2, NARROWEST)
