"""Markets where what every jackpot earns is known, and past weeks that were decided by somebody else."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets.simulation.announced import density
from lottery_assets.simulation.off_policy import compare, doubly_robust, near

LOW, HIGH = np.log(4.0), np.log(16.0)
FLAT = 1 / (HIGH - LOW)
SEEDS = range(40)


def value(jackpot):
    """Expected net revenue [millions] of a week at a jackpot [millions]: rises, then falls; 10 earns most."""
    return 5.0 - 2.0 * np.log(jackpot / 10.0) ** 2


def decided(seed: int, model, weeks: int = 250) -> pd.DataFrame:
    """Jackpots announced at random between 4 and 16, recommended ones 9 to 11; `model` (of jackpots) is what is believed they earn."""
    rng = np.random.default_rng(seed)
    announced = np.exp(rng.uniform(LOW, HIGH, weeks))
    recommended = 10 + np.sin(np.arange(weeks))
    frame = pd.DataFrame({"recommended_jackpot": recommended, "announced_jackpot": announced, "density": FLAT})
    frame["expected_at_recommended"], frame["expected_at_announced"] = model(recommended), model(announced)
    frame["model_difference"] = frame["expected_at_recommended"] - frame["expected_at_announced"]
    frame["earned"] = value(announced) + rng.normal(0, 0.3, weeks)
    return frame


def truth() -> float:
    """What the recommended jackpots earn beyond the announced ones, on average."""
    logs = np.linspace(LOW, HIGH, 20001)
    return float(value(10 + np.sin(np.arange(250))).mean() - value(np.exp(logs)).mean())


BIASED = {
    "blind": lambda jackpot: np.full(len(jackpot), 4.0),
    "steep": lambda jackpot: 1.0 + 6.0 * np.log(jackpot / 4.0),
    "against": lambda jackpot: 6.0 - value(jackpot),
}


@pytest.mark.parametrize("name", BIASED)
def test_a_wrong_model_is_corrected_where_anything_might_have_been_announced(name):
    found = [doubly_robust(decided(seed, BIASED[name])) for seed in SEEDS]
    off = np.array([(its.difference - truth()) / its.standard_error for its in found])
    assert np.abs(off).max() < 3.5
    assert np.mean(np.abs(off) < 1.96) >= 0.85
    assert abs(off.mean()) < 1.0  # jackpots up to 20 % away stand for the recommended ones
    alone = np.mean([decided(seed, BIASED[name])["model_difference"].mean() for seed in SEEDS])
    assert abs(alone - truth()) > 5 * np.mean([its.standard_error for its in found])


def test_the_density_learnt_from_earlier_weeks_does_as_well():
    off = []
    for seed in range(8):
        weeks = decided(seed, BIASED["blind"], weeks=300)
        past = announced(np.log(weeks["announced_jackpot"].to_numpy()), np.arange(300) % 5 == 0)
        weeks["density"] = [
            density(past.iloc[:week], np.log(past["jackpot_announced"].iloc[week])) if week >= 50 else np.nan
            for week in range(300)
        ]
        its = doubly_robust(weeks.iloc[50:])
        off.append((its.difference - truth()) / its.standard_error)
    assert np.abs(off).max() < 3.0


def test_a_wrong_density_does_not_matter_where_the_model_is_right():
    rng = np.random.default_rng(1)
    for seed in SEEDS:
        weeks = decided(seed, value).assign(density=lambda frame: FLAT * np.exp(rng.normal(0, 0.5, len(frame))))
        its = doubly_robust(weeks.assign(density=weeks["density"].clip(upper=1.2)))
        assert its.difference == pytest.approx(truth(), abs=3.5 * its.standard_error)


def test_the_model_s_own_level_cancels():
    weeks = decided(3, value)
    lifted = decided(3, lambda jackpot: value(jackpot) + 7.0)
    assert doubly_robust(lifted).difference == pytest.approx(doubly_robust(weeks).difference)


def test_history_that_never_came_near_says_nothing_and_says_so():
    far = decided(0, value).assign(recommended_jackpot=40.0)
    its = doubly_robust(far)
    assert (its.difference, its.standard_error, its.effective_weeks) == (None, None, 0.0)
    assert its.says.startswith("history cannot say")
    assert not near(far).any()


def test_one_heavy_week_is_no_support():
    weeks = decided(0, value)
    nearest = np.abs(np.log(weeks["announced_jackpot"] / weeks["recommended_jackpot"])).idxmin()
    weeks.loc[nearest, "density"] = 1e-4
    its = doubly_robust(weeks)
    assert its.effective_weeks < 2
    assert its.difference is None


def test_support_in_a_few_kinds_of_weeks_is_no_support_for_all():
    weeks = decided(0, value, weeks=400)
    its = doubly_robust(
        weeks.assign(recommended_jackpot=weeks["recommended_jackpot"].where(weeks.index % 3 == 0, 60.0))
    )
    assert its.effective_weeks > its.least_effective_weeks
    assert its.mean_weight < its.least_mean_weight
    assert its.difference is None
    assert "most weeks" in its.says


def test_near_weeks_are_told_apart_with_what_they_earned():
    weeks = decided(0, value)
    which = near(weeks)
    assert which.tolist() == (np.abs(np.log(weeks["recommended_jackpot"] / weeks["announced_jackpot"])) < 0.1).tolist()
    its = compare(weeks, np.zeros((10, len(weeks))), which)
    assert its.weeks == which.sum()
    assert its.share == pytest.approx(which.mean())
    assert its.earned == pytest.approx(weeks.loc[which, "earned"].mean())
    assert its.band_80 == (0.0, 0.0)
    assert compare(weeks, np.zeros((10, len(weeks))), ~which | which).weeks == len(weeks)
    nobody = compare(weeks, np.zeros((10, len(weeks))), np.zeros(len(weeks), dtype=bool))
    assert (nobody.weeks, nobody.difference, nobody.earned) == (0, None, None)


def announced(log_jackpots: np.ndarray, won: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {"jackpot_announced": np.exp(log_jackpots), "jackpot_won": won, "special_draw": 0.0, "set_aside": False}
    )


def test_jackpots_chosen_at_random_are_equally_likely_and_far_ones_are_not():
    rng = np.random.default_rng(2)
    past = announced(rng.uniform(LOW, HIGH, 300), rng.random(300) < 0.2)
    for asked in (5.0, 8.0, 12.0):
        assert density(past, np.log(asked)) == pytest.approx(FLAT, rel=0.35)
    assert density(past, np.log(60.0)) < 1e-3


def test_a_jackpot_that_rolls_over_is_expected_a_step_above_the_last_and_after_a_win_at_its_start():
    rng = np.random.default_rng(0)
    logs, won = [1.0], [False]
    for _ in range(300):
        logs.append(1.0 + rng.normal(0, 0.1) if won[-1] else logs[-1] + 0.3 + rng.normal(0, 0.1))
        won.append(rng.random() < 0.25)
    rolls, fell = announced(np.array(logs), np.array(won)), announced(np.array(logs), np.array(won))
    rolls.loc[300, "jackpot_won"], fell.loc[300, "jackpot_won"] = False, True
    step = logs[-1] + 0.3
    assert density(rolls, step) == pytest.approx(1 / (0.1 * np.sqrt(2 * np.pi)), rel=0.3)
    assert density(rolls, step + 1.0) < 0.01
    assert density(fell, 1.0) > 100 * density(fell, 2.0)


def test_too_little_history_has_no_density():
    assert density(announced(np.zeros(5), np.zeros(5)), 0.0) == 0.0
