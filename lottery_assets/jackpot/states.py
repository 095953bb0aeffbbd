"""Memory in the proof: how much better than a plan any other could be when jackpots move later sales.

Rules are priced (`pricing`), which leaves each week on its own but for the two stocks of past jackpots. Over those, dynamic programming
on a grid, linear between its points, finds the best path. Its value is the bound, up to the grid; the path is where a search may start.
Cash at risk enters as the program's rows have it, with the memory of the plan there is.
"""

from collections.abc import Mapping

import numpy as np

from lottery_assets.jackpot.appraisal import CASH, appraise, rows
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.pricing import least_bound
from lottery_assets.jackpot.stocks import Prices, Stocks
from lottery_assets.jackpot.tables import Tables

POINTS = 9
"""Of each stock's grid."""


def bound(
    horizon: Horizon, tables: Tables, prices: Mapping[str, float], allowed: np.ndarray, merit: float
) -> tuple[float, list[np.ndarray]]:
    """What no plan exceeds [millions], and the paths [H] found on the way; `allowed` [G]: of the coming week.

    `merit`: of the plan there is; `prices`: the relaxed program's, whose tables leave out memory's cross effects.
    """
    stocks, reach, paths = Stocks(horizon, POINTS), np.vstack([allowed, tables.within_reach()[1:]]), []
    cuts = [f"cash_at_risk_ahead[{number + 1}]" for number in range(len(tables.cuts))]
    names = [*rows(horizon), *cuts]

    def best_at(asked: np.ndarray) -> tuple[float, np.ndarray]:
        stocks.price(Prices(zip(names, asked, strict=True)), tables.cuts)
        value, path = _best_path(stocks, reach)
        paths.append(path)
        left = [cut.kept(path[None, :])[0] - horizon.first.safety_buffer for cut in tables.cuts]
        return value, np.append(appraise(horizon, path[None, :]).slack[0], left)

    start = np.array([prices.get(row, 0.0) for row in names])
    dearest = appraise(horizon, np.zeros((1, horizon.weeks), int)).prices
    least, _ = least_bound(best_at, start, np.append(dearest, np.full(len(cuts), CASH * horizon.weeks)), merit)
    return least, paths


def _best_path(stocks: Stocks, reach: np.ndarray) -> tuple[float, np.ndarray]:
    """Value at the prices set, and the path [H] among jackpots within `reach` [H, G]."""
    weeks, later = len(reach), [np.zeros((1, 1))]
    for week in range(weeks - 1, 0, -1):
        worth = _onwards(stocks, week, later[-1], *stocks.grid)
        later.append(np.where(reach[week], worth, -np.inf).max(axis=2))
    path, value = [], 0.0
    fast, slow = (np.array(stock) for stock in stocks.h.stocks)
    for week in range(weeks):
        worth = _onwards(stocks, week, later[weeks - 1 - week], fast.reshape(1, 1), slow.reshape(1, 1))[0, 0]
        place = int(np.argmax(np.where(reach[week], worth, -np.inf)))
        value = value if week else float(worth[place])
        path.append(place)
        fast, slow = stocks.h.remembered(fast, slow, np.array(place))
    return value + float(stocks.constant), np.array(path)


def _onwards(stocks: Stocks, week: int, later: np.ndarray, fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """Worth of each jackpot from `week` on, [A, B, G]."""
    worth = stocks.worth(week, fast, slow)
    return worth if week == stocks.h.weeks - 1 else worth + stocks.between(later, *stocks.after(fast, slow))
