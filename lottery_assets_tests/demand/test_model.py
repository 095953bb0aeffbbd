"""The fitted model: what it learns from markets whose demand is known, and what it says of what it cannot know."""

import numpy as np
import pytest

from lottery_assets import demand
from lottery_assets.demand import SalesModel, design
from lottery_assets_tests.demand.markets import table

GRID = np.array([3.0, 5.0, 8.0, 12.0, 20.0, 30.0])


def codes(model: SalesModel, *jackpots: float) -> set[str]:
    return {caution.code for caution in model.cautions(jackpots or [10.0])}


def test_a_constant_elasticity_is_recovered():
    features = table()
    model = demand.fit(features)
    assert model.elasticity.mean == pytest.approx(0.35, abs=0.06)
    assert model.elasticity.identified
    expected = np.exp(15 + 0.35 * np.log(GRID / 10))
    assert demand.fit(features).tickets(GRID, features).mean == pytest.approx(expected, rel=0.08)


def test_a_curve_that_bends_upwards_is_recovered():
    def hockey(frame):
        x = np.log(frame["jackpot_announced"] / 10)
        return 15 + 0.1 * x + 0.9 * np.maximum(x, 0)

    features = table(log_tickets=hockey, weeks=300)
    found = demand.fit(features).tickets(np.array([5.0, 10.0, 25.0]), features).mean
    assert np.log(found[2] / found[1]) == pytest.approx(np.log(2.5), abs=0.12)
    assert np.log(found[1] / found[0]) == pytest.approx(0.1 * np.log(2), abs=0.1)


def test_that_it_may_bend_unseen_widens_the_band_and_leaves_the_mean(monkeypatch):
    features = table()
    beyond = np.array([1.5 * np.exp(features["log_jackpot"].max())])
    model = demand.fit(features)
    may_bend = model.tickets(beyond, features)
    monkeypatch.setattr(design, "BEND", 0.0)
    straight = model.tickets(beyond, features)
    assert may_bend.mean == pytest.approx(straight.mean, rel=5e-3)
    assert np.diff(may_bend.band(0.8), axis=0) > 1.05 * np.diff(straight.band(0.8), axis=0)


def test_a_higher_price_sells_fewer_tickets():
    price = np.r_[np.full(104, 2.0), np.full(106, 3.0)]
    features = table(log_tickets=lambda f: 15 - 0.9 * np.log(f["ticket_price"]), ticket_price=price)
    model = demand.fit(features)
    cheap = features.copy()
    cheap["log_price"] = np.log(2.0)
    ratio = model.tickets(GRID, features).mean / model.tickets(GRID, cheap).mean
    assert np.all(ratio < 0.85)


def test_more_draws_and_a_special_draw_sell_more():
    features = table()
    more, special = features.copy(), features.copy()
    more["draws"], special["special"] = 2.0, 1.0
    model = demand.fit(features)
    usual = model.tickets(GRID, features).mean
    assert np.all(model.tickets(GRID, more).mean > 1.4 * usual)
    assert np.all(model.tickets(GRID, special).mean > 1.1 * usual)


def test_the_curve_never_falls_and_no_future_does():
    noisy = table(log_tickets=lambda f: np.full(len(f), 15.0), noise=0.3, weeks=60)
    jackpots = np.linspace(1, 200, 300)
    tickets = demand.fit(noisy).tickets(jackpots, noisy)
    assert np.all(np.diff(tickets.mean) >= -1e-6)
    assert np.all(np.diff(tickets.draws, axis=1) >= -1e-6 * tickets.draws[:, :-1])


def test_expected_tickets_lie_above_the_median_and_inside_the_bands():
    features = table(noise=0.2)
    tickets = demand.fit(features).tickets(GRID, features)
    median = np.median(tickets.draws, axis=0)
    assert np.all(tickets.mean > median)
    (low_80, high_80), (low_95, high_95) = tickets.band(0.80), tickets.band(0.95)
    assert np.all((low_95 < low_80) & (low_80 < tickets.mean) & (tickets.mean < high_80) & (high_80 < high_95))
    assert np.log(high_80 / low_80)[2] == pytest.approx(2 * 1.28 * 0.2, rel=0.35)


def test_bands_widen_outside_what_was_seen_and_say_so():
    features = table()
    model = demand.fit(features)
    low, high = model.tickets(np.array([10.0, 300.0]), features).band(0.95)
    width = np.log(high / low)
    assert width[1] > 1.5 * width[0]
    assert "outside_observed_range" not in codes(model, 10.0)
    assert "outside_observed_range" in codes(model, 300.0)


def test_a_jackpot_that_was_rarely_sold_has_a_wider_band_and_the_reason_is_said():
    path = np.random.default_rng(3).uniform(8, 12, 122)
    path[40] = 60.0
    features = table(weeks=120, jackpots=path)
    model = demand.fit(features)
    low, high = model.tickets(np.array([10.0, 45.0]), features).band(0.80)
    assert np.log(high / low)[1] > 1.4 * np.log(high / low)[0]
    assert "wider_band" in codes(model, 45.0)
    assert "wider_band" not in codes(model, 10.0)


@pytest.mark.parametrize(
    "arguments", [{"jackpots": np.array([10.0])}, {"jackpots": np.array([10.0, 10.2])}, {"weeks": 12}]
)
def test_what_cannot_be_learnt_is_said_and_the_prior_stands(arguments):
    model = demand.fit(table(**arguments))
    assert "elasticity_not_identified" in codes(model)
    assert 0.05 < model.elasticity.mean < 0.6


