"""What the model has to beat: the first pipeline, last week's sales, and a careful rolling ridge."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

RIDGE_WEEKS = 260
RIDGE_KNOTS = (0.2, 0.4, 0.6, 0.8)
"""Quantiles of log jackpot at which the ridge's slope may change."""


def first_pipeline(history: pd.DataFrame, week: pd.DataFrame) -> float:
    """`log_log` of tickets on jackpot over all of history; `week` is one row of the features with its jackpot."""
    [tickets] = log_log(history["log_jackpot"], history["tickets_sold"], week["log_jackpot"])
    return float(tickets)


def log_log(log_jackpot: ArrayLike, tickets: ArrayLike, asked: ArrayLike) -> np.ndarray:
    """Tickets at the log jackpots `asked` [m], by least squares of log `tickets` on `log_jackpot` [n]; [m].

    A past that knows one jackpot only says nothing of the slope, and there is none.
    """
    x, y = np.asarray(log_jackpot, float), np.log(np.asarray(tickets, float))
    away = x - x.mean()
    slope = np.polyfit(away, y, 1)[0] if np.ptp(x) > 0 else 0.0
    return np.asarray(np.exp(y.mean() + slope * (np.asarray(asked, float) - x.mean())))


def naive(history: pd.DataFrame, week: pd.DataFrame) -> float:
    """The sales of the week before."""
    return float(history["tickets_sold"].iloc[-1])


def rolling_ridge(history: pd.DataFrame, week: pd.DataFrame) -> float:
    """Ridge on the last five years: hinges in log jackpot, season, price, draws, special, last sales and last jackpot."""
    recent = history.tail(RIDGE_WEEKS)
    knots = np.quantile(recent["log_jackpot"], RIDGE_KNOTS)
    known = pd.concat([recent, week])
    sold = np.log(recent["tickets_sold"].to_numpy())
    before = np.r_[sold[0], sold]
    matrix = np.column_stack([_ridge_columns(known, knots), before])
    fitted = _ridge().fit(matrix[:-1], sold)
    return float(np.exp(fitted.predict(matrix[-1:])[0]))


def _ridge() -> Pipeline:
    return make_pipeline(StandardScaler(), Ridge(alpha=3.0))


def _ridge_columns(table: pd.DataFrame, knots: np.ndarray) -> np.ndarray:
    log_jackpot = table["log_jackpot"].to_numpy()
    hinges = np.maximum(log_jackpot[:, None] - knots[None, :], 0.0)
    plain = ["log_jackpot", "previous_log_jackpot", "log_price", "special", "won_before", "halo", "year_end", "payday"]
    waves = [f"{wave}_{k}" for k in (1, 2, 3) for wave in ("sin", "cos")]
    return np.column_stack([table[plain + waves].to_numpy(float), np.log(table["draws"].clip(lower=1)), hinges])
