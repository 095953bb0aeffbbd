"""A fitted model carried forward to a later week without learning from the weeks between: coefficients drift, the last error fades.

What the regression needs for that beside its posterior is the drift of its members; it is kept with the model, so that a stored one
needs no data to go on.
"""

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.demand.bands import Tails, band_row
from lottery_assets.demand.design import design
from lottery_assets.demand.fitting import window
from lottery_assets.demand.model import SalesModel
from lottery_assets.demand.posterior import Posterior
from lottery_assets.demand.recipe import Recipe


class Ageing(BaseModel):
    """How fast a model's knowledge ages: averages over the members of its regression."""

    model_config = ConfigDict(frozen=True)

    variances: tuple[float, ...] = Field(description="of a week's step, a coefficient each, in the model's order")
    error_variance: float = Field(description="of what the autocorrelated error gains in a week")


def ageing(model: SalesModel, features: pd.DataFrame) -> Ageing:
    """Of a model, given the features that it was fitted on."""
    columns = Recipe(frozenset(model.recipe_without)).terms(window(features))
    regression = Recipe(frozenset(model.recipe_without)).regression(columns)
    before_any_week = Posterior(regression, np.ones((1, len(columns))), np.zeros(1))
    members = len(before_any_week.score)
    weights = np.reshape(model.member_weights, (-1, members)).sum(axis=0)  # with and without a break in question
    return Ageing(
        variances=tuple((weights @ before_any_week.drift).tolist()),
        error_variance=float(weights @ before_any_week.error),
    )


def carried(model: SalesModel, ageing: Ageing, weeks: int) -> SalesModel:
    """The model `weeks` later, none of them learnt: the same curve, less sure."""
    if weeks == 0:
        return model
    decay = model.error_memory**weeks
    covariance = np.array(model.covariance)
    covariance[-1, :] *= decay
    covariance[:, -1] *= decay
    grown = np.array(ageing.variances) * weeks
    grown[-1] = ageing.error_variance * (1 - decay**2) / (1 - model.error_memory**2)
    covariance[np.diag_indices_from(covariance)] += grown
    spread = np.sqrt(np.diag(covariance))
    means = [term.mean for term in model.coefficients]
    means[-1] *= decay
    return model.model_copy(
        update={
            "coefficients": tuple(
                term.model_copy(update={"mean": float(mean), "sd": float(sd)})
                for term, mean, sd in zip(model.coefficients, means, spread, strict=True)
            ),
            "covariance": tuple(tuple(row) for row in covariance.tolist()),
        }
    )


def forecasts_since(model: SalesModel, ageing: Ageing, features: pd.DataFrame) -> pd.DataFrame:
    """What a model forecasts of the weeks sold after those it was trained on, having learnt from none of them.

    The columns of `fitted`, weeks set aside left out: at the jackpot of each week and along the way there.
    """
    since = features[features["tickets_sold"].notna() & (features["week_start"].dt.date > model.trained_until)]
    names = [term.name for term in model.coefficients[1:-1]]
    tails = Tails(model.tail_scale, model.tail_power)
    found = []
    for number in np.flatnonzero(~since["set_aside"].to_numpy()):
        week = since.iloc[[number]]
        weeks = (week["week_start"].iloc[0].date() - model.trained_until).days // 7 - 1
        then = carried(model, ageing, weeks)
        row = np.r_[design(week, week["log_jackpot"].to_numpy(), model.centre, names)[0], 1.0]
        variance = float(row @ np.array(then.covariance) @ row) + model.noise_sd**2
        median = float(row @ [term.mean for term in then.coefficients])
        known = {name: week[name].iloc[0] for name in ("week_start", "special", "tickets_sold")}
        found.append(known | band_row(median, variance**0.5, tails))
    return pd.DataFrame(found)


def can_forecast(model: SalesModel, features: pd.DataFrame) -> bool:
    """Whether the features have every column that the model has learnt from; a calendar that was switched off takes some away."""
    names = [term.name for term in model.coefficients[1:-1]]
    try:
        design(features.iloc[[0]], np.zeros(1), model.centre, names)
    except KeyError:
        return False
    return True
