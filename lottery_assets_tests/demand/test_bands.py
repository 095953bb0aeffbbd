"""Bands: whatever the errors do, the share of weeks outside becomes what it should be."""

import numpy as np
import pytest

from lottery_assets.demand.bands import U80, U95, Tails


def covered(z: np.ndarray) -> tuple[float, float]:
    """Share of the last 200 errors inside the bands known before each."""
    known = Tails.each(z)[:-1]
    inside = [(abs(e) <= t.at(float(U80)), abs(e) <= t.at(float(U95))) for e, t in zip(z, known, strict=True)]
    return tuple(np.mean(inside[-200:], axis=0))


@pytest.mark.parametrize("spread", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_share_inside_is_right_though_the_model_is_too_sure_or_not_sure_enough(spread, seed):
    inside_80, inside_95 = covered(spread * np.random.default_rng(seed).normal(size=400))
    assert inside_80 == pytest.approx(0.80, abs=0.03)
    assert inside_95 == pytest.approx(0.95, abs=0.03)


def test_the_share_inside_comes_back_after_errors_double():
    z = np.random.default_rng(1).normal(size=500) * np.where(np.arange(500) < 200, 1.0, 2.0)
    assert covered(z)[0] == pytest.approx(0.80, abs=0.03)


def test_a_miss_widens_and_a_hit_narrows():
    start, hit, missed = Tails(), Tails.of(np.array([0.1])), Tails.of(np.array([1.5]))
    assert hit.at(float(U80)) < start.at(float(U80)) < missed.at(float(U80))


def test_before_any_error_it_is_the_normal():
    assert Tails.of(np.array([])) == Tails()
