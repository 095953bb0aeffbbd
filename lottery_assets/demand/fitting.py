"""Fitting: features of one country in, its demand model out. One recipe for every country."""

import numpy as np
import pandas as pd

from lottery_assets.demand.bands import BAND_COLUMNS, Tails, band_row
from lottery_assets.demand.card import Calibration, Coefficient, DatedBreak, Elasticity, LeftOut, Memory, UsualPath
from lottery_assets.demand.cautions import IDENTIFIED
from lottery_assets.demand.design import PATH, Centre, Term, design
from lottery_assets.demand.endogeneity import endogeneity
from lottery_assets.demand.features import FAST, RECENT, SLOW
from lottery_assets.demand.filtering import DynamicRegression
from lottery_assets.demand.metrics import coverage, crps, wape
from lottery_assets.demand.model import SalesModel
from lottery_assets.demand.recipe import RECIPE, Recipe

WINDOW = 520
"""Weeks learnt from: ten years; what was before says little about today."""
WARM_UP = 26
"""Weeks before the first forecast that counts for the calibration."""
CALIBRATED_ON = 104
LEAST_PATHS = 10
"""Weeks with several draws that it takes to say how they usually get to their jackpot."""


def fit(features: pd.DataFrame, recipe: Recipe = RECIPE) -> SalesModel:
    """Demand model of the weeks with sales, to forecast the week after the last of them."""
    history = window(features)
    centre = Centre.of(learnt(history))
    columns = recipe.terms(history)
    model = regress(history, centre, recipe)
    jackpots = np.exp(learnt(history)["log_jackpot"])
    z = errors(history, model)
    tails = Tails.of(z[WARM_UP:])
    return SalesModel(
        recipe_without=tuple(sorted(recipe.without)),
        trained_from=history["week_start"].iloc[0].date(),
        trained_until=history["week_start"].iloc[-1].date(),
        weeks=len(learnt(history)),
        left_out=tuple(
            LeftOut(week_start=week.date(), reason="data fault")
            for week in history.loc[history["set_aside"], "week_start"]
        ),
        breaks=tuple(
            DatedBreak(begun=history["week_start"][b.begun].date(), noticed=history["week_start"][b.noticed].date())
            for b in model.breaks_
        ),
        usual_log_jackpot=centre.log_jackpot,
        usual_log_price=centre.log_price,
        usual_draws=centre.draws,
        lowest_jackpot=float(jackpots.min()),
        highest_jackpot=float(jackpots.max()),
        often_announced=(float(np.exp(centre.often[0])), float(np.exp(centre.often[1]))),
        jackpots_seen=tuple(recent_jackpots(history).tolist()),
        coefficients=_coefficients(model, columns),
        covariance=tuple(tuple(row) for row in model.covariance_.tolist()),
        noise_sd=model.noise_variance_**0.5,
        error_memory=model.error_memory_,
        memory=Memory(fast=FAST, slow=SLOW),
        paths=_usual_paths(history, centre, columns, model.coef_),
        tail_scale=tails.scale,
        tail_power=tails.power,
        member_weights=tuple(model.weights_.tolist()),
        elasticity=_elasticity(model, columns, len(learnt(history))),
        endogeneity=endogeneity(history, centre),
        calibration=_calibration(history, model),
    )


def window(features: pd.DataFrame) -> pd.DataFrame:
    """The weeks with sales, the last `WINDOW` of them."""
    return features[features["tickets_sold"].notna()].tail(WINDOW).reset_index(drop=True)


def learnt(history: pd.DataFrame) -> pd.DataFrame:
    """Without the weeks set aside."""
    return history[~history["set_aside"]]


def recent_jackpots(history: pd.DataFrame) -> np.ndarray:
    """Deciles of the last 104 log jackpots, [11]."""
    return np.quantile(learnt(history)["log_jackpot"].tail(104), np.linspace(0, 1, 11))


def regress(history: pd.DataFrame, centre: Centre, recipe: Recipe = RECIPE) -> DynamicRegression:
    """One forward pass over the history [n rows]."""
    columns = recipe.terms(history)
    names = [term.name for term in columns]
    matrix = design(history, history["log_jackpot"].to_numpy(), centre, names)[:, 1:]
    use = ~history["set_aside"].to_numpy()
    sold = np.log(np.where(use, history["tickets_sold"], 1.0))
    return recipe.regression(columns).fit(matrix, sold, steps=history["gap"].to_numpy(), learn=use)


def errors(history: pd.DataFrame, model: DynamicRegression) -> np.ndarray:
    """One-step errors of the weeks learnt from, in standard deviations of their forecasts."""
    use = ~history["set_aside"].to_numpy()
    sold = np.log(history["tickets_sold"].to_numpy()[use])
    return (sold - model.forecast_mean_[use]) / model.forecast_sd_[use]


