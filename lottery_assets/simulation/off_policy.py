"""What past weeks can say about jackpots that were recommended and not announced. Three figures, and never one of them alone.

The model's estimate marks its own work. Weeks whose recommendation lay near the announced jackpot show what was really earned
there. The doubly robust figure corrects the one with the other (Kallus and Zhou 2018, Policy Evaluation and Optimization with
Continuous Treatments). With m(J) the model's expected net revenue, y the outcome at the announced jackpot A, R the recommended one:

    difference = mean[m(R) - y] + sum w (y - m(A)) / sum w,     w = K((log R - log A) / h) / (h f(log A | last jackpot, won or not))

the value at R less what was earned at A: right where the model m is right, or else where the density f is, and what the model misses
is alike within h. K is Epanechnikov's kernel. m and f of a week are learnt from the weeks before it, so w (y - m(A)) has no memory but
what the model leaves; the standard error is that of the mean's influence values with Newey and West's (1987) weights. It leaves out
what f's own estimate and the width h add.
"""

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

NEAR = 0.1
"""A recommendation is near where log jackpots differ by less: 10 %."""
REACH = 0.2
"""h: the announced jackpot says something of a recommended one within 20 %."""
LEAST_EFFECTIVE = 20.0
"""Weeks that a weighted mean must amount to, or nothing is said."""
LEAST_MEAN_WEIGHT = 0.5
"""The weights average 1 where every week's recommendation might have been announced; below half, most weeks have no counterpart."""


class Comparison(BaseModel):
    """Means over some weeks, net revenue in millions a week; null where there is no such week."""

    model_config = ConfigDict(frozen=True)

    weeks: int
    share: float = Field(description="of the weeks compared, a fraction")
    difference: float | None = Field(description="recommended less announced jackpot, both by the model")
    band_80: tuple[float, float] | None = Field(description="of the difference, over what the curve may be")
    expected: float | None = Field(description="at the announced jackpot, by the model")
    earned: float | None = Field(description="at the announced jackpot, with the tickets truly sold")
    surprise_se: float | None = Field(description="standard error of earned less expected")


class DoublyRobust(BaseModel):
    """The corrected difference, in millions a week; null where support is too thin, and then `says` why."""

    model_config = ConfigDict(frozen=True)

    difference: float | None
    standard_error: float | None
    effective_weeks: float = Field(description="(sum w)^2 / sum w^2 (Kish 1965)")
    mean_weight: float = Field(description="1 where every recommendation might have been announced")
    least_effective_weeks: float = LEAST_EFFECTIVE
    least_mean_weight: float = LEAST_MEAN_WEIGHT
    says: str


def compare(weeks: pd.DataFrame, differences: np.ndarray, which: np.ndarray) -> Comparison:
    """Over the weeks of the mask `which` [n].

    `weeks` [n rows]: model_difference, expected_at_announced (both by the model), earned. `differences` [D, n]: of each week under each possible curve.
    """
    n = int(which.sum())
    if not n:
        nothing = dict.fromkeys(("difference", "band_80", "expected", "earned", "surprise_se"))
        return Comparison.model_validate({"weeks": 0, "share": 0.0, **nothing})
    chosen = weeks[which]
    low, high = np.quantile(differences[:, which].mean(axis=1), [0.1, 0.9])
    surprise = (chosen["earned"] - chosen["expected_at_announced"]).to_numpy()
    return Comparison(
        weeks=n,
        share=n / len(weeks),
        difference=float(chosen["model_difference"].mean()),
        band_80=(float(low), float(high)),
        expected=float(chosen["expected_at_announced"].mean()),
        earned=float(chosen["earned"].mean()),
        surprise_se=float(surprise.std(ddof=1) / np.sqrt(n)) if n > 1 else None,
    )


def near(weeks: pd.DataFrame) -> np.ndarray:
    """Whether each week's recommended jackpot lies within 10 % of the announced one, [n]."""
    return np.asarray(np.abs(_gap(weeks)) < NEAR)


def weights(weeks: pd.DataFrame) -> np.ndarray:
    """w of each week [n], from recommended_jackpot, announced_jackpot and `density`, that of the announced log jackpot; 0 where it is unknown."""
    kernel = 0.75 * np.maximum(1 - (_gap(weeks) / REACH) ** 2, 0.0) / REACH
    known = weeks["density"].to_numpy(float)
    return np.divide(kernel, known, out=np.zeros_like(kernel), where=known > 0)


def doubly_robust(weeks: pd.DataFrame) -> DoublyRobust:
    """The formula of this file; `weeks` [n rows] as for `compare` and `weights`, with expected_at_recommended."""
    w = weights(weeks)
    total, n = float(w.sum()), len(weeks)
    effective = total**2 / float((w**2).sum()) if total else 0.0
    mean_weight = total / n if n else 0.0
    thin = _too_thin(effective, mean_weight)
    if thin:
        return DoublyRobust(
            difference=None, standard_error=None, effective_weeks=effective, mean_weight=mean_weight, says=thin
        )
    at_recommended, at_announced, y = (
        weeks[name].to_numpy(float) for name in ("expected_at_recommended", "expected_at_announced", "earned")
    )
    missed = y - at_announced
    correction = float(w @ missed) / total
    plain = at_recommended - y
    influence = plain - plain.mean() + w * (missed - correction) / mean_weight
    return DoublyRobust(
        difference=float(plain.mean()) + correction,
        standard_error=_standard_error(influence),
        effective_weeks=effective,
        mean_weight=mean_weight,
        says=f"rests on {effective:.0f} effective weeks of {n}; right where either the model or the density of announced jackpots is",
    )


def _gap(weeks: pd.DataFrame) -> np.ndarray:
    return np.log(weeks["recommended_jackpot"].to_numpy(float) / weeks["announced_jackpot"].to_numpy(float))


def _too_thin(effective: float, mean_weight: float) -> str:
    if effective < LEAST_EFFECTIVE:
        return (
            f"history cannot say: announced jackpots near the recommended ones amount to {effective:.1f} effective weeks, "
            f"{LEAST_EFFECTIVE:.0f} are needed"
        )
    if mean_weight < LEAST_MEAN_WEIGHT:
        return (
            f"history cannot say: in most weeks nothing near the recommendation is ever announced (mean weight {mean_weight:.2f}, "
            f"{LEAST_MEAN_WEIGHT:g} is needed)"
        )
    return ""


def _standard_error(influence: np.ndarray) -> float:
    """Of the mean of influence values [n] that stand in the order of their weeks."""
    n = len(influence)
    variance = float(influence @ influence)
    lags = int(4 * (n / 100) ** (2 / 9))
    for lag in range(1, min(lags, n - 1) + 1):
        variance += 2 * (1 - lag / (lags + 1)) * float(influence[lag:] @ influence[:-lag])
    return float(np.sqrt(max(variance, 0.0))) / n
