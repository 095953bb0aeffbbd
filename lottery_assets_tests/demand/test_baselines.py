"""The first pipeline's demand curve: one line through all of the past."""

import numpy as np
import pytest

from lottery_assets.demand.baselines import log_log


def test_a_market_of_one_elasticity_is_found_exactly():
    jackpots, asked = np.array([4.0, 8.0, 11.0, 20.0]), np.array([2.0, 40.0])
    found = log_log(np.log(jackpots), 3e6 * (jackpots / 8) ** 0.4, np.log(asked))
    assert found == pytest.approx(3e6 * (asked / 8) ** 0.4)


def test_one_jackpot_only_says_nothing_of_the_slope():
    found = log_log(np.full(7, np.log(7.3)), [1e6, 4e6] * 3 + [2e6], np.log([2.0, 40.0]))
    assert found == pytest.approx([2e6, 2e6])
