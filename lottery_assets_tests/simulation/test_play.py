"""Games: what a policy sees, which rules it broke by the truth, what is kept of it."""

import numpy as np
import pandas as pd
import pytest
from upath import UPath

from lottery_assets import weekly
from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig
from lottery_assets.simulation import games
from lottery_assets.simulation.families import FAMILIES
from lottery_assets.simulation.games import Sources, Task, check, run
from lottery_assets.simulation.play import play
from lottery_assets.simulation.policies import POLICIES, Situation
from lottery_assets.simulation.rules import Books, money
from lottery_assets_tests import countries

NOWHERE = Sources({})


class Straight:
    """A world of somebody else: constant elasticity, no noise; the jackpot never falls; nobody knows the best."""

    def __init__(self, **changes):
        self.config = countries.settings(horizon_weeks=2, **changes)
        self.available_cash = 80.0
        weeks = pd.date_range("2023-01-02", periods=60, freq="7D")
        self.week = len(weeks)
        jackpots = 4 + np.arange(60) % 9
        self.history = pd.DataFrame([self.row(day, jackpot) for day, jackpot in zip(weeks, jackpots, strict=True)])

    def expected_tickets(self, jackpot):
        return 3e6 * (jackpot / 8) ** 0.4

    def row(self, day, jackpot):
        tickets = self.expected_tickets(float(jackpot))
        return {
            "country": "atlantis",
            "week_start": day.date().isoformat(),
            "jackpot_announced": float(jackpot),
            "tickets_sold": round(tickets),
            "jackpot_won": 0,
            "prizes_paid": round(0.4 * 2 * tickets),
        }

    def play(self, jackpot):
        day = pd.Timestamp("2023-01-02") + pd.Timedelta(weeks=self.week)
        self.week += 1
        return self.row(day, jackpot)

    def oracle_net_revenue(self, weeks):
        return None


def situation(world, **changes):
    config = CountryConfig.model_validate(dict(world.config) | changes)
    return Situation(config, world.history, world.available_cash, Books.opened(config, world.history), world.history)


def test_the_first_pipeline_finds_the_best_jackpot_of_the_world_it_believes_in():
    world = Straight()
    now = situation(world)
    jackpots = now.config.jackpots
    tickets = np.array([world.expected_tickets(jackpot) for jackpot in jackpots])
    best = jackpots[np.argmax(now.books.net(jackpots, tickets))]
    assert POLICIES["first_pipeline"](now).jackpot == best


def test_the_first_pipeline_repeats_last_week_where_no_jackpot_keeps_the_rules():
    said = POLICIES["first_pipeline"](situation(Straight(), min_payout_ratio_12m=0.69))
    assert said.undecided
    assert said.jackpot == 4 + 59 % 9


def test_the_product_says_what_recommend_says_with_the_cash_that_the_world_has_now():
    world = Straight()
    world.available_cash = 15.5
    said = POLICIES["product"](situation(world))
    config = CountryConfig.model_validate(world.config | {"available_cash": 15.5})
    recommended = weekly.recommend(config, world.history)
    assert said.jackpot == recommended.jackpot <= 5.5
    assert said.tickets_80 == pytest.approx(recommended.tickets_80)


def test_the_product_without_an_answer_takes_the_first_week_of_the_way_out():
    now = situation(Straight(), min_payout_ratio_12m=0.69)
    said = POLICIES["product"](now)
    with pytest.raises(weekly.NoRecommendation) as refused:
        weekly.recommend(now.config, now.rows)
    assert said.undecided
    assert said.jackpot == refused.value.diagnosis.recovery.weeks[0].jackpot


@pytest.mark.parametrize(
    ("jackpot", "changes", "rule"),
    [
        (41, {}, "jackpot_range"),
        (5.25, {}, "jackpot_range"),
        (40, {"max_payout_ratio_12m": 0.41}, "payout_ratio_ceiling"),
        (2, {"min_payout_ratio_12m": 0.40}, "payout_ratio_floor"),
        (30, {"available_cash": 39}, "cash_cover"),
        (20, {"max_step_up": 5}, "step_up"),
        (4, {"max_step_down": 1}, "step_down"),
        (5, {"no_fall_unless_won": True}, "no_fall_unless_won"),
    ],
)
def test_a_rule_that_was_broken_is_named(jackpot, changes, rule):
    world = Straight(**changes)
    books = situation(world).books
    cash = changes.get("available_cash", 80)
    assert books.broken(jackpot, world.expected_tickets(jackpot), cash) == (rule,)
    assert books.broken(9, world.expected_tickets(9), 80) == ()


