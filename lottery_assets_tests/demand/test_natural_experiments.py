"""Weeks in which people announced another jackpot than the recommended one say whether the slope is right."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from lottery_assets import demand
from lottery_assets_tests.demand.markets import CONFIG, weekly

FRAME = weekly(weeks=208, seed=3)


def told(share: float, answer: float = 0.0, seed: int = 5) -> demand.NaturalExperiments | None:
    """Of a market where `share` of the last two years was announced otherwise, and sales answered that so much more than ever before."""
    rng = np.random.default_rng(seed)
    frame = FRAME.copy()
    recent = np.arange(len(frame)) >= 104
    away = np.where((rng.random(len(frame)) < share) & recent, rng.choice([-0.3, 0.3], len(frame)), 0.0)
    frame["tickets_sold"] *= np.exp(answer * away)
    advised = frame["jackpot_announced"] / np.exp(away)
    mondays = frame["week_start"].dt.date
    features = demand.features(frame, CONFIG, dict(zip(mondays[:208], advised[:208], strict=True)))
    return demand.natural_experiments(features, demand.fitted(features))


@pytest.mark.parametrize("answer", [-0.3, 0.0, 0.3])
def test_an_answer_that_was_not_forecast_is_found(answer):
    found = told(0.3, answer)
    assert 20 <= found.weeks <= 45
    assert found.slope_error == pytest.approx(answer, abs=3 * found.sd)
    assert found.sd < 0.06


def test_few_weeks_leave_it_unsure():
    assert told(0.05).sd > 2 * told(0.5).sd


def test_where_every_recommendation_was_followed_nothing_is_told():
    assert told(0.0) is None


def test_where_nothing_was_recommended_no_week_is_marked():
    features = demand.features(FRAME, CONFIG, {date(2019, 12, 30): 5.0})
    assert features["advised_log_jackpot"].isna().all()
    assert not demand.announced_otherwise(features).any()


def test_no_forecast_depends_on_what_was_recommended():
    plain = demand.features(FRAME, CONFIG)
    marked = demand.features(FRAME, CONFIG, dict.fromkeys(FRAME["week_start"].dt.date, 7.0))
    assert demand.announced_otherwise(marked).sum() == 208
    assert demand.fit(marked) == demand.fit(plain)
    pd.testing.assert_frame_equal(demand.fitted(marked), demand.fitted(plain))
