"""Experiments: only where a configuration allows them, within their step, worth their cost, and said."""

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lottery_assets import weekly
from lottery_assets.country import CountryConfig
from lottery_assets.jackpot.diagnose import Diagnosis
from lottery_assets.simulation.families import FAMILIES
from lottery_assets_tests import countries

module = import_module("lottery_assets.jackpot.experiment")


def narrow(**changes):
    """A market whose past knows forty weeks of four to eight millions, and whose interest wakes beyond."""
    world = FAMILIES["s_curve"](1006)
    return CountryConfig.model_validate(world.config | changes), world.history.tail(40)


def codes(recommendation):
    return [warning.code for warning in recommendation.warnings]


@pytest.mark.parametrize("horizon", [1, 12])
def test_off_means_off(horizon):
    config, history = narrow(max_experiment_step=0, horizon_weeks=horizon)
    recommended = weekly.recommend(config, history)
    assert "experiment" not in codes(recommended)
    assert recommended.alternatives[0].loss >= 0


@pytest.mark.parametrize("horizon", [1, 12])
@pytest.mark.parametrize("step", [0.15, 0.3])
def test_an_experiment_stays_within_its_step_and_says_what_it_costs(horizon, step):
    best = weekly.recommend(*narrow(max_experiment_step=0, horizon_weeks=horizon))
    moved = weekly.recommend(*narrow(max_experiment_step=step, horizon_weeks=horizon))
    assert "experiment" in codes(moved)
    assert 0 < abs(np.log(moved.jackpot / best.jackpot)) <= np.log1p(step) + 1e-9
    cost = best.solver.objective - moved.solver.objective
    assert cost > 0
    [said] = [warning.message for warning in moved.warnings if warning.code == "experiment"]
    assert f"{cost:.3g} million in expectation" in said
    assert f"{best.jackpot:g}" in said
    assert f"{moved.jackpot:g} million is an experiment" in moved.reasons.sentence
    assert moved.alternatives[0].jackpot == best.jackpot
    assert moved.alternatives[0].loss == pytest.approx(-cost, abs=1e-7)
    assert all(rule.holds for rule in moved.rules)


def test_what_is_worth_seeing_may_lie_several_steps_away():
    """Each week goes a step on from the best or from last week's jackpot, in the end further from the best than a step; it says where it leads."""
    world, step = FAMILIES["s_curve"](1006), np.log(1.3) + 1e-9
    config = CountryConfig.model_validate(world.config | {"horizon_weeks": 4})
    rows, from_the_best = world.history.tail(40), []
    for _ in range(3):
        last = float(rows["jackpot_announced"].iloc[-1])
        recommended = weekly.recommend(config, rows)
        [said] = [warning.message for warning in recommended.warnings if warning.code == "experiment"]
        assert "leads on to" in said
        assert "million is an experiment on the way to" in recommended.reasons.sentence
        from_the_best.append(abs(np.log(recommended.jackpot / recommended.alternatives[0].jackpot)))
        assert min(from_the_best[-1], abs(np.log(recommended.jackpot / last))) <= step
        rows = pd.concat([rows, pd.DataFrame([world.play(recommended.jackpot)])], ignore_index=True)
    assert from_the_best[0] <= step < max(from_the_best)


@pytest.mark.parametrize(
    ("step", "last", "target", "way"),
    [
        (0.3, 8.0, 16.0, [10.0, 13.0, 16.0]),  # from last week's, which is nearer than the best
        (0.3, 8.0, 3.5, [4.0, 3.5]),
        (0.3, 7.9, 5.5, [5.5]),  # last week's is none that may be announced
        (0.05, 8.0, 16.0, [8.0]),  # the grid is too coarse for the step
        (0.3, 8.0, 5.0, [5.0]),
    ],
)
def test_the_way_to_a_jackpot_goes_by_steps(step, last, target, way):
    grid = np.arange(2, 20.25, 0.5)
    horizon = SimpleNamespace(jackpots=grid, log_jackpots=np.log(grid), first=SimpleNamespace(last_jackpot=last))
    best, to = (int(np.searchsorted(grid, jackpot)) for jackpot in (5.0, target))
    assert grid[module._way(horizon, best, to, step)].tolist() == way