def test_few_weeks_are_said():
    assert "few_weeks" in codes(demand.fit(table(weeks=40)))
    assert "few_weeks" not in codes(demand.fit(table(weeks=140)))


@pytest.mark.parametrize("weeks", [8, 9, 20, 600])
def test_any_length_of_history_gives_finite_forecasts(weeks):
    features = table(weeks=weeks)
    model = demand.fit(features)
    draws = model.tickets(GRID, features).draws
    assert np.all(np.isfinite(draws))
    assert np.all(draws > 0)
    assert model.weeks == min(weeks, 520)


def test_unknown_wins_and_no_marketing_are_no_obstacle():
    features = table(jackpot_won=np.nan)
    unknown = ["log_jackpot", "previous_log_jackpot", "advised_log_jackpot", "tickets_sold"]
    assert features.drop(columns=[*unknown, "weeks_since_win", "reset_log_jackpot"]).notna().all(axis=None)
    assert demand.fit(features).elasticity.identified


def test_the_document_forecasts_the_same_after_a_round_trip():
    features = table()
    model = demand.fit(features)
    again = SalesModel.model_validate_json(model.model_dump_json())
    assert again == model
    assert np.array_equal(again.tickets(GRID, features).draws, model.tickets(GRID, features).draws)


def test_the_same_inputs_give_the_same_document():
    assert demand.fit(table()).model_dump_json() == demand.fit(table()).model_dump_json()


def test_a_week_set_aside_is_named_and_teaches_nothing():
    clean, spoilt = table(), table()
    for features in (clean, spoilt):
        features.loc[150, "set_aside"] = True
    spoilt.loc[150, "tickets_sold"] *= 1000
    model = demand.fit(spoilt)
    assert [str(week.week_start) for week in model.left_out] == ["2022-11-21"]
    assert model.model_dump_json() == demand.fit(clean).model_dump_json()


def test_marketing_that_sells_is_learnt():
    spend = np.random.default_rng(5).uniform(0, 4, 210)
    features = table(
        marketing_spend=spend,
        log_tickets=lambda f: 15 + 0.2 * np.log1p(f["marketing_spend"]),
        jackpots=np.array([8.0, 12.0]),
    )
    coefficient = next(c for c in demand.fit(features).coefficients if c.name == "marketing")
    assert coefficient.mean > 2 * coefficient.sd


def test_sales_that_made_a_jackpot_rise_are_not_taken_for_what_a_rise_would_sell():
    """Two draws a week; a week that happens to sell well rolls over to a higher jackpot. The jackpot itself has elasticity 0.35."""
    rng = np.random.default_rng(8)
    weeks = 310
    shock = rng.normal(0, 0.15, weeks)
    fell = rng.random(weeks) < 0.15
    jackpots = np.full(weeks, 10.0)
    for week in range(1, weeks):
        jackpots[week] = 5.0 if fell[week - 1] else min(jackpots[week - 1] * (1 + 0.2 * np.exp(3 * shock[week])), 90.0)
    features = table(
        weeks=weeks - 2,
        noise=0.03,
        n_draws=2.0,
        jackpots=jackpots,
        jackpot_won=fell.astype(float),
        log_tickets=lambda frame: 15 + 0.35 * np.log(frame["jackpot_announced"] / 10) + shock,
    )
    last = float(np.exp(features["log_jackpot"].dropna().iloc[-1]))
    low, high = demand.fit(features).tickets(np.array([last, 1.5 * last]), features).mean
    assert np.log(high / low) / np.log(1.5) == pytest.approx(0.35, abs=0.15)


def test_possible_curves_lie_around_the_expected_one_and_apart_where_little_is_known():
    features = table(weeks=120)
    model = demand.fit(features)
    jackpots = np.array([5.0, 10.0, 200.0])
    unknown = np.random.default_rng(0).standard_normal((400, len(model.coefficients) + 1))
    possible = model.possible_tickets(jackpots, features, unknown)
    assert np.all(np.diff(possible, axis=2) >= 0)
    means = possible.mean(axis=1)
    assert means.mean(axis=0)[:2] == pytest.approx(model.tickets(jackpots, features).mean[:2], rel=0.02)
    apart = np.log(means).std(axis=0)
    assert apart[2] > 2 * apart[1]
    again = model.possible_tickets(jackpots, features, 0 * unknown)
    assert np.ptp(again, axis=0).max() == 0


def test_people_tire_of_jackpots_above_the_usual_one_only():
    """Low jackpots leave the slow stock where the usual one does, in the features and in a plan."""
    usual = np.resize([6.0, 10.0, 14.0], 120)
    low, high = (np.concatenate([usual, np.full(30, after)]) for after in (3.0, 30.0))
    tables = {name: table(weeks=150, jackpots=path) for name, path in {"low": low, "high": high}.items()}
    slow = {name: its["slow_stock"].iloc[149] for name, its in tables.items()}
    assert slow["low"] == pytest.approx(np.log(10), abs=0.02)
    assert slow["high"] > np.log(20)
    stock = demand.fit(tables["low"]).habit(tables["low"]).slow
    assert stock.after(np.array(2.5), np.log([2.0, 10.0])) == pytest.approx([0.92 * 2.5 + 0.08 * np.log(10)] * 2)
    assert stock.after(np.array(2.5), np.log(30.0)) > 0.92 * 2.5 + 0.08 * np.log(10)
