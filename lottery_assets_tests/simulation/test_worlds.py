"""The project's own worlds: plausible histories, chance that no policy can move, and a planner whom nobody beats."""

import copy
from itertools import product as combinations

import numpy as np
import pytest

from lottery_assets import sales
from lottery_assets.country import CountryConfig, load_country
from lottery_assets.simulation import calibrated, oracle
from lottery_assets.simulation.families import FAMILIES
from lottery_assets.simulation.market import Market, Noise
from lottery_assets.simulation.rules import Books
from lottery_assets_tests.conftest import ROOT

WEEKS = 20


def net(market: Market, jackpot: float) -> float:
    return float(market.expected_net(market.week, np.array([jackpot]), np.asarray(market.stock))[0])


def earned(market: Market, jackpots) -> float:
    market, total = copy.deepcopy(market), 0.0
    for jackpot in jackpots:
        total += net(market, jackpot)
        market.play(jackpot)
    return total


@pytest.mark.parametrize("family", FAMILIES)
def test_the_history_is_a_sales_file_without_complaints(family):
    market = FAMILIES[family](3)
    weekly = sales.weekly_sales(market.history, CountryConfig.model_validate(market.config))
    assert not weekly["set_aside"].any()
    assert len(sales.history(weekly)) == 156


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_is_one_world_and_another_seed_another(family):
    one, same, other = (FAMILIES[family](seed) for seed in (5, 5, 6))
    assert one.history.equals(same.history)
    assert not one.history.equals(other.history)


@pytest.mark.parametrize("family", FAMILIES)
def test_noise_and_luck_are_the_same_whatever_is_announced(family):
    low, high = FAMILIES[family](1), FAMILIES[family](1)
    for _ in range(WEEKS):
        ratios = []
        for market, jackpot in ((low, 4.0), (high, 12.0)):
            expected = market.expected_tickets(jackpot)
            ratios.append(market.play(jackpot)["tickets_sold"] / expected)
        assert ratios[0] == pytest.approx(ratios[1], rel=1e-5)


def test_tickets_are_on_average_what_the_world_expects():
    noise = Noise(0.2, 0.3, 0.8).drawn(np.random.default_rng(1), 400_000)
    assert np.exp(noise).mean() == pytest.approx(1, abs=0.01)


def test_the_jackpot_falls_as_often_as_its_chance_says():
    fell, expected = 0, 0.0
    for seed in range(12):
        market = FAMILIES["constant_elasticity"](seed)
        for _ in range(100):
            tickets = market.expected_tickets(8.0)
            expected += 1 - (1 - market.chance) ** tickets
            fell += market.play(8.0)["jackpot_won"]
    assert abs(fell - expected) < 4 * np.sqrt(expected)


def paying(prize: str, seed: int) -> Market:
    """About one and a half winners a week."""
    market = FAMILIES["constant_elasticity"](seed)
    market.config = market.config | {"jackpot_prize": prize, "prob_single_ticket_win": 1 / 2e6}
    market.per_winner, market.chance = prize == "per_winner", 1 / 2e6
    return market


@pytest.mark.parametrize("prize", ["shared", "per_winner"])
def test_the_money_that_is_played_is_on_average_what_is_expected(prize):
    errors, payout = [], 0.0
    for seed in range(15):
        market = paying(prize, seed)
        for jackpot in np.resize([4.0, 9.0, 6.0], 200):
            expected = net(market, jackpot)
            payout += 0.75 * 2 * market.expected_tickets(jackpot) / 1e6 - expected
            row = market.play(jackpot)
            errors.append((2 * row["tickets_sold"] - row["prizes_paid"]) / 1e6 - expected)
    spread = np.std(errors) * np.sqrt(len(errors))
    assert abs(sum(errors)) < 4 * spread
    assert spread < 0.02 * payout


@pytest.mark.parametrize("prize", ["shared", "per_winner"])
def test_the_books_the_planner_and_the_market_expect_the_same_money(prize):
    market = paying(prize, 3)
    books = Books.opened(CountryConfig.model_validate(market.config), market.history)
    jackpots = np.array([4.0, 9.0, 20.0])
    tickets = np.array([market.expected_tickets(jackpot) for jackpot in jackpots])
    assert [net(market, jackpot) for jackpot in jackpots] == pytest.approx(books.net(jackpots, tickets))
    best = max(earned(market, [jackpot] * WEEKS) for jackpot in market.jackpots[::4])
    assert market.oracle_net_revenue(WEEKS) > 0.99 * best


def test_who_is_paid_changes_neither_whether_the_jackpot_falls_nor_what_is_sold():
    once, each = paying("shared", 5), paying("per_winner", 5)
    more = 0
    for _ in range(WEEKS):
        one, other = once.play(8.0), each.play(8.0)
        assert {key: one[key] for key in one if key != "prizes_paid"} == {
            key: other[key] for key in other if key != "prizes_paid"
        }
        extra = (other["prizes_paid"] - one["prizes_paid"]) / 8e6
        assert extra == pytest.approx(round(extra), abs=1e-6)
        assert extra >= 0
        more += extra > 0
    assert more > 3


