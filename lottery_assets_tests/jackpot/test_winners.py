"""Chances and numbers of winners against exact arithmetic and simulation."""

from fractions import Fraction

import numpy as np
import pytest

from lottery_assets.jackpot.winners import (
    chance_of_a_win,
    jackpots_paid,
    mean_of_the_most,
    winners_drawn,
    winners_exceeded,
)


def test_the_chance_of_a_win_is_exact():
    expected = 1 - (1 - Fraction(1, 1000)) ** 500
    assert chance_of_a_win(np.array(500.0), 1e-3) == pytest.approx(float(expected), rel=1e-12)


@pytest.mark.parametrize(("tickets", "chance"), [(1.0, 1e-12), (5e7, 1e-9), (1e11, 1e-12)])
def test_tiny_chances_and_huge_sales_lose_no_digits(tickets, chance):
    x = tickets * chance
    assert chance_of_a_win(np.array(tickets), chance) == pytest.approx(-np.expm1(-x * (1 + chance / 2)), rel=1e-9)


def draws(mean: float, spread: float, size: int = 400) -> np.ndarray:
    return mean * np.exp(spread * np.linspace(-2, 2, size))[:, None]


@pytest.mark.parametrize("mean", [0.1, 1.0, 7.5])
def test_the_number_of_winners_exceeded_with_one_percent_chance(mean):
    tickets, chance = draws(mean * 1e7, 0.2), 1e-7
    found = int(winners_exceeded(tickets, chance)[0])
    rng = np.random.default_rng(0)
    winners = rng.poisson(rng.choice(tickets[:, 0], 200_000) * chance)
    assert (winners > found).mean() <= 0.0115
    assert found == 1 or (winners > found - 1).mean() > 0.0085


def test_at_least_one_winner_is_covered():
    assert winners_exceeded(draws(1.0, 0.1), 1e-9)[0] == 1


@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_the_mean_of_the_worst_share_of_futures(share):
    tickets, chance = draws(2e7, 0.3), 1e-7
    rng = np.random.default_rng(1)
    winners = np.sort(rng.poisson(rng.choice(tickets[:, 0], 400_000) * chance))[::-1]
    expected = winners[: int(share * len(winners))].mean()
    assert mean_of_the_most(tickets, chance, share)[0] == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("mean", [0.05, 1.0, 12.0])
def test_luck_draws_as_many_winners_as_the_jackpot_is_paid_to_on_average(mean):
    luck = (np.arange(20_000) + 0.5) / 20_000
    winners = np.array([winners_drawn(u, mean * 1e7, 1e-7) for u in luck])
    assert winners.mean() == pytest.approx(jackpots_paid(np.array(mean * 1e7), 1e-7, per_winner=True), rel=2e-3)
    once = jackpots_paid(np.array(mean * 1e7), 1e-7, per_winner=False)
    assert (winners > 0).mean() == pytest.approx(once, abs=1e-4)
    assert winners.var() == pytest.approx(mean, rel=0.01)


def test_more_tickets_never_have_fewer_winners_at_the_same_luck():
    for luck in (1e-3, 0.2, 0.7, 0.999):
        winners = [winners_drawn(luck, tickets, 1e-7) for tickets in np.geomspace(1e4, 1e9, 60)]
        assert winners == sorted(winners)
        assert winners[0] < 2 < winners[-1]
