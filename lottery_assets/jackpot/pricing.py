"""Prices of rules by cutting planes: how dear must relief of each rule be so that nobody wants more of it than there is.

For prices of zero or more, what is best when rules are paid for instead of kept bounds what is best when they are kept (Lagrangian
relaxation); the bound is convex in the prices, and every answer at some prices is a plane below it (Kelley 1960).
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import linprog

STEPS = 8
ENOUGH = 1e-4
"""Relative distance of bound and target, or of bound and planes, at which no further prices are asked."""
NARROW = 0.5
"""Prices move by their own size or this at most, [millions of revenue a million]: planes say little far from where they touch."""

Oracle = Callable[[np.ndarray], tuple[float, np.ndarray]]
"""Prices [R] -> the best value where rules are paid for, and each rule's slack there [R]."""


def least_bound(
    oracle: Oracle, prices: np.ndarray, dearest: np.ndarray, target: float = -np.inf
) -> tuple[float, np.ndarray]:
    """The lowest bound found and its prices [R]; `target`: what is known to be reached, `dearest` [R]: highest prices that count."""
    least, centre = np.inf, prices
    values, slopes = [], []
    for _ in range(STEPS):
        value, slack = oracle(prices)
        if value < least:
            least, centre = value, prices
        values.append(value - prices @ slack)
        slopes.append(slack)
        enough = ENOUGH * max(abs(least), 1e-9)
        if least - target <= enough:
            break
        width = np.maximum(centre, NARROW)
        box = np.column_stack([np.maximum(centre - width, 0.0), np.minimum(centre + width, dearest)])
        planes = linprog(
            np.r_[1.0, np.zeros(len(prices))],
            A_ub=np.column_stack([-np.ones(len(slopes)), np.array(slopes)]),
            b_ub=-np.array(values),
            bounds=[(None, None), *box],
        )
        if planes.status != 0 or planes.fun >= least - enough / 2:
            break
        prices = planes.x[1:]
    return least, centre
