"""What the members of the averaged regression believe after each week: their posteriors, all at once.

The members, their drifts and how they are averaged: see `filtering`. Where a break may have come, every member is there twice, once
with the break and once without it, and the weeks that follow tell which is right.
"""

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from lottery_assets.demand.breaks import LEVEL_SHOCK, SLOPE_SHOCK

if TYPE_CHECKING:
    from lottery_assets.demand.filtering import DynamicRegression


@dataclass(frozen=True)
class Member:
    """How fast one model drifts: standard deviations a week, and the AR(1) error's innovation and memory.

    `slope_walk` replaces the first column's walk, `walks` scales the others'. `without`: groups of columns that it does not have. `odds`:
    how likely it is before any week was seen, against the others.
    """

    level_walk: float
    error_sd: float
    error_memory: float
    slope_walk: float = 0.0
    walks: float = 1.0
    without: frozenset[str] = frozenset()
    odds: float = 1.0


DRIFTS = (
    Member(0.001, 0.03, 0.3, 0.0, 0.3),
    Member(0.001, 0.02, 0.85, 0.0, 0.3),
    Member(0.003, 0.03, 0.3, 0.0, 0.3),
    Member(0.003, 0.02, 0.85, 0.0, 0.3),
    Member(0.003, 0.06, 0.85, 0.006, 2.0),
    Member(0.007, 0.02, 0.85, 0.006, 2.0),
    Member(0.007, 0.06, 0.85, 0.01, 4.0),
    Member(0.02, 0.02, 0.85, 0.01, 4.0),
    Member(0.02, 0.06, 0.85, 0.006, 2.0),
)
"""From the steadiest to the most restless: where the level moves fast, it takes what a slow stock of past jackpots did."""
STRAIGHT, FORGETS = frozenset({"curvature"}), frozenset({"memory"})
REMEMBERS = 6.0
"""Odds that sales remember past jackpots."""
MEMBERS = tuple(
    replace(drift, without=straight | forgets, odds=odds)
    for drift in DRIFTS
    for straight in (frozenset[str](), STRAIGHT)
    for forgets, odds in ((frozenset[str](), REMEMBERS), (FORGETS, 1.0))
)
"""Each speed of drift four times: a market whose elasticity is constant, or that forgets, is believed to be one where that forecasts as
well. A plan that acts on a memory which is noise loses in every week."""


