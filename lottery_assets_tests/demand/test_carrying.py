"""A model carried forward over weeks that it does not learn."""

import numpy as np
import pytest

from lottery_assets import weekly
from lottery_assets.demand import fitted
from lottery_assets.demand.carrying import ageing, can_forecast, carried, forecasts_since
from lottery_assets_tests import countries

WEEKS = 80


@pytest.fixture(scope="module")
def cases():
    rows = countries.sales(weeks=WEEKS + 4)
    return [weekly.case(countries.country(), rows[:weeks]) for weeks in (WEEKS, WEEKS + 4)]


def test_a_model_forecasts_the_first_week_it_has_not_learnt_as_the_regression_does(cases):
    before, after = cases
    theirs = forecasts_since(before.model, ageing(before.model, before.table), after.table)
    own = fitted(after.table).set_index("week_start")
    first = theirs.iloc[0]
    assert first["median"] == pytest.approx(own.loc[first["week_start"], "median"], rel=1e-3)
    assert first["upper_80"] == pytest.approx(own.loc[first["week_start"], "upper_80"], rel=1e-2)


def test_it_forecasts_every_week_since_and_none_before(cases):
    before, after = cases
    theirs = forecasts_since(before.model, ageing(before.model, before.table), after.table)
    assert list(theirs["week_start"].dt.date) == [day.date() for day in after.table["week_start"][WEEKS : WEEKS + 4]]


def test_carried_forward_a_model_is_less_sure_and_believes_the_same(cases):
    model = cases[0].model
    its = ageing(model, cases[0].table)
    sure = [np.diag(np.array(carried(model, its, weeks).covariance))[:-1] for weeks in (0, 4, 8)]
    assert (sure[0] <= sure[1]).all()
    assert sure[2] - sure[1] == pytest.approx(sure[1] - sure[0])
    assert sure[1][0] > sure[0][0]
    assert [term.mean for term in carried(model, its, 8).coefficients[:-1]] == [
        term.mean for term in model.coefficients[:-1]
    ]


def test_what_was_unexplained_last_fades_to_nothing(cases):
    model = cases[0].model
    its = ageing(model, cases[0].table)
    later = carried(model, its, 400)
    assert later.coefficients[-1].mean == pytest.approx(0, abs=1e-9)
    assert later.coefficients[-1].sd ** 2 == pytest.approx(its.error_variance / (1 - model.error_memory**2))


def test_no_weeks_carry_nothing(cases):
    model = cases[0].model
    assert carried(model, ageing(model, cases[0].table), 0) == model


def test_features_without_a_column_that_was_learnt_are_noticed(cases):
    assert can_forecast(cases[0].model, cases[1].table)
    assert not can_forecast(cases[0].model, cases[1].table.drop(columns="payday"))
