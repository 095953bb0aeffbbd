"""Which fit may become champion. Every gate says its value, its limit and a reason that people can read.

The weekly refit of sound sales passes: its forecasts are those of the champion, and one week more. What the gates are for is a fit
from faulty sales or from a program that was changed for the worse.

`not_worse` compares one-step forecasts of the same weeks by their log score. The weeks' differences add up to a log likelihood ratio;
where the challenger's forecasts are right, it exceeds log(100) in the champion's favour with a chance of at most 1 in 100, at whatever
week one looks (Ville's inequality). A week counts for at most `MOST`, either way: none decides alone. Weeks that the champion has learnt from are
scored as each of the two knew them, so that sales typed anew count as well. Once the champion has not learnt `LONG` weeks, these alone
count: it forecasts them from afar, so after a change of demand that is real the challenger wins, and a slope that moved is believed.
"""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from scipy.stats import binom, t

from lottery_assets.audit.models.card import Gate, Verdict, Version
from lottery_assets.demand import SalesModel
from lottery_assets.demand.card import Coefficient, Elasticity
from lottery_assets.demand.carrying import Ageing, can_forecast, carried, forecasts_since

LATELY = 8
"""Weeks that are recent."""
RARE = 1e-3
"""Chance that more of them lie outside the 95 % band than are let pass, were the band right; three of eight pass."""
FAULTS = 1
"""Recent weeks that may be set aside as faults of the data, or be as far off as none ever was."""
UNHEARD_OF = 3.0
"""Factor by which no week of the four games was off its forecast (1.8 is the largest), nor is believed to move for good by itself."""
MOST = 3.0
"""Log score that one week counts for at most."""
BEYOND_NOISE = float(np.log(100.0))
LONG = 4
"""Weeks not learnt by the champion on which the two are told apart."""
STEADY = 3.0
"""Standard deviations that a slope may move."""
FAR = 3.0
"""Standard deviations that the coming week's forecast may move."""
PRICE = 2.0
"""Factor by which the ticket price may change from one week to the next."""
NOTICEABLE = 1.25
"""Factor from which on it may change once only in the recent weeks and the coming one."""
SLOPES = ("log_price",)
"""Slopes that are watched beside the elasticity."""
FREEDOM = 5
"""Degrees of freedom of the Student distribution by which forecasts are scored: as wide as their 80 % band, with tails."""
BELIEVED = "; believed, for its forecasts are better beyond noise"


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted model with its one-step forecasts (`card.FORECAST`) and how it ages."""

    version: Version
    model: SalesModel
    ageing: Ageing
    forecasts: pd.DataFrame


def judge(challenger: Fit, champion: Fit | None, features: pd.DataFrame) -> Verdict:
    """The gates of a fit, against the champion where there is one; `features` are those of the challenger."""
    alone = (_calibrated(challenger.model),)
    if champion is None:
        return Verdict(champion=None, gates=alone, elasticity_change=None, forecast_change=None)
    if not can_forecast(champion.model, features):
        return Verdict(champion=None, gates=alone, elasticity_change=None, forecast_change=None)
    recent = (_recent_weeks(challenger), _sound_weeks(challenger), _steady_price(features))
    seen, unseen = compared(challenger, champion, features)
    counted = unseen if len(unseen) >= LONG else pd.concat([seen, unseen])
    surely_better = max(seen.sum(), unseen.sum() if len(unseen) >= LONG else 0.0) > BEYOND_NOISE
    change, sd = _forecast_change(challenger, champion, features)
    compared_gates = (
        _not_worse(counted),
        _stable_slope(challenger.model, champion.model, surely_better),
        _steady_forecast(change, sd, surely_better),
    )
    return Verdict(
        champion=champion.version,
        gates=(*alone, *recent, *compared_gates),
        elasticity_change=challenger.model.elasticity.mean - champion.model.elasticity.mean,
        forecast_change=change,
    )


def compared(challenger: Fit, champion: Fit, features: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Log score of the challenger less the champion's, week by week: of weeks that both have learnt from, and of those since.

    Only weeks that both have forecast; each difference within +-`MOST`.
    """
    since = forecasts_since(champion.model, champion.ageing, features)
    before = champion.forecasts
    own = log_scores(challenger.forecasts)
    return tuple(  # type: ignore[return-value]
        (own - log_scores(theirs)).dropna().clip(-MOST, MOST) if len(theirs) else pd.Series(dtype=float)
        for theirs in (before, since)
    )


def log_scores(forecasts: pd.DataFrame) -> pd.Series:
    """Log density of the log tickets sold, by week."""
    by_week = forecasts.set_index("week_start")
    scale = np.log(by_week["upper_80"] / by_week["lower_80"]) / 2 / t.ppf(0.90, FREEDOM)
    away = np.log(by_week["tickets_sold"] / by_week["median"]) / scale
    return t.logpdf(away, FREEDOM) - np.log(scale)


def _calibrated(model: SalesModel) -> Gate:
    its = model.calibration
    share = its.inside_80 / its.weeks if its.weeks else 0.80
    return Gate(
        name="calibrated",
        passed=its.sane,
        value=share,
        limit=its.least_inside_80 / its.weeks if its.weeks else 0.0,
        unit="share of weeks",
        reason=f"{its.inside_80} of {its.weeks} weeks inside the 80 % band; chance explains {its.least_inside_80} to {its.most_inside_80}",
    )


