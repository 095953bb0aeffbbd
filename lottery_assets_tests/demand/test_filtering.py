"""The regressor by itself: scikit-learn's rules, least squares where nothing drifts, drift where something does, breaks."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from lottery_assets.demand.filtering import DynamicRegression
from lottery_assets.demand.posterior import MEMBERS, Member

STILL = (Member(0.0, 1e-6, 0.0),)


@parametrize_with_checks(
    [DynamicRegression(members=STILL)],
    expected_failed_checks=lambda _: {
        "check_sample_weights_not_an_array": "weeks carry no weights",
    },
)
def test_scikit_learns_checks(estimator, check):
    check(estimator)


def data(n: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 2))
    return X, 1.0 + X @ [0.5, -0.3] + rng.normal(0, 0.1, n)


def test_without_drift_it_is_least_squares():
    X, y = data()
    fitted = DynamicRegression(members=STILL, prior_sd=[10, 10], find_breaks=False).fit(X, y)
    least = np.linalg.lstsq(np.column_stack([np.ones(len(X)), X]), y, rcond=None)[0]
    assert fitted.coef_[:3] == pytest.approx(least, abs=0.01)
    assert fitted.noise_variance_**0.5 == pytest.approx(0.1, rel=0.2)


def test_a_strong_prior_holds_until_the_data_speak():
    X, y = data(n=3)
    held = DynamicRegression(prior_mean=[0.2, 0.2], prior_sd=[1e-6, 1e-6], members=STILL).fit(X, y)
    assert held.coef_[1:3] == pytest.approx([0.2, 0.2], abs=1e-3)


def test_a_column_that_was_always_zero_says_what_was_believed_before():
    X, y = data()
    y[200:] += 0.6  # a break: members are copied, settled and joined on the way
    prior = {"prior_mean": [0.0, 0.0], "prior_sd": [1.0, 1.0], "walk": [0.0, 0.0], "groups": ["", ""]}
    more = {"prior_mean": [0.3], "prior_sd": [0.2], "walk": [0.01], "groups": ["memory"]}
    without = DynamicRegression(**prior).fit(X, y)
    fitted = DynamicRegression(**{name: prior[name] + more[name] for name in prior}).fit(np.c_[X, np.zeros(len(X))], y)
    others = [0, 1, 2, 4]
    assert fitted.coef_[others] == pytest.approx(without.coef_)
    assert fitted.covariance_[np.ix_(others, others)] == pytest.approx(without.covariance_)
    assert fitted.forecast_sd_ == pytest.approx(without.forecast_sd_)
    remember = fitted.weights_ @ [("memory" not in member.without) for member in two_of_each(fitted)]
    walked = fitted.weights_ @ [("memory" not in m.without) * (0.01 * m.walks) ** 2 for m in two_of_each(fitted)]
    assert fitted.coef_[3] == pytest.approx(0.3 * remember)
    assert fitted.covariance_[3, 3] == pytest.approx(
        0.2**2 * remember + walked * (len(y) + 1) + 0.3**2 * remember * (1 - remember)
    )


def two_of_each(fitted: DynamicRegression) -> list[Member]:
    """The members in the order of the weights: once more where a break is in question."""
    return list(fitted.members) * (len(fitted.weights_) // len(fitted.members))


def test_a_level_that_drifts_is_followed():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 1))
    level = np.cumsum(rng.normal(0, 0.02, 300))
    y = level + 0.4 * X[:, 0] + rng.normal(0, 0.05, 300)
    fitted = DynamicRegression().fit(X, y)
    assert np.abs(y - fitted.forecast_mean_)[50:].mean() < 0.07


def test_one_wild_week_moves_little():
    X, y = data()
    spoilt = y.copy()
    spoilt[390] += 50
    wild, calm = (DynamicRegression(members=STILL, find_breaks=False).fit(X, v) for v in (spoilt, y))
    assert wild.coef_[:3] == pytest.approx(calm.coef_[:3], abs=0.05)


def test_a_row_that_is_not_learnt_is_forecast_only():
    X, y = data()
    learn = np.ones(len(y), bool)
    learn[100] = False
    spoilt = y.copy()
    spoilt[100] = 1e6
    assert DynamicRegression().fit(X, spoilt, learn=learn).coef_ == pytest.approx(
        DynamicRegression().fit(X, y, learn=learn).coef_, abs=0
    )


def test_weeks_that_are_missing_widen_the_forecast():
    X, y = data()
    steps = np.ones(len(y))
    steps[-1] = 40
    near, far = (DynamicRegression().fit(X, y, steps=s).forecast_sd_[-1] for s in (np.ones(len(y)), steps))
    assert far > 1.02 * near


def test_a_steady_market_is_taken_for_one_and_a_restless_one_is_not():
    X, y = data()
    walks = np.cumsum(np.random.default_rng(1).normal(0, 0.04, len(y)))
    steady = np.array([member.level_walk <= 0.003 and member.slope_walk == 0 for member in MEMBERS])
    sat_still, moved = (
        DynamicRegression(find_breaks=False).fit(X, sold).weights_[steady].sum() for sold in (y, y + walks)
    )
    assert sat_still > 0.8
    assert moved < 0.1


def test_predict_continues_the_pass():
    X, y = data()
    shorter, longer = DynamicRegression().fit(X[:-1], y[:-1]), DynamicRegression().fit(X, y)
    mean, sd = shorter.predict(X[-1:], return_std=True)
    assert mean[0] == pytest.approx(longer.forecast_mean_[-1], abs=1e-9)
    assert sd[0] == pytest.approx(longer.forecast_sd_[-1], rel=0.05)


def test_a_clone_is_unfitted_and_equal():
    assert clone(DynamicRegression(clip=2.0)).get_params()["clip"] == 2.0