@pytest.mark.parametrize("family", FAMILIES)
def test_no_constant_jackpot_beats_the_planner_who_knows(family):
    market = FAMILIES[family](2)
    best = max(earned(market, [jackpot] * WEEKS) for jackpot in market.jackpots[::4])
    assert market.oracle_net_revenue(WEEKS) > 0.99 * best


@pytest.mark.parametrize("family", ["habit", "fatigue", "season"])
def test_the_planner_is_as_good_as_trying_every_path(family, monkeypatch):
    monkeypatch.setattr(oracle, "AFTERWARDS", 0)
    market = FAMILIES[family](4)
    market.jackpots = market.jackpots[2::8]
    market.config = market.config | {"max_step_up": None, "max_step_down": None}
    best = max(earned(market, path) for path in combinations(market.jackpots, repeat=3))
    assert market.oracle_net_revenue(3) == pytest.approx(best, rel=2e-4)


def test_the_planner_keeps_the_steps(monkeypatch):
    monkeypatch.setattr(oracle, "PRICES", (0.0,))
    market = FAMILIES["season"](4)
    market.config = market.config | {"max_step_up": 1, "max_step_down": 1}
    played = []
    play = market.play
    market.play = lambda jackpot: played.append(jackpot) or play(jackpot)
    assert market.oracle_net_revenue(WEEKS) > 0
    last = [float(market.history["jackpot_announced"].iloc[-1]), *played]
    assert np.all(np.abs(np.diff(last)) <= 1 + 1e-9)


@pytest.mark.parametrize("country", ["brazil", "hong_kong", "south_africa", "usa"])
def test_a_world_after_a_real_game_sells_about_what_the_game_sold(country, real_sales):
    config = load_country(ROOT / "configs" / f"{country}.yaml")
    market = calibrated.world(config, real_sales, seed=0)
    weekly = sales.history(sales.weekly_sales(real_sales, config)).tail(52)
    ordinary = weekly[weekly["special_draw"] == 0]
    simulated = market.history["tickets_sold"].tail(52).median()
    assert simulated == pytest.approx(ordinary["tickets_sold"].median(), rel=0.2)
    assert market.expected_tickets(config.max_jackpot) > market.expected_tickets(config.min_jackpot)


def test_the_planner_foresees_that_a_fall_ties_the_hands(real_sales):
    """After a jackpot of 375 has fallen, the step down leaves no jackpot that the cash left covers."""
    market = calibrated.world(load_country(ROOT / "configs" / "usa.yaml"), real_sales, seed=4)
    weeks_without_a_jackpot, careful = oracle.best(market, 26)
    assert weeks_without_a_jackpot == 0
    assert oracle.played(market, 26, oracle.Way(price=0.0)) < (0, careful)
    assert careful > 1.01 * earned(market, [140.0] * 26)


def test_each_country_has_its_own_luck(real_sales):
    noise = []
    for country in ("hong_kong", "usa"):
        market = calibrated.world(load_country(ROOT / "configs" / f"{country}.yaml"), real_sales, seed=0)
        weeks = [(market.expected_tickets(50.0), market.play(50.0)["tickets_sold"]) for _ in range(60)]
        noise.append([np.log(sold / expected) for expected, sold in weeks])
    assert abs(np.corrcoef(noise)[0, 1]) < 0.5


def test_what_the_world_was_made_from_is_found_again(real_sales):
    config = load_country(ROOT / "configs" / "usa.yaml")
    market = calibrated.world(config, real_sales, seed=1)
    weekly = sales.history(sales.weekly_sales(market.history, CountryConfig.model_validate(market.config)))
    found = calibrated.estimate(weekly)
    log_jackpot = np.log([60.0, 150.0, 300.0])
    assert np.allclose(found.curve(log_jackpot), market.truth.curve(log_jackpot), atol=0.12)


def test_a_country_that_pays_each_winner_has_a_world_that_does(real_sales):
    config = load_country(ROOT / "configs" / "hong_kong.yaml").model_copy(update={"jackpot_prize": "per_winner"})
    market = calibrated.world(config, real_sales, seed=0)
    weekly = sales.history(sales.weekly_sales(real_sales, config)).tail(len(market.history))
    assert market.history["jackpot_won"].tolist() == weekly["jackpot_won"].fillna(0).tolist()
    jackpots = market.history["prizes_paid"] / 1e6 - market.share * market.history["tickets_sold"] * market.price / 1e6
    winners = jackpots / market.history["jackpot_announced"]
    assert np.allclose(winners, winners.round(), atol=1e-4)
    assert ((winners > 0.5) == (market.history["jackpot_won"] == 1)).all()
    assert winners.max() > 1