def _coefficients(model: DynamicRegression, columns: list[Term]) -> tuple[Coefficient, ...]:
    believed = [Term("level", float("nan"), 1.0), *columns, Term("error", 0.0, 0.0)]
    spread = np.sqrt(np.diag(model.covariance_))
    return tuple(
        Coefficient(
            name=term.name,
            mean=float(mean),
            sd=float(sd),
            prior_mean=0.0 if np.isnan(term.mean) else term.mean,
            prior_sd=term.sd,
        )
        for term, mean, sd in zip(believed, model.coef_, spread, strict=True)
    )


def _usual_paths(
    history: pd.DataFrame, centre: Centre, columns: list[Term], coefficients: np.ndarray
) -> tuple[UsualPath, UsualPath]:
    """Over the last two years with several draws and no special one."""
    weeks = learnt(history)
    weeks = weeks[(weeks["draws"] > 1) & (weeks["special"] == 0)].tail(RECENT)
    worth = {term.name: value for term, value in zip(columns, coefficients[1:-1], strict=True)}
    won = weeks["won_before"].to_numpy() > 0
    return _usual_path(weeks[~won], centre, worth), _usual_path(weeks[won], centre, worth)


def _usual_path(weeks: pd.DataFrame, centre: Centre, worth: dict[str, float]) -> UsualPath:
    if len(weeks) < LEAST_PATHS:
        return UsualPath(lowest=0.0, highest=0.0, columns=dict.fromkeys(PATH, (0.0, 0.0)), spread=0.0)
    log_jackpot = weeks["log_jackpot"].to_numpy()
    x = log_jackpot - centre.log_jackpot
    path = design(weeks, log_jackpot, centre, (*PATH, "x_path"))[:, 1:]
    lowest, highest = np.quantile(x, [0.05, 0.95])
    within = np.column_stack([np.ones(len(x)), np.clip(x, lowest, highest)])
    fitted, *_ = np.linalg.lstsq(within, path, rcond=None)
    unusual = (path - within @ fitted) @ [worth.get(name, 0.0) for name in (*PATH, "x_path")]
    lines = {
        name: (float(level), float(slope)) for name, (level, slope) in zip(PATH, fitted.T[: len(PATH)], strict=True)
    }
    return UsualPath(lowest=float(lowest), highest=float(highest), columns=lines, spread=float(unusual.std()))


def _elasticity(model: DynamicRegression, columns: list[Term], weeks: int) -> Elasticity:
    """Slope over +-0.3 of the usual log jackpot; `x` and the hinges that begin inside count."""
    names = ["level", *(term.name for term in columns), "error"]
    contrast = np.zeros(len(names))
    contrast[names.index("x")] = 1.0
    if "above_0" in names:
        contrast[names.index("above_0")] = 0.5
    prior = np.array([0.0, *(term.sd for term in columns), 0.0])
    sd = float(np.sqrt(contrast @ model.covariance_ @ contrast))
    prior_sd = float(np.sqrt(((contrast * prior) ** 2).sum()))
    return Elasticity(
        mean=float(contrast @ model.coef_),
        sd=sd,
        prior_mean=float(contrast @ np.array([0.0, *(term.mean for term in columns), 0.0])),
        prior_sd=prior_sd,
        borrowed=min(sd**2 / prior_sd**2, 1.0),
        identified=bool(sd < IDENTIFIED * prior_sd and weeks >= WARM_UP),
    )


def fitted(features: pd.DataFrame, weeks: int = CALIBRATED_ON) -> pd.DataFrame:
    """One-week-ahead forecasts of the last `weeks` learnt from, each with the coefficients and bands known by then.

    week_start; special (0/1); tickets_sold, mean, median, lower_80, upper_80, lower_95, upper_95 [tickets]; the first weeks and those set aside are left
    out. Unlike `backtest`, the zero of the columns and the window are those of the last week.
    """
    history = window(features)
    return _along(history, regress(history, Centre.of(learnt(history))), weeks)


def _along(history: pd.DataFrame, model: DynamicRegression, weeks: int) -> pd.DataFrame:
    use = np.flatnonzero(~history["set_aside"].to_numpy())
    z = errors(history, model)
    first = max(WARM_UP, len(use) - weeks)
    tails = Tails.each(z[WARM_UP:])
    rows = [
        band_row(model.forecast_mean_[row], model.forecast_sd_[row], tails[place - WARM_UP])
        for place, row in enumerate(use)
        if place >= first
    ]
    known = history.iloc[use[first:]][["week_start", "special", "tickets_sold"]].reset_index(drop=True)
    return pd.concat([known, pd.DataFrame(rows, columns=BAND_COLUMNS, dtype=float)], axis=1)


def _calibration(history: pd.DataFrame, model: DynamicRegression) -> Calibration:
    recent = _along(history, model, CALIBRATED_ON)
    if recent.empty:
        return Calibration(weeks=0, wape=None, wape_without_specials=None, crps=None, inside_80=0, inside_95=0)
    ordinary = recent[recent["special"] == 0]
    return Calibration(
        weeks=len(recent),
        wape=wape(recent),
        wape_without_specials=wape(ordinary) if len(ordinary) else None,
        crps=crps(recent),
        inside_80=round(coverage(recent, 80) * len(recent)),
        inside_95=round(coverage(recent, 95) * len(recent)),
    )
