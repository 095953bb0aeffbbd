"""The decision as a mathematical program: one binary a week and jackpot, one function a rule, money in millions.

The name of a rule's function, of its constraint, of its line in `plan` and of its key in every answer are the same word. A rule
that the configuration does not set adds nothing. In the coming week, which is announced, rules are hard. In the weeks after it
they give where nothing else is left, at a price that no revenue pays (`horizon`): cash last, then the ratio, then steps.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from lottery_assets.jackpot.appraisal import CASH, OWED, RATIO, STEP
from lottery_assets.jackpot.catalogue import CATALOGUE
from lottery_assets.jackpot.risk import Cut
from lottery_assets.jackpot.tables import Tables


def build(tables: Tables) -> pyo.ConcreteModel:
    """Program of the planned weeks: exactly one admissible jackpot a week, highest expected net revenue, every rule kept."""
    m = pyo.ConcreteModel("jackpot")
    m.weeks, m.jackpots = pyo.RangeSet(0, tables.weeks - 1), pyo.RangeSet(0, len(tables.first.jackpots) - 1)
    m.announce = pyo.Var(m.weeks, m.jackpots, domain=pyo.Binary, doc="1 for the jackpot that is announced in the week")
    variables, size = list(m.announce.values()), len(m.jackpots)
    m.choice = [variables[week * size : (week + 1) * size] for week in m.weeks]
    m.costs = ([], [])
    m.one_jackpot = pyo.Constraint(m.weeks, rule=lambda m, week: _linear(_chosen(m, week, np.ones(size))) == 1)
    _close_what_is_out_of_reach(m, tables)
    _close_what_is_not_offered(m, tables)
    for rule in CATALOGUE:
        globals()[rule](m, tables)
    end_value(m, tables)
    earned = (tables.worth.ravel().tolist(), variables)
    m.expected_net_revenue = pyo.Objective(expr=_linear(earned, m.costs) + tables.base, sense=pyo.maximize)
    return m


def jackpot_range(m: pyo.ConcreteModel, t: Tables) -> None:
    """The jackpot lies between the lowest and the highest that may be announced [millions]."""
    p = t.first
    m.jackpot_range = pyo.Constraint(
        m.weeks,
        rule=lambda m, week: (p.min_jackpot, _linear(_chosen(m, week, p.jackpots)), p.max_jackpot),
        doc="jackpot_range",
    )


def payout_ratio_floor(m: pyo.ConcreteModel, t: Tables) -> None:
    """Prizes of the 52 weeks that end with each week are at least the floor's share of their sales [millions]."""
    floor = t.first.min_payout_ratio_12m
    above = _running(m, "payout_ratio_floor", "above_floor", t.prizes - floor * t.sales)
    _at_least(m, "payout_ratio_floor", above, (floor * t.past_sales - t.past_prizes)[: t.weeks], RATIO)


def payout_ratio_ceiling(m: pyo.ConcreteModel, t: Tables) -> None:
    """Prizes of the same weeks are at most the ceiling's share of their sales [millions]."""
    ceiling = t.first.max_payout_ratio_12m
    if ceiling is not None:
        below = _running(m, "payout_ratio_ceiling", "below_ceiling", ceiling * t.sales - t.prizes)
        _at_least(m, "payout_ratio_ceiling", below, (t.past_prizes - ceiling * t.past_sales)[: t.weeks], RATIO)


def cash_cover(m: pyo.ConcreteModel, t: Tables) -> None:
    """The buffer remains when the jackpot falls before any of the week's sales are collected [millions].

    Expected net revenue of the planned weeks before stays in the till; nothing else flows.
    """
    earned = _running(m, "cash_cover", "earned", t.net)
    needed = t.first.safety_buffer - t.first.available_cash
    left = [_joined(_chosen(m, week, -t.exposure[week]), earned[week - 1] if week else None) for week in m.weeks]
    _at_least(m, "cash_cover", left, np.full(t.weeks, needed), CASH)


def cash_at_risk(m: pyo.ConcreteModel, t: Tables) -> None:
    """Mean lowest cash of the worst share of futures stays above the buffer [millions]: this week, and, by cuts, over the plan."""
    left = [_chosen(m, 0, t.first.cash_of_the_worst)]
    _at_least(m, "cash_at_risk", left, np.array([t.first.safety_buffer]), CASH)
    if t.weeks > 1:
        m.give_cash_at_risk_ahead = pyo.Var(domain=pyo.NonNegativeReals, doc="what cash_at_risk gives")
        _costs(m, m.give_cash_at_risk_ahead, CASH * t.weeks)
        m.cash_at_risk_ahead = pyo.ConstraintList(doc="cash_at_risk")
        for cut in t.cuts:
            ask(m, cut, t.first.safety_buffer)


def ask(m: pyo.ConcreteModel, cut: Cut, buffer: float) -> tuple[str, list[float], list[Any], float]:
    """States what cash at risk asks of every plan; the row as a solver takes it: name, coefficients, variables, least sum."""
    chosen = (_chosen(m, week, cut.coefficients[week]) for week in m.weeks)
    coefficients, variables = _joined(*chosen, ([1.0], [m.give_cash_at_risk_ahead]))
    row = m.cash_at_risk_ahead.add(_linear((coefficients, variables)) >= buffer - cut.constant)
    return row.name, coefficients, variables, buffer - cut.constant


