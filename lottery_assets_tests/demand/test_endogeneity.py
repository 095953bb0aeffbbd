"""Jackpots that followed demand are found out; jackpots that only rolled over are not accused."""

import numpy as np

from lottery_assets import demand
from lottery_assets.demand import SalesModel
from lottery_assets_tests.demand.markets import table

WEEKS = 260


def rolling_jackpots(seed: int, foresight: float) -> SalesModel:
    """Jackpots roll over until they fall; the operator bends them by what it knows of the coming week's demand."""
    rng = np.random.default_rng(seed)
    shock = np.zeros(WEEKS + 2)
    for week in range(1, WEEKS + 2):
        shock[week] = 0.7 * shock[week - 1] + rng.normal(0, 0.12)
    fell = (rng.random(WEEKS + 2) < 0.12).astype(float)
    path, jackpot = [], 5.0
    for won in fell:
        path.append(jackpot)
        jackpot = 5.0 if won else min(jackpot * 1.15 + rng.uniform(0, 1), 80)
    features = table(
        weeks=WEEKS,
        seed=seed,
        noise=0.04,
        jackpots=np.array(path) * np.exp(foresight * shock),
        jackpot_won=fell,
        log_tickets=lambda frame: 15 + 0.35 * np.log(frame["jackpot_announced"] / 10) + shock,
    )
    return demand.fit(features)


def test_foresight_is_found_and_said():
    for seed in range(3):
        model = rolling_jackpots(seed, foresight=0.7)
        assert model.endogeneity.suspected
        message = next(c.message for c in model.cautions([10.0]) if c.code == "jackpots_followed_demand")
        assert "overstated" in message


def test_without_foresight_nothing_is_said():
    accused = [rolling_jackpots(seed, foresight=0.0).endogeneity.suspected for seed in range(10, 20)]
    assert sum(accused) <= 1


def test_nothing_is_said_where_nothing_can_be_known():
    assert demand.fit(table(jackpot_won=np.nan)).endogeneity is None
    assert demand.fit(table(jackpots=np.array([10.0]))).endogeneity is None
    assert demand.fit(table(weeks=40)).endogeneity is None


def test_the_finding_changes_no_forecast():
    features = table(weeks=200)
    model = demand.fit(features)
    silent = model.model_copy(update={"endogeneity": None})
    jackpots = np.array([5.0, 20.0])
    assert np.array_equal(model.tickets(jackpots, features).mean, silent.tickets(jackpots, features).mean)
