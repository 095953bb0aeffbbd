"""What the proof says a rule is worth: the duals of a plan's program, in the rule's own unit."""

import numpy as np

from lottery_assets.jackpot.horizon import Course, Horizon
from lottery_assets.jackpot.planning import Plan


def dual_price(horizon: Horizon, plan: Plan, rule: str) -> float | None:
    """Millions that a unit of relief in every planned week earns, by the duals; None where the program has no such row.

    A row of the ratio lacks prizes [millions]; a unit of its rule, the whole of sales, is worth the 52 weeks' sales of them.
    """
    its = (rule, f"{rule}_ahead", f"{rule}_end")
    rows = {row: price for row, price in plan.prices.items() if row.split("[")[0] in its}
    if not rows:
        return None
    sales = _sales(horizon, plan) if rule.startswith("payout_ratio") else None
    return float(sum(price * (1.0 if sales is None else sales[_week(row)]) for row, price in rows.items()))


def _sales(horizon: Horizon, plan: Plan) -> np.ndarray:
    """Of the 52 weeks that end with each week, [H + HOLD], millions."""
    course: Course = horizon.course(plan.path[None, :]) if plan.decided is None else plan.decided.prospect.course
    return np.asarray(horizon.over_52_weeks(course)[1][0])


def _week(row: str) -> int:
    return int(row.split("[")[1][:-1]) if "[" in row else -1
