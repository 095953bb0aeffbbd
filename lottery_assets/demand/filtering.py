"""Averaged dynamic linear regression: a scikit-learn regressor whose coefficients drift.

Each member is a dynamic linear model (West and Harrison 1997, chapter 4): y_t = x_t' b_t + a_t + e_t, where the coefficients b_t
are random walks with prior means and spreads, a_t is an AR(1) error, and the noise variance follows the squared errors. Members
differ in how fast things drift; they are averaged with weights from their discounted predictive likelihood (Raftery, Karny
and Ettler 2010). One forward pass gives every one-step-ahead forecast and the posterior of the coefficients.
"""

import copy
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from lottery_assets.demand.breaks import BACK, LEVEL_SHOCK, LISTEN, SLOPE_SHOCK, Alarm, Break, usual_rows


@dataclass(frozen=True)
class Member:
    """How fast one model drifts: standard deviations a week, and the AR(1) error's innovation and memory.

    `slope_walk` replaces the first column's walk, `walks` scales the others'. `without`: groups of columns that it does not have.
    """

    level_walk: float
    error_sd: float
    error_memory: float
    slope_walk: float = 0.0
    walks: float = 1.0
    without: frozenset[str] = frozenset()


DRIFTS = (
    Member(0.003, 0.02, 0.85, 0.0, 0.3),
    Member(0.003, 0.06, 0.85, 0.0015, 0.5),
    Member(0.003, 0.06, 0.85, 0.006, 2.0),
    Member(0.007, 0.02, 0.85, 0.006, 2.0),
    Member(0.007, 0.06, 0.85, 0.01, 4.0),
    Member(0.02, 0.02, 0.85, 0.0015, 0.5),
    Member(0.02, 0.02, 0.85, 0.01, 4.0),
    Member(0.02, 0.06, 0.85, 0.006, 2.0),
)
STRAIGHT = frozenset({"curvature"})
MEMBERS = tuple(replace(drift, without=without) for drift in DRIFTS for without in (frozenset[str](), STRAIGHT))
"""Each speed of drift twice: a market whose elasticity is constant is believed to be one where that forecasts as well."""


