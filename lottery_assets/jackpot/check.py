"""The independent check of all planned weeks, in NumPy, without program, search and solver. `plan` has the rules themselves.

A plan's later weeks are judged as decisions of their own, after the weeks before them. A policy's are judged over every course that
wins can lead to: steps and falls at their worst, ratio and cash in expectation.
"""

import numpy as np

from lottery_assets.jackpot import chain, risk
from lottery_assets.jackpot.chain import Courses, Prospect
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import RULES, TOLERANCE, Line, RuleResult, at_least, at_most, verify
from lottery_assets.jackpot.planning import Plan
from lottery_assets.jackpot.problem import RATIO_WEEKS


def verified(horizon: Horizon, plan: Plan) -> tuple[tuple[RuleResult, ...], ...]:
    """Every rule of every planned week; the coming week first, whose cash at risk is that of the whole plan."""
    first = verify(horizon.first, int(plan.path[0]))
    if plan.decided is None:
        left = float(risk.cash_of_the_worst(horizon, plan.path[None, :], plan.futures)[0])
        later = [verify(horizon.week(week, plan.path), int(plan.path[week])) for week in range(1, horizon.weeks)]
    else:
        left = chain.cash_of_the_worst(horizon, plan.decided.policy, plan.futures)
        later = _over_all_courses(horizon, Prospect.of(horizon, plan.decided.policy))
    buffer = horizon.first.safety_buffer
    ahead = {"value": left, "slack": left - buffer, "holds": left - buffer >= -TOLERANCE * max(buffer, 1.0)}
    first = tuple(rule.model_copy(update=ahead) if rule.rule == "cash_at_risk" else rule for rule in first)
    return (first, *later)


def _over_all_courses(horizon: Horizon, prospect: Prospect) -> list[tuple[RuleResult, ...]]:
    """The rules of each week after the coming one."""
    sales, secondary, payout, net = (rows[0] for rows in prospect.course[:4])
    prizes = secondary + payout
    found = []
    for week in range(1, horizon.weeks):
        counted = slice(max(0, week - RATIO_WEEKS), week + 1)
        paid = horizon.past_prizes[week] + prizes[counted].sum()
        ratio = paid / (horizon.past_sales[week] + sales[counted].sum())
        cash = horizon.first.available_cash + net[:week].sum()
        lines = _week(horizon, week, float(ratio), float(cash), prospect.courses[week])
        found.append(tuple(lines[rule].result(rule, 0) for rule in RULES if rule in lines))
    return found


def _week(horizon: Horizon, week: int, ratio: float, cash: float, courses: Courses) -> dict[str, Line]:
    p, jackpots = horizon.first, horizon.jackpots
    reached = jackpots[courses.place]
    changes = reached - jackpots[courses.last]
    inside = min(reached.min() - p.min_jackpot, p.max_jackpot - reached.max())
    exposure = horizon.exposure[week, courses.place].max()
    lines = {
        "jackpot_range": at_least(np.array([inside]), 0.0, "millions"),
        "payout_ratio_floor": at_least(np.array([ratio]), p.min_payout_ratio_12m, "fraction of sales"),
        "cash_cover": at_least(np.array([cash - exposure]), p.safety_buffer, "millions"),
        "no_fall_unless_won": at_least(changes[~courses.fell].min(initial=0.0, keepdims=True), 0.0, "millions"),
    }
    if p.max_payout_ratio_12m is not None:
        lines["payout_ratio_ceiling"] = at_most(np.array([ratio]), p.max_payout_ratio_12m, "fraction of sales")
    if p.max_step_up is not None:
        lines["step_up"] = at_most(changes.max(keepdims=True), p.max_step_up, "millions")
    if p.max_step_down is not None:
        lines["step_down"] = at_most(-changes.min(keepdims=True), p.max_step_down, "millions")
    return lines
