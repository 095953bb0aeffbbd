"""Back-tests: blind to the future, honest about bands, better than what was there before."""

import numpy as np
import pandas as pd
import pytest

from lottery_assets import demand, sales
from lottery_assets.country import load_countries
from lottery_assets.demand import metrics
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.demand.markets import CONFIG, table, weekly

FORECAST = [
    "mean",
    "median",
    "lower_80",
    "upper_80",
    "lower_95",
    "upper_95",
    "first_pipeline",
    "naive",
    "rolling_ridge",
]


@pytest.mark.parametrize("place", [0, 7, 30, 51])
def test_what_comes_after_a_week_does_not_change_its_forecast_by_a_bit(place):
    frame = weekly(weeks=160)
    tested = demand.backtest(demand.features(frame, CONFIG), 52)
    row = 160 - 52 + place
    rng = np.random.default_rng(place)
    spoilt = frame.copy()
    later = (spoilt.index > row) & (spoilt.index < 160)
    spoilt.loc[later, "tickets_sold"] = rng.uniform(1, 1e9, later.sum())
    spoilt.loc[later, "jackpot_announced"] = rng.uniform(1, 500, later.sum())
    spoilt.loc[later, "ticket_price"] = rng.uniform(1, 9, later.sum())
    spoilt.loc[row, "tickets_sold"] = 1.0  # nor do the sales of the week itself
    again = demand.backtest(demand.features(spoilt, CONFIG), 52)
    pd.testing.assert_series_equal(tested.loc[place, FORECAST], again.loc[place, FORECAST])


def test_the_order_of_the_rows_does_not_matter(real_sales):
    config = load_countries(ROOT / "configs").configs["usa"]
    part = real_sales[real_sales["country"] == "usa"].tail(150)
    straight = demand.features(sales.weekly_sales(part, config), config)
    shuffled = demand.features(sales.weekly_sales(part.sample(frac=1, random_state=2), config), config)
    pd.testing.assert_frame_equal(straight, shuffled)


def test_bands_cover_what_they_promise_in_markets_with_known_noise():
    inside = {80: [], 95: []}
    for seed in range(6):
        tested = demand.backtest(table(weeks=220, seed=seed, noise=0.1), 104)
        for level in inside:
            inside[level].append(metrics.coverage(tested, level))
    assert np.mean(inside[80]) == pytest.approx(0.80, abs=0.05)
    assert np.mean(inside[95]) == pytest.approx(0.95, abs=0.03)


def test_the_bands_hold_in_the_year_after_a_break():
    inside = []
    for seed in range(8):
        shift = (-0.35, 0.3)[seed % 2]

        def market(frame, shift=shift):
            x = np.log(frame["jackpot_announced"] / 10)
            return 15 + 0.35 * x + np.where(frame.index >= 156, shift - 0.15 * x, 0.0)

        inside.append(metrics.coverage(demand.backtest(table(weeks=208, seed=seed, log_tickets=market), 52), 80))
    assert np.mean(inside) > 0.70


def test_a_price_change_is_forecast_from_its_first_week():
    price = np.r_[np.full(130, 2.0), np.full(52, 3.0)]
    features = table(
        weeks=180,
        ticket_price=price,
        log_tickets=lambda f: 15 + 0.3 * np.log(f["jackpot_announced"] / 10) - 0.8 * np.log(f["ticket_price"]),
    )
    tested = demand.backtest(features, 60)
    first = tested[features["log_price"][120:180].diff().to_numpy() > 0].iloc[0]
    assert first["mean"] == pytest.approx(first["tickets_sold"], rel=0.25)
    assert metrics.wape(tested) < 0.08


def test_a_season_that_is_missing_is_bridged():
    whole = table(weeks=220)
    gap = whole.drop(index=range(150, 176)).reset_index(drop=True)
    gap["gap"] = gap["week_start"].diff().dt.days.div(7).fillna(1.0)
    tested = demand.backtest(gap, 60)
    assert metrics.wape(tested) < 0.08
    assert 0.6 < metrics.coverage(tested, 80) < 0.95


def test_every_week_set_aside_is_left_out():
    features = table(weeks=120)
    features.loc[110, "set_aside"] = True
    features.loc[110, "tickets_sold"] *= 1000
    tested = demand.backtest(features, 52)
    assert len(tested) == 51
    assert features.loc[110, "week_start"] not in set(tested["week_start"])


def test_eight_weeks_are_learnt_before_the_first_forecast():
    assert len(demand.backtest(table(weeks=30), 104)) == 22
    assert demand.backtest(table(weeks=8), 104).empty


@pytest.mark.parametrize("beyond", [1.5, 3.0])
def test_beyond_the_jackpots_known_it_forecasts_as_the_model_does(beyond):
    """Where the curve may bend unseen."""
    features = table(weeks=120).dropna(subset="tickets_sold")
    last = features.index[-1]
    features.loc[last, "log_jackpot"] = features["log_jackpot"].max() + np.log(beyond)
    forecast = demand.backtest(features, 1).iloc[0]
    coming = features.assign(tickets_sold=features["tickets_sold"].where(features.index < last))
    tickets = demand.fit(coming).tickets(np.exp(features["log_jackpot"].to_numpy()[-1:]), coming)
    assert forecast["upper_80"] == pytest.approx(tickets.band(0.8)[1][0], rel=1e-3)
    assert forecast["mean"] == pytest.approx(tickets.mean[0], rel=0.02)


@pytest.fixture(scope="module")
def real(sales_file) -> dict[str, pd.DataFrame]:
    """Back-tests of the last 104 weeks of the four games."""
    raw = sales.read_sales(sales_file).frame
    return {
        name: demand.backtest(demand.features(sales.weekly_sales(raw, config), config))
        for name, config in load_countries(ROOT / "configs").configs.items()
    }


def mean_wape(real: dict[str, pd.DataFrame], method: str, *, specials: bool = True) -> float:
    scores = []
    for tested in real.values():
        weeks = tested if specials else tested[tested["special"] == 0]
        scores.append(metrics.wape(weeks.assign(mean=weeks[method])))
    return 100 * float(np.mean(scores))


def test_the_four_games_are_forecast_better_than_every_method_that_was_tried(real):
    assert mean_wape(real, "mean") <= 9.6
    assert mean_wape(real, "mean", specials=False) <= 7.8
    for method in ("first_pipeline", "naive", "rolling_ridge"):
        assert mean_wape(real, "mean") < mean_wape(real, method), method
    assert mean_wape(real, "first_pipeline") == pytest.approx(30.8, abs=0.1)


def test_the_bands_of_the_four_games_hold_what_they_promise(real):
    pooled = pd.concat(real.values())
    assert 0.77 <= metrics.coverage(pooled, 80) <= 0.83
    assert 0.93 <= metrics.coverage(pooled, 95) <= 0.97