class Posterior:
    """Of every member at once: mean [m, k], covariance [m, k, k], noise variance [m], log weight [m].

    `learns` [d + 2]: which of (level, columns, error) are among the k. A column that is zero in every row teaches nothing and stays what
    it was: `idle`, means and variances [m, d + 2 - k] that nothing else depends on. `broken` [m]: whether the member has it that
    sales broke; none of them, or half.
    """

    OF_MEMBERS = (
        *("mean", "covariance", "noise", "score", "memory", "drift", "error", "broken"),
        *("idle_mean", "idle_variance", "idle_drift"),
    )

    def __init__(self, model: "DynamicRegression", X: np.ndarray, y: np.ndarray) -> None:
        d, members = X.shape[1], model.members
        mean = np.zeros(d) if model.prior_mean is None else np.asarray(model.prior_mean, float)
        sd = np.ones(d) if model.prior_sd is None else np.asarray(model.prior_sd, float)
        walk = np.zeros(d) if model.walk is None else np.asarray(model.walk, float)
        start = float(np.median(y[:8] - X[:8] @ mean))
        groups = np.full(d, "") if model.groups is None else np.asarray(model.groups)
        has = np.array([[*~np.isin(groups, list(member.without))] for member in members]).reshape(len(members), d)
        ends = np.ones((len(members), 1))
        has = np.hstack([ends, has, ends])
        means = has * np.r_[start, mean, 0.0]
        self.memory = np.array([member.error_memory for member in members])
        error = np.array([member.error_sd for member in members]) ** 2
        drift = (has * np.array([np.r_[m.level_walk, walk * m.walks, 0.0] for m in members])) ** 2
        if d:
            drift[:, 1] = [member.slope_walk**2 for member in members]
        self.error = error
        variances = has * np.r_[1.0, sd**2, 0.0]
        variances[:, -1] = error / (1 - self.memory**2)
        self.learns = np.r_[True, X.any(axis=0), True]
        self.learns[:2] = True
        self.idle_mean, self.mean = means[:, ~self.learns], means[:, self.learns]
        self.idle_drift, self.drift = drift[:, ~self.learns], drift[:, self.learns]
        self.idle_variance, variances = variances[:, ~self.learns], variances[:, self.learns]
        size = variances.shape[1]
        self.diagonal = np.arange(size)
        self.covariance = np.zeros((len(members), size, size))
        self.covariance[:, self.diagonal, self.diagonal] = variances
        self.noise = np.full(len(members), 0.08**2)
        self.score = np.log([member.odds for member in members])
        self.broken = np.zeros(len(members), bool)
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
        self.idle_variance = self.idle_variance + self.idle_drift * steps

    def coefficients(self) -> np.ndarray:
        """Of (level, columns, error), averaged over the members, [d + 2]."""
        weights, found = self.weights(), np.empty(len(self.learns))
        found[self.learns], found[~self.learns] = weights @ self.mean, weights @ self.idle_mean
        return found

    def spread(self) -> np.ndarray:
        """Covariance of the coefficients over all members, [d + 2, d + 2]."""
        weights, size = self.weights(), len(self.learns)
        means, known = np.empty((len(weights), size)), np.zeros((size, size))
        means[:, self.learns], means[:, ~self.learns] = self.mean, self.idle_mean
        known[np.ix_(self.learns, self.learns)] = np.tensordot(weights, self.covariance, 1)
        idle = np.flatnonzero(~self.learns)
        known[idle, idle] = weights @ self.idle_variance
        away = means - weights @ means
        return known + (away.T * weights) @ away

    def forecast(self, row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of y of each member, [m]; `row` [k]."""
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

    def snapshot(self) -> Self:
        """What is believed now, to look at; until the next `update` the arrays are shared."""
        return copy.copy(self)

    def copy(self) -> Self:
        """Its own arrays, the same numbers."""
        return self.only(np.ones(len(self.score), bool))

    def only(self, members: np.ndarray) -> Self:
        """Some of the members, [m] of booleans, with arrays of their own."""
        other = copy.copy(self)
        for name in self.OF_MEMBERS:
            setattr(other, name, getattr(self, name)[members])
        return other

    def with_a_break(self, broken: Self, log_odds: float) -> Self:
        """These members, and those of a posterior that takes the break for real, `log_odds` likely before the weeks were seen."""
        other = copy.copy(self)
        for name in self.OF_MEMBERS:
            setattr(other, name, np.concatenate([getattr(self, name), getattr(broken, name)]))
        other.score[len(self.score) :] += log_odds
        other.broken[len(self.score) :] = True
        return other

    def belief(self) -> float:
        """Weight of the members that take the break for real."""
        return float(self.weights() @ self.broken)

    def settled(self, broke: bool) -> Self:
        """Only the members that say so, and the break is no question any more."""
        other = self.only(self.broken == broke)
        other.broken[:] = False
        return other

    def shock(self) -> None:
        """A break: level and first column may be anything within reach again."""
        self.covariance[:, 0, 0] += LEVEL_SHOCK**2
        if self.covariance.shape[1] > 2:
            self.covariance[:, 1, 1] += SLOPE_SHOCK**2

    def update(self, row: np.ndarray, y: float, mean: np.ndarray, variance: np.ndarray, robust: bool = True) -> None:
        """Learns one observation; an innovation beyond `clip` standard deviations counts as that much noisier, if `robust`.

        Every array is a new one: what was believed before (`snapshot`) stays as it was.
        """
        error = y - mean
        far = np.maximum(error**2 / variance / self.clip**2, 1.0) if robust else np.ones_like(error)
        self.mean = self.mean + self.gain * (error / (variance * far))[:, None]
        learnt = np.einsum("mi,mj->mij", self.gain, self.gain / (variance * far)[:, None])
        self.covariance = np.subtract(self.covariance, learnt, out=learnt)
        share = self.noise / variance
        squared = np.minimum(error**2, 9 * variance)
        noise = share**2 * squared + self.noise * (1 - share)
        self.noise = self.noise_memory * self.noise + (1 - self.noise_memory) * noise
        fit = -0.5 * np.log(2 * np.pi * variance) - 0.5 * np.minimum(error**2 / variance, 25.0)
        self.score = self.weight_memory * self.score + fit
