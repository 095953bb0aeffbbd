"""What countries teach each other."""

import json

import numpy as np
import pytest

from lottery_assets import demand
from lottery_assets.demand import Recipe, SalesModel
from lottery_assets.demand.design import Term
from lottery_assets.demand.priors import POOLED, borrow, document, pool, shipped
from lottery_assets_tests.demand.markets import table

X = Term("x", 0.3, 0.25)


def elasticity(model: SalesModel) -> float:
    return next(term.mean for term in model.coefficients if term.name == "x")


def test_countries_that_agree_are_averaged_by_how_sure_they_are():
    mean, sd = pool(np.array([0.30, 0.34]), np.array([0.1, 0.2]))
    assert mean == pytest.approx((0.30 / 0.01 + 0.34 / 0.04) / 125)
    assert sd == pytest.approx(125**-0.5)


def test_countries_that_differ_make_a_wide_prior():
    """Two sure countries, 0.1 and 0.5: a third may be anywhere around them."""
    mean, sd = pool(np.array([0.1, 0.5]), np.array([0.01, 0.01]))
    assert mean == pytest.approx(0.3)
    assert sd == pytest.approx(np.sqrt(0.08 + 0.04), rel=0.02)  # between, and of their mean


def test_a_country_never_borrows_from_itself():
    estimates = {"a": {"x": (0.9, 0.01)}, "b": {"x": (0.2, 0.05)}, "c": {"x": (0.25, 0.05)}}
    alone = {name: found for name, found in estimates.items() if name != "a"}
    assert borrow([X], "a", estimates) == borrow([X], "a", alone)
    assert borrow([X], "d", estimates) != borrow([X], "a", estimates)


def test_one_other_country_teaches_nothing():
    assert borrow([X], "a", {"a": {"x": (0.9, 0.01)}, "b": {"x": (0.2, 0.05)}}) == [X]


def test_a_prior_never_gets_wider_than_before_nor_certain():
    for values in ((0.2, 0.2), (-3.0, 3.0)):
        (term,) = borrow([X], "z", {"a": {"x": (values[0], 0.001)}, "b": {"x": (values[1], 0.001)}})
        assert 0.5 * X.sd < term.sd <= X.sd


def test_what_is_each_games_own_is_not_borrowed():
    bend = Term("above_0.8", 0.0, 0.3)
    estimates = {name: {"above_0.8": (0.9, 0.01)} for name in "abc"}
    assert borrow([bend], "z", estimates) == [bend]


def test_with_few_weeks_a_country_leans_on_the_others_with_many_it_does_not():
    steep = Recipe(estimates={name: {"x": (0.55, 0.02)} for name in "abc"})
    flat = Recipe(estimates={name: {"x": (0.05, 0.02)} for name in "abc"})
    few, many = table(weeks=10, noise=0.2), table(weeks=300)
    apart = [elasticity(demand.fit(f, steep)) - elasticity(demand.fit(f, flat)) for f in (few, many)]
    assert apart[0] > 5 * apart[1]
    weights = [demand.fit(f, steep).elasticity.borrowed for f in (few, many)]
    assert 1 >= weights[0] > 4 * weights[1] > 0


def test_the_weight_of_the_others_is_said():
    model = demand.fit(table(weeks=20))
    message = next(c.message for c in model.cautions([10.0]) if c.code == "few_weeks")
    assert f"{model.elasticity.borrowed:.0%}" in message


def test_the_document_says_each_country_once_and_can_be_read_again():
    text = document({"b": [("x", 0.31234, 0.05), ("sin_1", 1.0, 1.0)], "a": [("x", 0.2, 0.1)]})
    assert json.loads(text) == {"a": {"x": [0.2, 0.1]}, "b": {"x": [0.3123, 0.05]}}


def test_what_the_package_holds_is_of_the_terms_that_there_are():
    assert set(shipped()) == {"brazil", "hong_kong", "south_africa", "usa"}
    for found in shipped().values():
        assert set(found) <= set(POOLED)
        assert all(sd > 0 for _, sd in found.values())
