"""Averaged dynamic linear regression: a scikit-learn regressor whose coefficients drift.

Each member is a dynamic linear model (West and Harrison 1997, chapter 4): y_t = x_t' b_t + a_t + e_t, where the coefficients b_t
are random walks with prior means and spreads, a_t is an AR(1) error, and the noise variance follows the squared errors. Members
differ in how fast things drift; they are averaged with weights from their discounted predictive likelihood (Raftery, Karny
and Ettler 2010). One forward pass gives every one-step-ahead forecast and the posterior of the coefficients.
"""

from collections import deque
from collections.abc import Sequence
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from lottery_assets.demand.breaks import AGAIN, BACK, LISTEN, ODDS, SETTLED, Alarm, Break, usual_rows
from lottery_assets.demand.posterior import MEMBERS, Member, Posterior


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
        state = Posterior(self, X, y)
        steps = np.ones(n) if steps is None else np.asarray(steps, float)
        learn = np.ones(n, bool) if learn is None else np.asarray(learn, bool)
        rows = np.column_stack([np.ones(n), X, np.ones(n)])[:, state.learns]
        self.forecast_mean_, self.forecast_sd_ = np.empty(n), np.empty(n)
        self.coef_path_ = np.empty((n, len(state.learns)))
        search = _Search(rows, y, steps, learn) if self.find_breaks else None
        for row in range(n):
            state.advance(steps[row])
            mean, variance = state.forecast(rows[row])
            self.forecast_mean_[row], self.forecast_sd_[row] = state.averaged(mean, variance)
            self.coef_path_[row] = state.coefficients()
            if not learn[row]:
                continue
            if search:
                search.remember(row, state)
            state.update(rows[row], y[row], mean, variance)
            if search:
                error = (y[row] - self.forecast_mean_[row]) / self.forecast_sd_[row]
                state = search.after(row, state, error, y[row] - X[row] @ self.coef_path_[row, 1:-1])
        self.breaks_ = search.believed(state) if search else []
        state.advance(1.0)
        self.weights_ = state.weights()
        self.coef_, self.covariance_ = state.coefficients(), state.spread()
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


class _Search:
    """The alarm, the weeks that a break may have begun in, the one that is in question, and those that are believed."""

    def __init__(self, rows: np.ndarray, y: np.ndarray, steps: np.ndarray, learn: np.ndarray) -> None:
        self.rows, self.y, self.steps, self.learn = rows, y, steps, learn
        self.usual = usual_rows(rows[:, 1]) if rows.shape[1] > 2 else np.ones(len(y), bool)
        self.alarm, self.before = Alarm(), deque[tuple[int, Posterior]](maxlen=BACK + AGAIN)
        self.asked: Break | None = None
        self.found: list[Break] = []

    def remember(self, row: int, state: Posterior) -> None:
        """What was believed before a row is learnt: a break may have begun there."""
        self.before.append((row, state.snapshot()))

    def after(self, row: int, state: Posterior, error: float, level: float) -> Posterior:
        """What is believed when the row is learnt and the alarm has heard it."""
        if self.asked and row - self.asked.noticed >= SETTLED:
            state = self._settled(state)
        if self.asked and row - self.asked.noticed >= AGAIN and state.belief() < 0.5:
            self.alarm.doubted()
        elif self.asked and row - self.asked.noticed == AGAIN:
            state = self._dated_anew(row, state)
        if not self.alarm.hears(error, level, bool(self.usual[row])):
            return state
        state = self._settled(state)
        begun, broken = self._since(row, [*self.before][-BACK:])
        self.asked = Break(begun, row)
        return state.with_a_break(broken, ODDS)

    def believed(self, state: Posterior) -> list[Break]:
        """The breaks, the one in question among them where it is likelier than not."""
        return [*self.found, *([self.asked] if self.asked and state.belief() > 0.5 else [])]

    def _settled(self, state: Posterior) -> Posterior:
        """The question answered, for the weeks that are remembered as well."""
        if not self.asked:
            return state
        broke = state.belief() > 0.5
        if broke:
            self.found.append(self.asked)
        remembered = [(row, saved.settled(broke)) for row, saved in self.before if row > self.asked.noticed]
        self.before = deque(remembered, maxlen=self.before.maxlen)
        self.asked = None
        return state.settled(broke)

    def _dated_anew(self, row: int, state: Posterior) -> Posterior:
        """The break in question moved to where it explains the weeks best by now, those after the alarm among them."""
        assert self.asked  # noqa: S101 - nothing else is dated
        begun, broken = self._since(row, [(earlier, saved.settled(False)) for earlier, saved in self.before])
        if begun == self.asked.begun:
            return state
        self.asked = Break(begun, self.asked.noticed if begun <= self.asked.noticed else row)
        self.before.clear()
        return state.settled(False).with_a_break(broken, ODDS)

    def _since(self, now: int, candidates: Sequence[tuple[int, Posterior]]) -> tuple[int, Posterior]:
        """Row at which a break explains the weeks up to `now` best, and the posterior that has learnt them since."""
        best: tuple[float, int, Posterior] | None = None
        known = 0.0  # log density of the weeks before the candidate, had no break come
        for begun, saved in candidates:
            state = saved.copy()
            state.shock()
            density = 0.0
            for row in range(begun, now + 1):
                if row > begun:
                    state.advance(self.steps[row])
                mean, variance = state.forecast(self.rows[row])
                if self.learn[row]:
                    density += state.log_density(self.y[row], mean, variance)
                    state.update(self.rows[row], self.y[row], mean, variance, robust=row >= begun + LISTEN)
            if best is None or known + density > best[0]:
                best = (known + density, begun, state)
            mean, variance = saved.forecast(self.rows[begun])
            known += saved.log_density(self.y[begun], mean, variance)
        assert best is not None  # noqa: S101 - the week of the alarm is always there
        return best[1], best[2]
