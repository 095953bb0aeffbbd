"""Scores on frames small enough to check by hand."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.demand.metrics import coverage, crps, mase, wape

FRAME = pd.DataFrame(
    {
        "tickets_sold": [100.0, 200.0],
        "mean": [110.0, 170.0],
        "lower_80": [90.0, 150.0],
        "upper_80": [130.0, 190.0],
        "lower_95": [80.0, 140.0],
        "upper_95": [140.0, 210.0],
    }
)


def test_wape_is_the_sum_of_errors_over_the_sum_of_sales():
    assert wape(FRAME) == pytest.approx((10 + 30) / 300)


def test_coverage_counts_weeks_inside():
    assert coverage(FRAME, 80) == 0.5
    assert coverage(FRAME, 95) == 1.0


def test_mase_compares_with_the_sales_of_a_season_ago():
    before = pd.Series([10.0, 20.0, 15.0, 40.0])
    assert mase(FRAME, before, season=2) == pytest.approx(20 / np.mean([5, 20]))
    assert mase(FRAME, before, season=4) is None


def test_crps_of_quantiles_comes_near_the_exact_one_of_a_normal():
    """CRPS of a standard normal at y: y (2 F(y) - 1) + 2 f(y) - 1 / sqrt(pi)."""
    from scipy.stats import norm

    y = np.linspace(-2, 2, 41)
    exact = y * (2 * norm.cdf(y) - 1) + 2 * norm.pdf(y) - 1 / np.sqrt(np.pi)
    bands = {"lower_95": -1.96, "lower_80": -1.2816, "mean": 0.0, "upper_80": 1.2816, "upper_95": 1.96}
    frame = pd.DataFrame({"tickets_sold": y, **{name: np.full(41, value) for name, value in bands.items()}})
    assert crps(frame) == pytest.approx(exact.mean(), rel=0.15)


def test_a_perfect_forecast_scores_nothing():
    perfect = pd.DataFrame(dict.fromkeys(FRAME, FRAME["tickets_sold"]))
    assert wape(perfect) == 0
    assert crps(perfect) == 0
