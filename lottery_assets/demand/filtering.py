"""Averaged dynamic linear regression: a scikit-learn regressor whose coefficients drift.

Each member is a dynamic linear model (West and Harrison 1997, chapter 4): y_t = x_t' b_t + a_t + e_t, where the coefficients b_t
are random walks with prior means and spreads, a_t is an AR(1) error, and the noise variance follows the squared errors. Members
differ in how fast things drift; they are averaged with weights from their discounted predictive likelihood (Raftery, Karny
and Ettler 2010). One forward pass gives every one-step-ahead forecast and the posterior of the coefficients.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data


@dataclass(frozen=True)
class Member:
    """How fast one model drifts: standard deviations a week, and the AR(1) error's innovation and memory.

    `slope_walk` replaces the first column's walk, `walks` scales the others'.
    """

    level_walk: float
    error_sd: float
    error_memory: float
    slope_walk: float = 0.0
    walks: float = 1.0


MEMBERS = (
    *(Member(level, *error) for level in (0.001, 0.003, 0.01) for error in ((0.03, 0.3), (0.02, 0.85))),
    *(
        Member(level, error_sd, 0.85, *drift)
        for level in (0.007, 0.02)
        for drift in ((0.0015, 0.5), (0.006, 2.0))
        for error_sd in (0.02, 0.06)
    ),
)


class DynamicRegression(RegressorMixin, BaseEstimator):
    """Members averaged by their past.

    Parameters: `prior_mean`, `prior_sd`, `walk`: one value a column, or None for 0, 1 and 0; `members`; `clip`: innovations beyond
    that many standard deviations inflate their own noise; `noise_memory`, `weight_memory`: weekly discounts.

    Attributes after `fit`: `coef_` [d + 2] and `covariance_` [d + 2, d + 2] of (level, columns, next error), moments of the
    averaged posterior one step ahead; `noise_variance_`; `weights_` [members]; `forecast_mean_`, `forecast_sd_` [n] and
    `coef_path_` [n, d + 2]: one step ahead, each from the rows before it.
    """

    def __init__(
        self,
        prior_mean: Sequence[float] | None = None,
        prior_sd: Sequence[float] | None = None,
        walk: Sequence[float] | None = None,
        members: Sequence[Member] = MEMBERS,
        clip: float = 2.5,
        noise_memory: float = 0.96,
        weight_memory: float = 0.99,
    ) -> None:
        self.prior_mean = prior_mean
        self.prior_sd = prior_sd
        self.walk = walk
        self.members = members
        self.clip = clip
        self.noise_memory = noise_memory
        self.weight_memory = weight_memory

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
        self.coef_path_ = np.empty((n, rows.shape[1]))
        for row in range(n):
            state.advance(steps[row])
            mean, variance = state.forecast(rows[row])
            self.forecast_mean_[row], self.forecast_sd_[row] = state.averaged(mean, variance)
            self.coef_path_[row] = state.weights() @ state.mean
            if learn[row]:
                state.update(rows[row], y[row], mean, variance)
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
        self.mean = np.tile(np.r_[start, mean, 0.0], (len(members), 1))
        self.memory = np.array([member.error_memory for member in members])
        error = np.array([member.error_sd for member in members]) ** 2
        self.drift = np.array([np.r_[m.level_walk, walk * m.walks, 0.0] for m in members]) ** 2
        if d:
            self.drift[:, 1] = [member.slope_walk**2 for member in members]
        self.error = error
        variances = np.tile(np.r_[1.0, sd**2, 0.0], (len(members), 1))
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

    def weights(self) -> np.ndarray:
        """Weights of the members, [m], adding up to 1."""
        likely = np.exp(self.score - self.score.max())
        return likely / likely.sum()

    def update(self, row: np.ndarray, y: float, mean: np.ndarray, variance: np.ndarray) -> None:
        """Learns one observation; an innovation beyond `clip` standard deviations counts as that much noisier."""
        error = y - mean
        far = np.maximum(error**2 / variance / self.clip**2, 1.0)
        self.mean += self.gain * (error / (variance * far))[:, None]
        self.covariance -= self.gain[:, :, None] * (self.gain / (variance * far)[:, None])[:, None, :]
        share = self.noise / variance
        squared = np.minimum(error**2, 9 * variance)
        learnt = share**2 * squared + self.noise * (1 - share)
        self.noise = self.noise_memory * self.noise + (1 - self.noise_memory) * learnt
        fit = -0.5 * np.log(2 * np.pi * variance) - 0.5 * np.minimum(error**2 / variance, 25.0)
        self.score = self.weight_memory * self.score + fit
