"""Scores of forecasts: pure functions of a frame with tickets_sold, mean and bands, one row a week."""

import numpy as np
import pandas as pd


def wape(frame: pd.DataFrame) -> float:
    """Sum of absolute errors over the sum of sales, a fraction."""
    return float((frame["tickets_sold"] - frame["mean"]).abs().sum() / frame["tickets_sold"].sum())


def mase(frame: pd.DataFrame, sold_before: pd.Series, season: int = 52) -> float | None:
    """Mean absolute error over that of the seasonal naive forecast on the weeks before (Hyndman and Koehler 2006).

    None where there are not two seasons to compare.
    """
    naive = sold_before.diff(season).abs().mean()
    if not naive > 0:
        return None
    return float((frame["tickets_sold"] - frame["mean"]).abs().mean() / naive)


def coverage(frame: pd.DataFrame, level: int) -> float:
    """Share of weeks inside the band `level` (80 or 95), a fraction."""
    return float(frame["tickets_sold"].between(frame[f"lower_{level}"], frame[f"upper_{level}"]).mean())


def crps(frame: pd.DataFrame) -> float:
    """Mean continuous ranked probability score [tickets], from the quantiles that the frame holds.

    Twice the quantile (pinball) loss averaged over the levels 2.5, 10, 50, 90 and 97.5 %, each weighted by the probability it
    stands for (Gneiting and Ranjan 2011, quantile decomposition); `median` is used where there is one, else the mean.
    """
    middle = frame["median"] if "median" in frame else frame["mean"]
    quantiles = [(0.025, frame["lower_95"]), (0.10, frame["lower_80"]), (0.50, middle)]
    quantiles += [(0.90, frame["upper_80"]), (0.975, frame["upper_95"])]
    levels = np.array([level for level, _ in quantiles])
    edges = np.r_[0.0, (levels[1:] + levels[:-1]) / 2, 1.0]
    score = pd.Series(0.0, index=frame.index)
    for (level, value), weight in zip(quantiles, np.diff(edges), strict=True):
        miss = frame["tickets_sold"] - value
        score += 2 * weight * np.maximum(level * miss, (level - 1) * miss)
    return float(score.mean())
