"""Several countries, one treasury: against brute force, against fresh futures, and against a solver that is wrong."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from lottery_assets.jackpot import Member, NoRecommendation, Pool, Reserve, VerificationFailed, decide_together
from lottery_assets.jackpot.solve import Infeasible
from lottery_assets.jackpot.treasury.pool import highest_left, keeps, paid_in_the_worst, verify
from lottery_assets.jackpot.treasury.together import build, confirm
from lottery_assets.jackpot.treasury.worst_futures import paid, row_of_the_worst
from lottery_assets_tests.jackpot.treasury.pools import brute_force, by_hand, random_pool


def worth_of(pool, worths, places) -> float:
    return float(sum(m.rate * w[g] for m, w, g in zip(pool.members, worths, places, strict=True)))


def test_the_joint_choice_equals_brute_force():
    outcomes = Counter()
    for seed in range(150):
        pool, worths = random_pool(seed)
        best = brute_force(pool, worths)
        if best is None:
            with pytest.raises(NoRecommendation, match="treasury_cover cannot be met"):
                decide_together(pool, lambda worths=worths: worths)
            outcomes["none"] += 1
            continue
        joint = decide_together(pool, lambda worths=worths: worths)
        assert worth_of(pool, worths, joint.places) == pytest.approx(best, rel=1e-6), seed
        assert joint.rule.holds
        outcomes["joint" if joint.report else "own"] += 1
    assert min(outcomes.values()) > 25, outcomes


def test_the_mean_of_the_worst_equals_adding_up_sets_of_winners():
    for seed in range(50):
        pool, _ = random_pool(seed)
        assert paid_in_the_worst(pool, pool.own) == pytest.approx(by_hand(pool, pool.own), abs=1e-9)


def test_simultaneous_wins_stay_covered_in_fresh_futures():
    """Five thousand futures of two seeds that nothing was chosen on, for each of twenty pools."""
    tried = 0
    for seed in range(40):
        pool, worths = random_pool(seed, size=5, jackpots=12)
        pool = replace(pool, max_cash_breach=0.05)
        try:
            places = decide_together(pool, lambda worths=worths: worths).places
        except NoRecommendation:
            continue
        tried += 1
        luck = np.random.default_rng([seed, 99]).random((5000, 5))
        chances = np.array([m.chance_falls[g] for m, g in zip(pool.members, places, strict=True)])
        amounts = np.array([m.amounts[g] for m, g in zip(pool.members, places, strict=True)])
        cash = np.sort(pool.available_cash - (luck < chances) @ amounts)
        worst, edge = cash[:250].mean(), cash[250]
        error = np.sqrt((cash[:250].var() + 0.95 * (edge - worst) ** 2) / 250)
        assert worst >= pool.safety_buffer - 3 * error, seed
        assert (pool.available_cash - amounts >= pool.safety_buffer - 1e-9).all()
    assert tried >= 20


def test_a_win_rarer_than_the_share_is_covered_too():
    """One in a thousand: the mean of the worst twentieth would allow fifty times the cash."""
    grid = np.array([10.0, 20.0, 30.0])
    member = Member("atlantis", "EUR", 1.0, grid, np.full(3, 0.001), grid, 2)
    pool = Pool((member,), (), "EUR", 25.0, 5.0, 0.05)
    joint = decide_together(pool, lambda: [np.array([1.0, 2.0, 3.0])])
    assert joint.places == (1,)
    assert joint.gave_up == (1.0,)


def test_own_choices_that_fit_stand_and_nobody_has_to_know_the_rest():
    pool, _ = random_pool(3)
    rich = replace(pool, available_cash=1e6)

    def never():
        raise AssertionError("asked")

    joint = decide_together(rich, never)
    assert joint.places == rich.own
    assert not joint.rule.binding
    assert set(joint.gave_up) == {0.0}


def test_a_row_made_from_one_choice_holds_for_every_choice_that_keeps_the_rule():
    rng = np.random.default_rng(0)
    for seed in range(30):
        pool, _ = random_pool(seed, size=3, jackpots=6)
        choices = rng.integers(0, 6, (40, 3))
        fractions = [{int(g): 0.5, int((g + 2) % 6): 0.5} for g in choices[0]]
        certain = [{int(g): 1.0} for g in choices[1]]
        for shares in (fractions, certain):
            row = row_of_the_worst(pool, shares)
            for places in choices:
                said = paid(row, [{int(g): 1.0} for g in places])
                assert said <= paid_in_the_worst(pool, places) + 1e-9
        own = paid(row_of_the_worst(pool, certain), certain)
        assert own == pytest.approx(paid_in_the_worst(pool, choices[1]), abs=1e-9)


def test_many_countries_are_counted_in_cells_and_the_answer_keeps_the_rule():
    pool, worths = random_pool(11, size=18, jackpots=8)
    tight = replace(
        pool, available_cash=0.7 * paid_in_the_worst(pool, pool.own) + pool.safety_buffer, max_cash_breach=0.05
    )
    alone = max(float(m.amounts[m.own]) for m in pool.members)
    tight = replace(tight, available_cash=max(tight.available_cash, alone + tight.safety_buffer))
    joint = decide_together(tight, lambda: worths)
    assert keeps(tight, joint.places)
    assert joint.report.gap < 1e-2


def test_a_choice_that_breaks_the_rule_or_a_value_that_is_wrong_is_refused():
    pool, worths = tight_pool()
    joint = decide_together(pool, lambda: worths)
    confirm(pool, joint.places, worths, joint.report)
    with pytest.raises(VerificationFailed, match="miss treasury_cover by"):
        confirm(pool, pool.own, worths, joint.report)
    with pytest.raises(VerificationFailed, match="the solver says"):
        confirm(pool, joint.places, worths, replace(joint.report, objective=joint.report.objective + 1))


def test_a_solver_that_forgets_the_rule_is_caught(monkeypatch):
    pool, worths = tight_pool()
    module = decide_together.__globals__
    honest = module["_solved"]
    monkeypatch.setitem(module, "_solved", lambda pool, worths: (pool.own, honest(pool, worths)[1]))
    with pytest.raises(VerificationFailed, match="miss treasury_cover by"):
        decide_together(pool, lambda: worths)


def test_a_solver_that_calls_a_feasible_pool_infeasible_is_refused(monkeypatch):
    def wrong(*_, **__):
        raise Infeasible

    monkeypatch.setitem(decide_together.__globals__, "solve", wrong)
    pool, worths = tight_pool()
    with pytest.raises(VerificationFailed, match="independent check allows"):
        decide_together(pool, lambda: worths)


def tight_pool() -> tuple[Pool, list[np.ndarray]]:
    """Two countries that each wish 30 where one of them may have it."""
    grid = np.array([10.0, 20.0, 30.0])
    members = tuple(Member(n, "EUR", 1.0, grid, np.array([0.2, 0.3, 0.4]), grid, 2) for n in ("atlantis", "lemuria"))
    return Pool(members, (), "EUR", 55.0, 10.0, 0.05), [np.array([1.0, 3.0, 4.0]), np.array([1.0, 2.0, 5.0])]


def test_a_pool_solved_by_hand():
    """Both falling is likelier than one in twenty for every pair, so the worst case is both: 45 million hold 30 and 10, or 20 and 20.

    30 and 10 are worth 6 with lemuria's 30; 20 and 20 are worth 5, and 10 and 30 are worth 6 while 30 and 10 are worth 5.
    """
    pool, worths = tight_pool()
    joint = decide_together(replace(pool, max_cash_breach=0.04), lambda: worths)
    assert joint.places == (0, 2)
    assert joint.gave_up == (3.0, 0.0)
    assert joint.rule.binding
    assert joint.rule.value == pytest.approx(55 - 40)


def test_what_is_reserved_is_paid_in_every_future():
    pool, worths = tight_pool()
    reserve = Reserve("mu", "EUR", 1.0, 15.0, 15.0, "no sales")
    joint = decide_together(replace(pool, reserves=(reserve,)), lambda: worths)
    poorer = decide_together(replace(pool, available_cash=40.0), lambda: worths)
    assert joint.places == poorer.places
    with pytest.raises(NoRecommendation, match="mu has no recommendation of its own"):
        decide_together(replace(pool, reserves=(replace(reserve, amount=40.0),)), lambda: worths)


def test_more_cash_never_earns_less_and_the_price_is_what_a_little_more_earns():
    pool, worths = tight_pool()
    earned = [
        worth_of(pool, worths, decide_together(replace(pool, available_cash=cash), lambda: worths).places)
        for cash in (30.0, 40.0, 50.0, 60.0, 80.0)
    ]
    assert earned == sorted(earned)
    assert earned[0] < earned[-1]
    fine = np.linspace(10, 30, 201)
    members = tuple(
        replace(m, jackpots=fine, exposure=fine, chance_falls=np.full(201, 0.4), own=200) for m in pool.members
    )
    smooth = replace(pool, members=members)
    assert decide_together(smooth, lambda: [2 * fine, 2 * fine]).rule.price == pytest.approx(2.0, rel=0.2)


def test_a_country_is_left_what_the_others_leave():
    pool, worths = tight_pool()
    pool = replace(pool, max_cash_breach=0.04)
    places = decide_together(pool, lambda: worths).places
    for which in range(2):
        top = highest_left(pool, places, which)
        for place in range(3):
            tried = (*places[:which], place, *places[which + 1 :])
            assert keeps(pool, tried) == (place <= top)


def test_the_program_has_a_binary_a_country_and_jackpot_and_the_rule_by_its_name():
    pool, worths = tight_pool()
    worths[0][1] = -np.inf
    model = build(pool, worths)
    assert len(model.announce) == 5
    assert model.treasury_cover.doc == verify(pool, pool.own).rule == "treasury_cover"
