"""Memory in the proof: how much better than a plan any other could be when jackpots move later sales.

Rules are priced (`pricing`), which leaves each week on its own but for its step from the last jackpot and the two stocks. Over those, dynamic programming
on a grid, linear between its points, finds the best path. Its value is the bound, up to the grid; the path is where a search may start.
Cash at risk enters as the program's rows have it, with the memory of the plan there is.
"""

from collections.abc import Mapping

import numpy as np

from lottery_assets.jackpot.appraisal import CASH, appraise, rows
from lottery_assets.jackpot.arcs import arcs, best_within, ranges
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import TOLERANCE, feasible
from lottery_assets.jackpot.pricing import least_bound
from lottery_assets.jackpot.stocks import Prices, Stocks
from lottery_assets.jackpot.tables import Tables

POINTS = 9
"""Of each stock's grid."""
IMPOSSIBLE = -1e18


def bound(
    horizon: Horizon, tables: Tables, prices: Mapping[str, float], path: np.ndarray, merit: float
) -> tuple[float, list[np.ndarray]]:
    """What no plan exceeds [millions], and the paths [H] found on the way.

    `path`, `merit`: of the plan there is; `prices`: the relaxed program's, whose tables leave out memory's cross effects. Where the
    plan keeps its steps, only plans that do are bounded, and steps need no price.
    """
    stocks, paths = Stocks(horizon, POINTS), []
    reach = np.vstack([feasible(horizon.first), tables.within_reach()[1:]])
    cuts = [f"cash_at_risk_ahead[{number + 1}]" for number in range(len(tables.cuts))]
    names = [*rows(horizon), *cuts]
    free = [name.startswith("step_") for name in names]
    kept = appraise(horizon, path[None, :]).slack[0][free[: len(rows(horizon))]].min(initial=0.0) >= -TOLERANCE
    may = arcs(horizon)[1] if kept else np.ones((len(horizon.jackpots), len(horizon.jackpots)), bool)
    priced = np.array([not (kept and one) for one in free])

    def best_at(asked: np.ndarray) -> tuple[float, np.ndarray]:
        stocks.price(Prices(zip(names, asked, strict=True)), tables.cuts)
        value, best = _best_path(stocks, reach, ranges(may))
        paths.append(best)
        left = [cut.kept(best[None, :])[0] - horizon.first.safety_buffer for cut in tables.cuts]
        return value, np.append(appraise(horizon, best[None, :]).slack[0], left) * priced

    start = np.array([prices.get(name, 0.0) for name in names]) * priced
    dearest = appraise(horizon, path[None, :]).prices
    dearest = np.append(dearest, np.full(len(cuts), CASH * horizon.weeks)) * priced
    least, _ = least_bound(best_at, start, dearest, merit)
    return least, paths


def _best_path(stocks: Stocks, reach: np.ndarray, steps: tuple[np.ndarray, np.ndarray]) -> tuple[float, np.ndarray]:
    """Value at the prices set, and the path [H] among jackpots within `reach` [H, G], week by week within `steps`."""
    weeks, size = reach.shape
    lowest, highest = steps
    later = [np.zeros((1, 1, size))]
    for week in range(weeks - 1, 0, -1):
        worth = np.where(reach[week], _onwards(stocks, week, later[-1], *stocks.grid), IMPOSSIBLE)
        later.append(best_within(worth, lowest, highest)[1])
    path: list[int] = []
    value = 0.0
    fast, slow = (np.array(stock) for stock in stocks.h.stocks)
    for week in range(weeks):
        worth = _onwards(stocks, week, later[weeks - 1 - week], fast.reshape(1, 1), slow.reshape(1, 1))[0, 0]
        worth = np.where(reach[week], worth, IMPOSSIBLE)
        if week:
            near = slice(lowest[path[-1]], highest[path[-1]] + 1)
            path.append(int(near.start + np.argmax(worth[near])))
        else:
            path.append(int(np.argmax(worth)))
            value = float(worth.max())
        fast, slow = stocks.h.remembered(fast, slow, np.array(path[-1]))
    return value + float(stocks.constant), np.array(path)


def _onwards(stocks: Stocks, week: int, later: np.ndarray, fast: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """Worth [A, B, G] of each jackpot from `week` on; `later` [A, B, G]: of having announced it."""
    worth = stocks.worth(week, fast, slow)
    return worth if week == stocks.h.weeks - 1 else worth + stocks.between(later, *stocks.after(fast, slow))
