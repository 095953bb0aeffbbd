"""Weeks in which people announced another jackpot than the recommended one: as near to an experiment as history comes.

A recommendation is made from the sales before it, so a jackpot that follows it moves with what the model believes. One that people set
against it does not: if sales answered these jackpots otherwise than was forecast for them, the slope is off, or people knew something.
The finding is told on the model's card; no forecast is changed by it, for the weeks are learnt from as any other.
"""

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

SAME = 1e-9
"""Log jackpots nearer than this are one jackpot."""


class NaturalExperiments(BaseModel):
    """What the weeks announced otherwise say of the slope."""

    model_config = ConfigDict(frozen=True)

    weeks: int = Field(description="announced otherwise than recommended, and forecast one week ahead")
    slope_error: float = Field(description="answer of log tickets to log jackpot, beyond the one that was forecast")
    sd: float = Field(description="how unsure that is, one standard deviation")


def announced_otherwise(features: pd.DataFrame) -> pd.Series:
    """Whether another jackpot than the recommended one was announced, by row; false where nothing was recommended."""
    return _away(features).abs() > SAME


def natural_experiments(features: pd.DataFrame, forecasts: pd.DataFrame) -> NaturalExperiments | None:
    """From the features and one-week-ahead forecasts of past weeks (`fitted`); None where no week was announced otherwise.

    Least squares, through the origin, of the forecasts' log errors on log announced less log recommended; the noise is that of the
    errors in all weeks.
    """
    weeks = forecasts.merge(features[["week_start", "log_jackpot", "advised_log_jackpot"]], on="week_start")
    otherwise = announced_otherwise(weeks)
    if not otherwise.any():
        return None
    away = _away(weeks).to_numpy()
    errors = np.log((weeks["tickets_sold"] / weeks["median"]).to_numpy())
    leverage = float(away @ away)
    return NaturalExperiments(
        weeks=int(otherwise.sum()),
        slope_error=float(away @ errors) / leverage,
        sd=float(np.sqrt(np.mean(errors**2) / leverage)),
    )


def _away(features: pd.DataFrame) -> pd.Series:
    """Log announced less log recommended."""
    return (features["log_jackpot"] - features["advised_log_jackpot"]).fillna(0.0)