def test_an_experiment_that_costs_much_is_none(monkeypatch):
    monkeypatch.setattr(module, "MOST", 1e-6)
    assert weekly.advise(*narrow()).jackpot == weekly.advise(*narrow(max_experiment_step=0)).jackpot


def test_nothing_lies_further_than_a_step_beyond_what_was_ever_announced(monkeypatch):
    config, history = narrow()
    free = module.experiment
    assert weekly.advise(config, history).jackpot > 1.05 * history["jackpot_announced"].max()

    def with_short_steps_beyond(horizon, outlook, teaches, announced, step):
        return free(horizon, outlook, teaches, announced._replace(highest=announced.highest * 1.05 / (1 + step)), step)

    monkeypatch.setattr(weekly.jackpot, "experiment", with_short_steps_beyond)
    assert weekly.advise(config, history).jackpot <= 1.05 * history["jackpot_announced"].max()


def test_what_was_announced_of_late_is_no_experiment():
    jackpots, announced = np.array([8.0, 10.0, 12.0, 16.0]), [16.0] * 20 + [8.0] * 8 + [10.0, 10.5, 10.0] + [14.0] * 2
    seen = module.Announced(8.0, 16.0, np.array(announced))
    assert seen.lately(jackpots, 0.3).tolist() == [True, True, False, False]
    assert not seen._replace(past=np.array([10.0, 10.0])).lately(jackpots, 0.3).any()


def test_a_data_fault_has_shown_nothing(monkeypatch):
    config, history = narrow()
    history.loc[history.index[-3:], ["jackpot_announced", "tickets_sold"]] = 16.0, 3.0
    shown = []

    def watched(horizon, outlook, teaches, announced, step):
        shown.extend(announced.past)
        return outlook, None

    monkeypatch.setattr(weekly.jackpot, "experiment", watched)
    weekly.advise(config, history)
    assert shown == history["jackpot_announced"].tolist()[:-3]


def test_experiments_at_one_jackpot_come_to_an_end(monkeypatch):
    """A market whose level wanders promises something to learn where it has been for weeks."""
    world = FAMILIES["s_curve"](1011)
    config = CountryConfig.model_validate(world.config | {"horizon_weeks": 1})
    seen = [8.0, 10.0, 13.0, 16.5, 18.5, 18.0, 18.5, 18.0]
    rows = pd.concat([world.history, pd.DataFrame([world.play(jackpot) for jackpot in seen])], ignore_index=True)
    assert "experiment" not in codes(weekly.recommend(config, rows))
    monkeypatch.setattr(module, "ENOUGH", 99)
    assert "experiment" in codes(again := weekly.recommend(config, rows))
    assert abs(np.log(again.jackpot / 18)) < np.log(1.3) / 2


def test_an_experiment_breaks_no_rule():
    config, history = narrow(max_step_up=2.5, max_step_down=2.5)
    last = float(history["jackpot_announced"].iloc[-1])
    recommended = weekly.recommend(config, history)
    assert abs(recommended.jackpot - last) <= 2.5
    assert all(rule.holds for rule in recommended.rules)


def test_a_market_that_is_known_well_is_not_experimented_with():
    sold = countries.sales(weeks=300, seed=2)
    recommended = weekly.recommend(countries.country(max_experiment_step=0.3, horizon_weeks=4), sold)
    assert "experiment" not in codes(recommended)


def test_advice_names_the_jackpot_of_the_recommendation():
    config, history = narrow(horizon_weeks=4)
    assert weekly.advise(config, history).jackpot == weekly.recommend(config, history).jackpot


def test_where_the_detour_cannot_be_planned_the_best_jackpot_stands(monkeypatch):
    def refused(*_, **__):
        raise weekly.NoRecommendation(Diagnosis(11.0, (), (), ("cash at risk",)))

    best = weekly.advise(*narrow(max_experiment_step=0)).jackpot
    monkeypatch.setattr(module, "decide_ahead", refused)
    assert weekly.advise(*narrow()).jackpot == best