def _recent_weeks(fit: Fit) -> Gate:
    last = fit.forecasts.tail(LATELY)
    outside = int((~last["tickets_sold"].between(last["lower_95"], last["upper_95"])).sum())
    most = int(binom.isf(RARE, len(last), 0.05)) if len(last) else 0
    return Gate(
        name="recent_weeks",
        passed=outside <= most,
        value=outside,
        limit=most,
        unit="weeks",
        reason=f"{outside} of the last {len(last)} weeks outside the 95 % band; chance explains {most}",
    )


def _sound_weeks(fit: Fit) -> Gate:
    last = fit.forecasts.tail(LATELY)
    off = np.abs(np.log(last["tickets_sold"] / last["median"])) > np.log(UNHEARD_OF)
    found = {*last["week_start"].dt.date[off], *(its.week_start for its in fit.model.left_out)}
    faults = sorted(week for week in found if week > fit.model.trained_until - timedelta(weeks=LATELY))
    said = ", ".join(map(str, faults)) or "none"
    return Gate(
        name="sound_weeks",
        passed=len(faults) <= FAULTS,
        value=len(faults),
        limit=FAULTS,
        unit="weeks",
        reason=f"weeks set aside as faults of the data, or {UNHEARD_OF:g} times off their forecast, among the last {LATELY}: {said}",
    )


def _not_worse(differences: pd.Series) -> Gate:
    """`differences`: challenger less champion."""
    total = float(differences.sum())
    worst = ", ".join(f"{week.date()}" for week, value in differences.nsmallest(3).items() if value < -1)  # type: ignore[attr-defined]
    return Gate(
        name="not_worse",
        passed=total >= -BEYOND_NOISE,
        value=total,
        limit=-BEYOND_NOISE,
        unit="log likelihood ratio",
        reason=f"on the same {len(differences)} weeks its forecasts are {-total:.1f} behind the champion's in log score, noise "
        f"explains {BEYOND_NOISE:.1f}" + (f"; most in the weeks of {worst}" if worst else ""),
    )


def _stable_slope(challenger: SalesModel, champion: SalesModel, surely_better: bool) -> Gate:
    moves = {
        "elasticity": _moved(challenger.elasticity, champion.elasticity),
        **{
            name: _moved(now[name], before[name])
            for now, before in [(_terms(challenger), _terms(champion))]
            for name in SLOPES
            if name in now and name in before
        },
    }
    name, (move, sds) = max(moves.items(), key=lambda item: abs(item[1][1]))
    return Gate(
        name="stable_slope",
        passed=abs(sds) <= STEADY or surely_better,
        value=abs(sds),
        limit=STEADY,
        unit="standard deviations",
        reason=f"{name} moved by {move:+.2f} against the champion's, {abs(sds):.1f} standard deviations"
        + (BELIEVED if surely_better and abs(sds) > STEADY else ""),
    )


def _moved(now: Elasticity | Coefficient, before: Elasticity | Coefficient) -> tuple[float, float]:
    """As it is, and in standard deviations of both."""
    move = now.mean - before.mean
    return move, move / float(np.hypot(now.sd, before.sd))


def _terms(model: SalesModel) -> dict[str, Coefficient]:
    return {term.name: term for term in model.coefficients}


def _steady_price(features: pd.DataFrame) -> Gate:
    """From week to week, the coming one among them; and not there and back, which is how a price typed wrong looks."""
    coming = int(features["tickets_sold"].notna().sum())
    prices = features["log_price"].iloc[max(coming - LATELY - 1, 0) : coming + 1]
    steps = np.exp(prices.diff().abs().fillna(0.0))
    times = int((steps > NOTICEABLE).sum())
    return Gate(
        name="steady_price",
        passed=bool(steps.max() <= PRICE * (1 + 1e-9) and times <= 1),
        value=float(steps.max()),
        limit=PRICE,
        unit="times",
        reason=f"from one week to the next the ticket price changed up to {steps.max():.3g} times, and by more than "
        f"{NOTICEABLE:g} times {times} time{'' if times == 1 else 's'} in {LATELY + 1} weeks",
    )


def _steady_forecast(change: float, sd: float, surely_better: bool) -> Gate:
    sds = abs(change) / sd
    believed = surely_better and abs(change) <= np.log(UNHEARD_OF)
    return Gate(
        name="steady_forecast",
        passed=sds <= FAR or believed,
        value=sds,
        limit=FAR,
        unit="standard deviations",
        reason=f"its forecast of the coming week is {np.exp(change):.2f} times the champion's, {sds:.1f} standard deviations of that"
        + (BELIEVED if believed and sds > FAR else ""),
    )


def _forecast_change(challenger: Fit, champion: Fit, features: pd.DataFrame) -> tuple[float, float]:
    """Log ratio of the medians of the coming week's tickets at the champion's usual jackpot, and the champion's standard deviation."""
    coming = features[features["tickets_sold"].isna()].iloc[[0]]
    weeks = (challenger.model.trained_until - champion.model.trained_until).days // 7
    usual = np.array([champion.model.usual_log_jackpot])
    (now, _), (before, sd) = (
        _forecast(model, coming, usual) for model in (challenger.model, carried(champion.model, champion.ageing, weeks))
    )
    return now - before, sd


def _forecast(model: SalesModel, week: pd.DataFrame, log_jackpot: np.ndarray) -> tuple[float, float]:
    """Median and standard deviation of log tickets, at one log jackpot [1]."""
    curve = model.curve(week, log_jackpot)
    return tuple(float(curve.at(log_jackpot, its[None, :])[0, 0]) for its in (curve.log_tickets, curve.sd))  # type: ignore[return-value]
