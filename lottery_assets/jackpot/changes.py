"""The same weeks with something changed: cash, an input, or more weeks."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from lottery_assets.demand import Habit
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.problem import to_be_paid


def longer(horizon: Horizon, weeks: int) -> Horizon:
    """The same plan over more weeks; those beyond sell as the planned week does that sells middling well."""
    place = np.append(np.arange(horizon.weeks), np.full(weeks - horizon.weeks, horizon.known(horizon.weeks)))
    stocks = (
        replace(stock, reference=stock.reference[np.minimum(np.arange(weeks), horizon.weeks - 1)])
        for stock in (horizon.habit.fast, horizon.habit.slow)
    )
    return replace(
        horizon,
        week_starts=tuple(horizon.week_starts[0] + timedelta(weeks=week) for week in range(weeks)),
        tickets=horizon.tickets[place],
        prices=horizon.prices[place],
        marketing=horizon.marketing[place],
        habit=Habit(*stocks),
    )


def with_cash(horizon: Horizon, cash: float) -> Horizon:
    """The same weeks with other cash [millions]."""
    p = horizon.first
    more = cash - p.available_cash
    return replace(horizon, first=replace(p, available_cash=cash, cash_of_the_worst=p.cash_of_the_worst + more))


def with_changed(horizon: Horizon, what: str, factor: float) -> Horizon:
    """The same weeks with one input times `factor`: `demand`, `price`, `odds` (of one ticket), `cash` or `floor`."""
    p = horizon.first
    match what:
        case "cash":
            return with_cash(horizon, p.available_cash * factor)
        case "floor":
            return replace(horizon, first=replace(p, min_payout_ratio_12m=p.min_payout_ratio_12m * factor))
        case "price":
            first = replace(
                p,
                expected_sales=p.expected_sales * factor,
                expected_secondary_prizes=p.expected_secondary_prizes * factor,
            )
            return replace(horizon, prices=horizon.prices * factor, first=first)
        case "odds":
            moved = replace(horizon, chance=horizon.chance * factor)
        case "demand":
            moved = replace(horizon, tickets=horizon.tickets * factor)
        case _:
            raise ValueError(what)
    more_exposed, more_in_the_worst = (
        now - before for now, before in zip(_to_be_paid(moved), _to_be_paid(horizon), strict=True)
    )
    first = replace(
        p,
        expected_sales=p.expected_sales * _times(moved, horizon, 0),
        expected_secondary_prizes=p.expected_secondary_prizes * _times(moved, horizon, 0),
        expected_jackpot_payout=p.expected_jackpot_payout * _times(moved, horizon, 1),
        chance_falls=p.chance_falls * _times(moved, horizon, 2),
        exposure=p.exposure + more_exposed,
        cash_of_the_worst=p.cash_of_the_worst - more_in_the_worst,
    )
    return replace(moved, first=first)


def _times(moved: Horizon, horizon: Horizon, what: int) -> np.ndarray:
    """How many times the coming week's sales (0), payout (1) or chance of a fall (2) is what it was, [G], by its grouped futures."""
    now, before = (_grouped(week)[what] for week in (moved, horizon))
    return np.asarray(now / before)


def _to_be_paid(horizon: Horizon) -> tuple[np.ndarray, np.ndarray]:
    return to_be_paid(horizon.jackpots, horizon.tickets[0], horizon.chance, horizon.max_cash_breach, horizon.per_winner)


def _grouped(horizon: Horizon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    payout, falls = horizon.at_lifts(0, np.zeros(1))
    return horizon.tickets[0].mean(axis=0), payout[0], falls[0]
