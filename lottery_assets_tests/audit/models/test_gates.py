"""What the gates let pass and what they refuse: weekly refits, faulty sales, changes of demand, slopes that moved."""

import numpy as np
import pytest

from lottery_assets.audit.models.gates import LONG, MOST, Fit, compared, judge
from lottery_assets_tests.audit.models.fits import fit, sold, typed

WEEKS = 90
TEN_TIMES = typed("tickets_sold", 10, last=8, every=2)
THREE_TIMES = typed("tickets_sold", 3, last=8, every=2)
PRICE = typed("ticket_price", 10, last=8)


def failed(verdict) -> set[str]:
    return {gate.name for gate in verdict.gates if not gate.passed}


def with_model(its: Fit, **changes) -> Fit:
    return Fit(its.version, its.model.model_copy(update=changes), its.ageing, its.forecasts)


def test_a_first_fit_needs_to_be_calibrated_and_nothing_else():
    table, first = fit(WEEKS)
    verdict = judge(first, None, table)
    assert verdict.passed
    assert [gate.name for gate in verdict.gates] == ["calibrated"]


def test_bands_that_do_not_hold_are_refused():
    table, its = fit(WEEKS)
    broken = with_model(its, calibration=its.model.calibration.model_copy(update={"inside_80": 5}))
    for champion in (None, fit(WEEKS - 1)[1]):
        assert failed(judge(broken, champion, table)) == {"calibrated"}


def test_every_weekly_refit_of_sound_sales_passes():
    for weeks in range(WEEKS - 8, WEEKS + 1):
        table, challenger = fit(weeks)
        for age in (1, 6):
            verdict = judge(challenger, fit(weeks - age)[1], table)
            assert verdict.passed, (weeks, age, verdict.why)


@pytest.mark.parametrize("change", [TEN_TIMES, THREE_TIMES, PRICE], ids=["ten times", "three times", "price"])
@pytest.mark.parametrize("seen", [True, False], ids=["typed anew", "new weeks"])
def test_a_fit_from_faulty_weeks_is_refused_whether_the_champion_knew_them_or_not(change, seen):
    table, challenger = fit(WEEKS, change)
    champion = fit(WEEKS - 1 if seen else WEEKS - 8)[1]
    assert not judge(challenger, champion, table).passed


def test_faulty_weeks_are_named():
    table, challenger = fit(WEEKS, TEN_TIMES)
    said = "; ".join(judge(challenger, fit(WEEKS - 1)[1], table).why)
    faults = [str(its.week_start) for its in challenger.model.left_out]
    assert len(faults) > 1
    assert all(week in said for week in faults)


def test_a_price_that_doubled_for_good_passes_and_one_that_comes_back_does_not():
    table, challenger = fit(WEEKS)
    champion = fit(WEEKS - 1)[1]
    dearer = np.log(2) * (np.arange(len(table)) >= WEEKS - 4)
    came_back = dearer * (np.arange(len(table)) < WEEKS)
    for step, passes in ((dearer, True), (came_back, False)):
        verdict = judge(challenger, champion, table.assign(log_price=table["log_price"] + step))
        assert ("steady_price" not in failed(verdict)) == passes


def test_a_slope_that_moved_is_refused_and_named():
    table, its = fit(WEEKS)
    steep = its.model.elasticity.model_copy(update={"mean": its.model.elasticity.mean + 1})
    verdict = judge(with_model(its, elasticity=steep), fit(WEEKS - 1)[1], table)
    assert failed(verdict) == {"stable_slope"}
    assert "elasticity moved by +1.0" in verdict.why[0]


def test_worse_forecasts_of_the_same_weeks_are_refused():
    table, its = fit(WEEKS)
    worse = its.forecasts.assign(
        **{name: its.forecasts[name] * 1.15 for name in ("median", "lower_80", "upper_80", "lower_95", "upper_95")}
    )
    verdict = judge(Fit(its.version, its.model, its.ageing, worse), fit(WEEKS - 1)[1], table)
    assert "not_worse" in failed(verdict)
    assert "noise explains 4.6" in "; ".join(verdict.why)


def test_one_week_alone_never_tells_two_models_apart():
    table, its = fit(WEEKS)
    wild = its.forecasts.copy()
    wild.loc[wild.index[40], "tickets_sold"] *= 20
    seen, _ = compared(Fit(its.version, its.model, its.ageing, wild), fit(WEEKS - 1)[1], table)
    assert seen.min() == -MOST
    assert judge(Fit(its.version, its.model, its.ageing, wild), fit(WEEKS - 1)[1], table).passed


def test_a_change_of_demand_is_followed_once_the_weeks_speak_for_it():
    champion = fit(WEEKS - 10)[1]
    change = sold(0.6, after=WEEKS - 10)
    for weeks in range(WEEKS - 9, WEEKS + 1):
        table, challenger = fit(weeks, change)
        if judge(challenger, champion, table).passed:
            champion = challenger
    behind = (challenger.model.trained_until - champion.model.trained_until).days // 7
    assert behind <= LONG
    assert champion.model.trained_until > fit(WEEKS - 10)[1].model.trained_until


@pytest.mark.parametrize("since", [3, 8, 14])
def test_sales_that_moved_tenfold_are_for_people_to_believe(since):
    table, challenger = fit(WEEKS, sold(10, after=WEEKS - since))
    assert not judge(challenger, fit(WEEKS - since)[1], table).passed


def test_a_champion_that_needs_what_the_features_lost_is_no_measure():
    table, challenger = fit(WEEKS)
    verdict = judge(challenger, fit(WEEKS - 1)[1], table.drop(columns="payday"))
    assert verdict.champion is None
    assert verdict.passed
