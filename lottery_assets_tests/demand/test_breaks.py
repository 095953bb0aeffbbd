"""Breaks: noticed soon, dated well, rarely imagined."""

import numpy as np
import pytest

from lottery_assets.demand.breaks import Alarm, usual_rows
from lottery_assets.demand.design import Centre
from lottery_assets.demand.fitting import learnt, regress, window
from lottery_assets_tests.demand.markets import constant_elasticity, table

AT = 150


def breaks(seed: int, shift: float, weeks: int = 190):
    def demand(frame):
        return constant_elasticity(frame) + np.where(frame.index >= AT, shift, 0.0)

    history = window(table(weeks=weeks, seed=seed, log_tickets=demand))
    return regress(history, Centre.of(learnt(history))).breaks_


@pytest.mark.parametrize("shift", [-0.3, 0.3])
def test_a_change_of_level_is_noticed_within_eight_weeks_and_dated(shift):
    noticed, off = 0, []
    for seed in range(8):
        found = [b for b in breaks(seed, shift) if b.noticed >= AT]
        if found:
            noticed += found[0].noticed - AT <= 8
            off.append(abs(found[0].begun - AT))
    assert noticed >= 7
    assert np.median(off) <= 1


def test_nothing_is_noticed_where_nothing_breaks():
    """Sixteen markets of four years: fewer than one false alarm in five years."""
    years = 16 * 208 / 52
    assert sum(len(breaks(seed, 0.0, weeks=208)) for seed in range(100, 116)) < years / 5


def test_a_lone_outlier_raises_no_alarm():
    alarm = Alarm()
    assert not any(alarm.hears(error, 0.0) for error in (0.1, -0.2, 40.0, 0.3, -0.1, 0.2))


@pytest.mark.parametrize("later", [0, 1, 4])
def test_a_week_of_a_strike_is_no_break(later):
    def demand(frame):
        return constant_elasticity(frame) - np.where(frame.index == AT, 1.2, 0.0)

    for seed in range(4):
        history = window(table(weeks=AT + 1 + later, seed=seed, log_tickets=demand))
        assert not regress(history, Centre.of(learnt(history))).breaks_


def test_a_dip_of_four_weeks_is_taken_for_a_break_and_then_forgotten():
    def demand(frame):
        return constant_elasticity(frame) - 0.25 * ((frame.index >= AT) & (frame.index < AT + 4))

    believed = []
    for weeks in (AT + 4, AT + 50):
        histories = [window(table(weeks=weeks, seed=seed, log_tickets=demand)) for seed in range(6)]
        believed.append(sum(bool(regress(its, Centre.of(learnt(its))).breaks_) for its in histories))
    assert believed[0] == 6
    assert believed[1] <= 1


@pytest.mark.parametrize("seed", range(4))
def test_a_break_that_began_after_an_alarm_by_chance_is_dated_anew(seed):
    """Sales rise as jackpots fall: dated too early, the rise would be explained by an elasticity of nothing, and kept."""
    from lottery_assets import demand

    def market(frame):
        return constant_elasticity(frame) - 0.2 * frame.index.isin(range(AT - 4, AT)) + 0.4 * (frame.index >= AT)

    usual = np.exp(np.random.default_rng(seed).uniform(np.log(5), np.log(20), AT))
    jackpots = np.r_[usual, 5.0, 4.0, np.full(30, 3.0)]
    features = table(weeks=AT + 30, seed=seed, noise=0.05, jackpots=jackpots, log_tickets=market)
    two_months = features[(features.index < AT + 8) | (features.index >= AT + 30)]
    [found] = demand.fit(two_months).breaks
    assert found.begun == features.loc[AT, "week_start"].date()
    assert found.begun <= found.noticed
    assert demand.fit(two_months).elasticity.mean > 0.2
    assert demand.fit(features).elasticity.mean > 0.28


def test_four_errors_on_one_side_do_and_then_it_is_quiet():
    alarm = Alarm()
    assert [alarm.hears(-2.5, 0.0) for _ in range(4)] == [False, False, False, True]
    assert not any(alarm.hears(-2.5, 0.0) for _ in range(30))


@pytest.mark.parametrize(("shift", "heard"), [(0.0, False), (-0.15, True)])
def test_a_level_that_moved_further_than_it_ever_did_is_heard_where_the_errors_are_small(shift, heard):
    level = 0.05 * np.random.default_rng(4).standard_normal(160) + shift * (np.arange(160) >= 140)
    alarm = Alarm()
    assert any(alarm.hears(0.0, its) for its in level) is heard


def test_a_row_is_usual_where_it_lies_among_the_rows_before_it():
    first = np.random.default_rng(2).normal(size=300).cumsum()
    found = usual_rows(first)
    assert found[0]
    for row in range(1, 300):
        low, high = np.quantile(first[max(0, row - 104) : row], [0.05, 0.9])
        assert found[row] == (low <= first[row] <= high)
    assert 0.1 < found.mean() < 0.9


def test_what_was_learnt_after_a_break_is_the_new_level():
    from lottery_assets import demand

    def market(frame):
        return constant_elasticity(frame) - np.where(frame.index >= 190, 0.4, 0.0)

    features = table(weeks=202, log_tickets=market)
    found = demand.fit(features).tickets(np.array([10.0]), features).mean[0]
    assert np.log(found) == pytest.approx(14.6, abs=0.1)


def test_a_recent_break_travels_with_the_recommendation():
    from lottery_assets import demand

    def market(frame):
        return constant_elasticity(frame) - np.where(frame.index >= AT, 0.4, 0.0)

    model = demand.fit(table(weeks=AT + 20, log_tickets=market))
    assert [str(found.begun) for found in model.breaks] == ["2022-11-21"]
    assert "demand_break" in {caution.code for caution in model.cautions([10.0])}
    later = demand.fit(table(weeks=AT + 80, log_tickets=market))
    assert later.breaks
    assert "demand_break" not in {caution.code for caution in later.cautions([10.0])}


@pytest.mark.parametrize(("where", "found"), [("rare", False), ("usual", True)])
def test_errors_at_jackpots_far_from_the_usual_ones_are_no_break(where, found):
    """Four high weeks late in the history sell a third less than the curve says; the same at usual jackpots is a break."""
    path = np.random.default_rng(5).uniform(8, 12, 161)
    weeks = range(AT, AT + 4)
    path[list(weeks)] = 40.0 if where == "rare" else 10.0

    def demand(frame):
        return constant_elasticity(frame) - 0.4 * np.isin(frame.index, weeks)

    history = window(table(weeks=160, seed=3, jackpots=path, log_tickets=demand))
    noticed = [b for b in regress(history, Centre.of(learnt(history))).breaks_ if AT <= b.noticed < AT + 4]
    assert bool(noticed) is found
