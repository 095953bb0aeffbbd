"""Parts of the recipe can be switched off, each by its name."""

import numpy as np
import pytest

from lottery_assets import demand
from lottery_assets.demand import SWITCHES, Recipe, metrics
from lottery_assets.demand.design import terms
from lottery_assets_tests.demand.markets import table

HABITS = {"drift", "breaks", "pooling", "averaging"}


@pytest.mark.parametrize("part", sorted(SWITCHES))
def test_a_model_without_a_part_still_forecasts_and_says_what_it_lacks(part):
    features = table(weeks=60)
    model = demand.fit(features, Recipe(frozenset({part})))
    assert model.recipe_without == (part,)
    assert np.all(np.isfinite(model.tickets(np.array([5.0, 20.0]), features).mean))
    assert model != demand.fit(features)


def test_every_group_of_terms_but_the_jackpot_can_be_switched_off():
    groups = {term.group for term in terms(table(weeks=10).columns)}
    assert groups - {"jackpot"} == SWITCHES.keys() - HABITS
    only = Recipe(frozenset(SWITCHES)).terms(table(weeks=10))
    assert [term.name for term in only] == ["x"]


def test_a_part_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(ValueError, match=r"^moon: no part of the recipe; there are curvature, memory"):
        Recipe(frozenset({"moon"}))


def test_what_a_part_explains_is_worse_forecast_without_it():
    season = 0.2 * np.sin(2 * np.pi * np.arange(162) / 52.18)
    features = table(
        weeks=160, log_tickets=lambda frame: 15 + 0.35 * np.log(frame["jackpot_announced"] / 10) + season, noise=0.03
    )
    whole, without = (
        metrics.wape(demand.backtest(features, 52, Recipe(frozenset(parts)))) for parts in ((), {"season"})
    )
    assert whole < 0.8 * without