def step_up(m: pyo.ConcreteModel, t: Tables) -> None:
    """The jackpot rises by no more than the step from the week before [millions]."""
    if t.first.max_step_up is not None:
        _at_least(m, "step_up", _change(m, t, -1.0), _step_limits(t, -1.0, t.first.max_step_up), STEP)


def step_down(m: pyo.ConcreteModel, t: Tables) -> None:
    """The jackpot falls by no more than the step from the week before [millions]."""
    if t.first.max_step_down is not None:
        _at_least(m, "step_down", _change(m, t, 1.0), _step_limits(t, 1.0, t.first.max_step_down), STEP)


def no_fall_unless_won(m: pyo.ConcreteModel, t: Tables) -> None:
    """The jackpot is not below the week before's, unless that was won [millions]. A program is blind to later wins: see `policy`."""
    p = t.first
    if p.no_fall_unless_won:
        limits = _step_limits(t, 1.0, p.jackpots[-1] if p.won_last_week else 0.0)
        limits[1:] = 0.0
        _at_least(m, "no_fall_unless_won", _change(m, t, 1.0), limits, STEP)


def end_value(m: pyo.ConcreteModel, t: Tables) -> None:
    """Prizes that the floor is still owed a quarter of a year after the plan are charged in full [millions]."""
    if len(t.past_sales) == t.weeks:
        return
    floor = t.first.min_payout_ratio_12m
    m.owed = pyo.Var(domain=pyo.NonNegativeReals, doc="prizes owed to the floor at the end")
    values = (t.prizes - floor * t.sales) * t.at_the_end[:, None]
    kept = _linear(*(_chosen(m, week, values[week]) for week in m.weeks), ([1.0], [m.owed]))
    needed = float(floor * t.past_sales[-1] - t.past_prizes[-1])
    m.payout_ratio_floor_end = pyo.Constraint(expr=kept >= needed, doc="payout_ratio_floor")
    _costs(m, m.owed, OWED)


Terms = tuple[list[float], list[Any]]
"""Coefficients and their variables."""


def _at_least(m: pyo.ConcreteModel, rule: str, values: Sequence[Terms], limits: np.ndarray, price: float) -> None:
    """A row a week: value is at least limit; after the coming week it may give, at `price` a million."""
    rows = pyo.Constraint(pyo.RangeSet(0, len(values) - 1), doc=rule)
    setattr(m, rule, rows)
    give = pyo.Var(pyo.RangeSet(1, len(values) - 1), domain=pyo.NonNegativeReals, doc=f"what {rule} gives")
    if len(values) > 1:
        setattr(m, f"give_{rule}", give)
    for week, value in enumerate(values):
        if week:
            _costs(m, give[week], price)
        rows[week] = _linear(value, ([1.0], [give[week]]) if week else None) >= float(limits[week])


def _linear(*parts: Terms | None) -> LinearExpression:
    """The sum of all parts."""
    known = [part for part in parts if part is not None]
    coefficients = [coefficient for part in known for coefficient in part[0]]
    variables = [variable for part in known for variable in part[1]]
    return LinearExpression(constant=0, linear_coefs=coefficients, linear_vars=variables)


def _chosen(m: pyo.ConcreteModel, week: int, values: np.ndarray) -> Terms:
    """The value [G] that goes with the week's jackpot."""
    return values.tolist(), m.choice[week]


def _joined(*parts: Terms | None) -> Terms:
    known = [part for part in parts if part is not None]
    return [c for part in known for c in part[0]], [v for part in known for v in part[1]]


def _running(m: pyo.ConcreteModel, rule: str, name: str, values: np.ndarray) -> list[Terms]:
    """Sums of the chosen values [H, G] up to each week: a variable a week, since window sums would fill the matrix."""
    if len(values) == 1:
        return [_chosen(m, 0, values[0])]
    total = pyo.Var(m.weeks, doc=f"{name}, summed up to the week")
    setattr(m, name, total)
    rows = pyo.Constraint(m.weeks, doc=rule)
    setattr(m, f"{name}_sum", rows)
    for week in m.weeks:
        before = ([1.0], [total[week - 1]]) if week else None
        rows[week] = _linear(_chosen(m, week, values[week]), ([-1.0], [total[week]]), before) == 0
    return [([1.0], [total[week]]) for week in m.weeks]


def _change(m: pyo.ConcreteModel, t: Tables, sign: float) -> list[Terms]:
    """`sign` x (jackpot less the week before's) in each week; in the coming week the jackpot itself."""
    values = sign * t.first.jackpots
    return [_joined(_chosen(m, week, values), _chosen(m, week - 1, -values) if week else None) for week in m.weeks]


def _close_what_is_out_of_reach(m: pyo.ConcreteModel, t: Tables) -> None:
    """No week gets further than its steps go: without this, fractions of far jackpots would pretend to be small steps."""
    if t.weeks > 1:
        for week, place in zip(*np.nonzero(~t.within_reach()), strict=True):
            m.choice[week][place].setub(0)


def _close_what_is_not_offered(m: pyo.ConcreteModel, t: Tables) -> None:
    if t.first.offered is not None:
        for place in np.flatnonzero(~t.first.offered):
            m.choice[0][place].setub(0)


def _step_limits(t: Tables, sign: float, step: float) -> np.ndarray:
    """Least signed change [H] where the jackpot may move by `step`."""
    limits = np.full(t.weeks, -step)
    limits[0] += sign * t.first.last_jackpot
    return limits


def _costs(m: pyo.ConcreteModel, variable: Any, price: float) -> None:
    """Takes price x variable off the objective."""
    m.costs[0].append(-price)
    m.costs[1].append(variable)