class DynamicRegression(RegressorMixin, BaseEstimator):
    """Members averaged by their past.

    Parameters: `prior_mean`, `prior_sd`, `walk`, `groups`: one value a column, or None for 0, 1, 0 and ""; `members`; `clip`: innovations beyond
    that many standard deviations inflate their own noise; `noise_memory`, `weight_memory`: weekly discounts; `find_breaks`: whether
    level and first column are learnt anew after a break.

    Attributes after `fit`: `coef_` [d + 2] and `covariance_` [d + 2, d + 2] of (level, columns, next error), moments of the
    averaged posterior one step ahead; `noise_variance_`; `weights_` [members]; `forecast_mean_`, `forecast_sd_` [n] and
    `coef_path_` [n, d + 2]: one step ahead, each from the rows before it; `breaks_`.
    """

    def __init__(
        self,
        prior_mean: Sequence[float] | None = None,
        prior_sd: Sequence[float] | None = None,
        walk: Sequence[float] | None = None,
        groups: Sequence[str] | None = None,
        members: Sequence[Member] = MEMBERS,
        clip: float = 3.0,
        noise_memory: float = 0.96,
        weight_memory: float = 0.998,
        find_breaks: bool = True,
    ) -> None:
        self.prior_mean = prior_mean
        self.prior_sd = prior_sd
        self.walk = walk
        self.groups = groups
        self.members = members
        self.clip = clip
        self.noise_memory = noise_memory
        self.weight_memory = weight_memory
        self.find_breaks = find_breaks

    def fit(
        self, X: np.ndarray, y: np.ndarray, steps: np.ndarray | None = None, learn: np.ndarray | None = None
    ) -> Self:
        """`X` [n, d] in time order, `y` [n]; `steps` [n]: weeks since the row before; `learn` [n]: False rows are forecast only."""
        X, y = validate_data(self, X, y, y_numeric=True)
        n = len(y)
        state = _State(self, X, y)
        steps = np.ones(n) if steps is None else np.asarray(steps, float)
        learn = np.ones(n, bool) if learn is None else np.asarray(learn, bool)
        rows = np.column_stack([np.ones(n), X, np.ones(n)])
        self.forecast_mean_, self.forecast_sd_ = np.empty(n), np.empty(n)
        self.breaks_: list[Break] = []
        usual = usual_rows(X[:, 0]) if X.shape[1] else np.ones(n, bool)
        alarm, before = Alarm(), deque[tuple[int, _State]](maxlen=BACK)
        self.coef_path_ = np.empty((n, rows.shape[1]))
        for row in range(n):
            state.advance(steps[row])
            mean, variance = state.forecast(rows[row])
            self.forecast_mean_[row], self.forecast_sd_[row] = state.averaged(mean, variance)
            self.coef_path_[row] = state.weights() @ state.mean
            if not learn[row]:
                continue
            if self.find_breaks:
                before.append((row, state.copy()))
            state.update(rows[row], y[row], mean, variance)
            error = (y[row] - self.forecast_mean_[row]) / self.forecast_sd_[row]
            if self.find_breaks and usual[row] and alarm.hears(error):
                begun, state = _from_the_break(before, rows, y, steps, learn, row)
                self.breaks_.append(Break(begun, row))
                before.clear()
        state.advance(1.0)
        self.weights_ = state.weights()
        self.coef_ = self.weights_ @ state.mean
        away = state.mean - self.coef_
        self.covariance_ = np.tensordot(self.weights_, state.covariance, 1) + (away.T * self.weights_) @ away
        self.noise_variance_ = float(self.weights_ @ state.noise)
        self.error_memory_ = float(self.weights_ @ state.memory)
        return self

    def predict(self, X: np.ndarray, return_std: bool = False) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """Mean, and standard deviation if asked, of y one step after the last row that was learnt, at columns `X` [m, d]."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        rows = np.column_stack([np.ones(len(X)), X, np.ones(len(X))])
        mean = rows @ self.coef_
        if not return_std:
            return mean
        spread = np.einsum("ij,jk,ik->i", rows, self.covariance_, rows)
        return mean, np.sqrt(spread + self.noise_variance_)


class _State:
    """Posterior of every member at once: mean [m, k], covariance [m, k, k], noise variance [m], log weight [m]; k = d + 2."""

    def __init__(self, model: DynamicRegression, X: np.ndarray, y: np.ndarray) -> None:
        d, members = X.shape[1], model.members
        mean = np.zeros(d) if model.prior_mean is None else np.asarray(model.prior_mean, float)
        sd = np.ones(d) if model.prior_sd is None else np.asarray(model.prior_sd, float)
        walk = np.zeros(d) if model.walk is None else np.asarray(model.walk, float)
        start = float(np.median(y[:8] - X[:8] @ mean))
        groups = np.full(d, "") if model.groups is None else np.asarray(model.groups)
        has = np.array([[*~np.isin(groups, list(member.without))] for member in members]).reshape(len(members), d)
        ends = np.ones((len(members), 1))
        has = np.hstack([ends, has, ends])
        self.mean = has * np.r_[start, mean, 0.0]
        self.memory = np.array([member.error_memory for member in members])
        error = np.array([member.error_sd for member in members]) ** 2
        self.drift = (has * np.array([np.r_[m.level_walk, walk * m.walks, 0.0] for m in members])) ** 2
        if d:
            self.drift[:, 1] = [member.slope_walk**2 for member in members]
        self.error = error
        variances = has * np.r_[1.0, sd**2, 0.0]
        variances[:, -1] = error / (1 - self.memory**2)
        self.diagonal = np.arange(d + 2)
        self.covariance = np.zeros((len(members), d + 2, d + 2))
        self.covariance[:, self.diagonal, self.diagonal] = variances
        self.noise = np.full(len(members), 0.08**2)
        self.score = np.zeros(len(members))
        self.clip, self.noise_memory, self.weight_memory = model.clip, model.noise_memory, model.weight_memory

    def advance(self, steps: float) -> None:
        """`steps` weeks pass: walks widen, the error decays."""
        decay = self.memory**steps
        self.mean[:, -1] *= decay
        self.covariance[:, -1, :] *= decay[:, None]
        self.covariance[:, :, -1] *= decay[:, None]
        grown = self.drift * steps
        grown[:, -1] = self.error * (1 - decay**2) / (1 - self.memory**2)
        self.covariance[:, self.diagonal, self.diagonal] += grown

    def forecast(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of y of each member, [m]."""
        self.gain = self.covariance @ row
        return self.mean @ row, self.gain @ row + self.noise

    def averaged(self, mean: np.ndarray, variance: np.ndarray) -> tuple[float, float]:
        """Mean and standard deviation of the mixture."""
        weights = self.weights()
        centre = weights @ mean
        return float(centre), float(np.sqrt(weights @ (variance + (mean - centre) ** 2)))

    def log_density(self, y: float, mean: np.ndarray, variance: np.ndarray) -> float:
        """Log density of y under the mixture."""
        each = -0.5 * (np.log(2 * np.pi * variance) + (y - mean) ** 2 / variance)
        top = each.max()
        return float(top + np.log(self.weights() @ np.exp(each - top)))

    def weights(self) -> np.ndarray:
        """Weights of the members, [m], adding up to 1."""
        likely = np.exp(self.score - self.score.max())
        return likely / likely.sum()

    def copy(self) -> "_State":
        """Its own arrays, the same numbers."""
        other = copy.copy(self)
        for name in ("mean", "covariance", "noise", "score"):
            setattr(other, name, getattr(self, name).copy())
        return other

    def shock(self) -> None:
        """A break: level and first column may be anything within reach again."""
        self.covariance[:, 0, 0] += LEVEL_SHOCK**2
        if self.covariance.shape[1] > 2:
            self.covariance[:, 1, 1] += SLOPE_SHOCK**2

    def update(self, row: np.ndarray, y: float, mean: np.ndarray, variance: np.ndarray, robust: bool = True) -> None:
        """Learns one observation; an innovation beyond `clip` standard deviations counts as that much noisier, if `robust`."""
        error = y - mean
        far = np.maximum(error**2 / variance / self.clip**2, 1.0) if robust else np.ones_like(error)
        self.mean += self.gain * (error / (variance * far))[:, None]
        self.covariance -= self.gain[:, :, None] * (self.gain / (variance * far)[:, None])[:, None, :]
        share = self.noise / variance
        squared = np.minimum(error**2, 9 * variance)
        learnt = share**2 * squared + self.noise * (1 - share)
        self.noise = self.noise_memory * self.noise + (1 - self.noise_memory) * learnt
        fit = -0.5 * np.log(2 * np.pi * variance) - 0.5 * np.minimum(error**2 / variance, 25.0)
        self.score = self.weight_memory * self.score + fit


def _from_the_break(
    before: "deque[tuple[int, _State]]",
    rows: np.ndarray,
    y: np.ndarray,
    steps: np.ndarray,
    learn: np.ndarray,
    now: int,
) -> tuple[int, _State]:
    """Row at which a break explains the weeks up to `now` best, and the posterior that has learnt them since."""
    best: tuple[float, int, _State] | None = None
    known = 0.0  # log density of the weeks before the candidate, had no break come
    for begun, saved in before:
        state = saved.copy()
        state.shock()
        density = 0.0
        for row in range(begun, now + 1):
            if row > begun:
                state.advance(steps[row])
            mean, variance = state.forecast(rows[row])
            if learn[row]:
                density += state.log_density(y[row], mean, variance)
                state.update(rows[row], y[row], mean, variance, robust=row >= begun + LISTEN)
        if best is None or known + density > best[0]:
            best = (known + density, begun, state)
        mean, variance = saved.forecast(rows[begun])
        known += saved.log_density(y[begun], mean, variance)
    assert best is not None  # noqa: S101 - the week of the alarm is always there
    return best[1], best[2]