@pytest.mark.parametrize(
    "told",
    [
        {"prizes_paid": 3_100_000},
        {"net_revenue": 4.2, "marketing_spend": 0.3},
        {"jackpot_won": 1},
        {"jackpot_won": None},
        {"sales_revenue": 7_500_000.0, "ticket_price": 3.0},
    ],
)
def test_a_week_that_was_played_counts_in_the_books_as_in_the_sales_file(told):
    world = Straight()
    row = world.play(9.0)
    del row["prizes_paid"]
    world.history = pd.concat([world.history, pd.DataFrame([row | told])], ignore_index=True)
    config = CountryConfig.model_validate(world.config)
    read = Books.opened(config, world.history)
    assert money(row | told, config) == pytest.approx((read.sales[-1], read.prizes[-1]))


def test_a_week_counts_what_truly_happened():
    game = play(Straight(), "straight", "fixed", 0, 3, None)
    world = Straight()
    expected = world.expected_tickets(8.0)
    assert [week.jackpot for week in game.weeks] == [8.0] * 3
    falls = -np.expm1(expected * np.log1p(-1 / 14e6))
    assert game.net_revenue == pytest.approx(3 * (0.75 * 2 * expected / 1e6 - 8 * falls))
    assert game.regret is None


def test_nobody_plays_an_oracle_that_nobody_knows():
    with pytest.raises(BadInput, match="nobody knows"):
        play(Straight(), "straight", "oracle", 0, 3, None)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path, monkeypatch):
    tasks = [Task("habit", policy, seed, 4) for seed in (0, 1) for policy in ("fixed", "first_pipeline")]
    first = run(tasks, NOWHERE, UPath(tmp_path), 2)
    done = [next(first), next(first)]
    first.close()
    kept = {path.name for path in tmp_path.rglob("*.json")}
    assert len(kept) >= 2
    next(tmp_path.rglob("*.json")).write_text("{half")  # a file that a crash left
    again = list(run(tasks, NOWHERE, UPath(tmp_path), 2))
    assert len(again) == 4
    assert all(game in again for game in done)
    monkeypatch.setattr(games, "ProcessPoolExecutor", None)  # nothing is left to play
    assert len(list(run(tasks, NOWHERE, UPath(tmp_path), 2))) == 4


def test_one_process_or_two_play_the_same_games(tmp_path):
    tasks = [Task("season", policy, 1, 4) for policy in ("fixed", "first_pipeline")]
    one = {game.policy: game for game in run(tasks, NOWHERE, UPath(tmp_path / "one"), 1)}
    two = {game.policy: game for game in run(tasks, NOWHERE, UPath(tmp_path / "two"), 2)}
    assert one == two


@pytest.mark.parametrize(
    ("task", "said"),
    [
        (Task("atlantis", "fixed", 0, 4), "there is no such world; there are constant_elasticity"),
        (Task("habit", "luck", 0, 4), "there is no such policy; there are product"),
        (Task("nowhere.py:make", "fixed", 0, 4), "there is no file"),
    ],
)
def test_an_unknown_world_or_policy_lists_what_there_is(task, said):
    with pytest.raises(BadInput, match=said):
        check([task], NOWHERE)


def test_a_world_that_lacks_something_is_told_what(tmp_path):
    (tmp_path / "mine.py").write_text("class World:\n    config = {}\n\ndef make(seed):\n    return World()\n")
    with pytest.raises(BadInput, match="has no history, expected_tickets, play, available_cash"):
        check([Task(f"{tmp_path}/mine.py:make", "fixed", 0, 4)], NOWHERE)


def test_a_world_with_a_faulty_configuration_is_told_every_fault(monkeypatch):
    monkeypatch.setitem(FAMILIES, "habit", lambda seed: Straight(announcement_step=None, ticket_price="much"))
    with pytest.raises(BadInput) as told:
        check([Task("habit", "fixed", 0, 4)], NOWHERE)
    price, step = str(told.value).splitlines()
    assert price.startswith("habit: in its config, ticket_price is 'much'")
    assert (
        step
        == "habit: in its config, announcement_step is missing, and so is optimization_grid_steps; add one of the two"
    )


def test_before_games_are_played_each_world_is_made_once(monkeypatch):
    made = []
    for name in ("habit", "season"):
        monkeypatch.setitem(FAMILIES, name, lambda seed, name=name: made.append((name, seed)) or Straight())
    check(
        games.tournament(["habit", "season"], ["product", "fixed", "oracle"], seeds=4, weeks=9, first_seed=3), NOWHERE
    )
    assert made == [("habit", 3), ("season", 3)]


def test_cash_is_paid_over_and_a_fall_takes_it():
    market = FAMILIES["constant_elasticity"](0)
    opened = market.available_cash
    for _ in range(40):
        before = market.available_cash
        row = market.play(20.0)
        left = before + 0.75 * row["tickets_sold"] * 2 / 1e6 - 20 * row["jackpot_won"]
        assert market.available_cash == pytest.approx(min(left, opened), abs=1e-5)
