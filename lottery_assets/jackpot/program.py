"""The decision as a mathematical program: one binary a jackpot, one function a rule, money in millions.

The name of a rule's function, of its constraint, of its line in `plan` and of its key in every answer are the same word. A rule
that the configuration does not set adds nothing.
"""

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from lottery_assets.jackpot.problem import JackpotProblem


def build(problem: JackpotProblem) -> pyo.ConcreteModel:
    """Program of one week: choose exactly one admissible jackpot, maximise expected net revenue, keep every rule."""
    m = pyo.ConcreteModel("jackpot")
    m.jackpots = pyo.RangeSet(0, len(problem.jackpots) - 1)
    m.announce = pyo.Var(m.jackpots, domain=pyo.Binary, doc="1 for the jackpot that is announced")
    m.choice = list(m.announce.values())
    m.one_jackpot = pyo.Constraint(expr=_chosen(m, np.ones(len(problem.jackpots))) == 1, doc="exactly one is announced")
    for rule in (
        jackpot_range,
        payout_ratio_floor,
        payout_ratio_ceiling,
        cash_cover,
        cash_at_risk,
        step_up,
        step_down,
        no_fall_unless_won,
    ):
        rule(m, problem)
    m.expected_net_revenue = pyo.Objective(expr=_chosen(m, problem.expected_net_revenue), sense=pyo.maximize)
    return m


def jackpot_range(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """The jackpot lies between the lowest and the highest that may be announced [millions]."""
    m.jackpot_range = pyo.Constraint(expr=(p.min_jackpot, _chosen(m, p.jackpots), p.max_jackpot), doc="jackpot_range")


def payout_ratio_floor(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """Prizes of the 52 weeks that end with this one are at least the floor's share of their sales [millions]."""
    above = p.prizes_52w - p.min_payout_ratio_12m * p.sales_52w
    m.payout_ratio_floor = pyo.Constraint(expr=_chosen(m, above) >= 0, doc="payout_ratio_floor")


def payout_ratio_ceiling(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """Prizes of the same weeks are at most the ceiling's share of their sales [millions]."""
    if p.max_payout_ratio_12m is not None:
        below = p.max_payout_ratio_12m * p.sales_52w - p.prizes_52w
        m.payout_ratio_ceiling = pyo.Constraint(expr=_chosen(m, below) >= 0, doc="payout_ratio_ceiling")


def cash_cover(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """The buffer remains when the jackpot falls before any of the week's sales are collected [millions]."""
    most = p.available_cash - p.safety_buffer
    m.cash_cover = pyo.Constraint(expr=_chosen(m, p.exposure) <= most, doc="cash_cover")


def cash_at_risk(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """Mean lowest cash of the worst share of futures stays above the buffer [millions]."""
    m.cash_at_risk = pyo.Constraint(expr=_chosen(m, p.cash_of_the_worst) >= p.safety_buffer, doc="cash_at_risk")


def step_up(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """The jackpot rises by no more than the step from last week's [millions]."""
    if p.max_step_up is not None:
        m.step_up = pyo.Constraint(expr=_chosen(m, p.jackpots) <= p.last_jackpot + p.max_step_up, doc="step_up")


def step_down(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """The jackpot falls by no more than the step from last week's [millions]."""
    if p.max_step_down is not None:
        m.step_down = pyo.Constraint(expr=_chosen(m, p.jackpots) >= p.last_jackpot - p.max_step_down, doc="step_down")


def no_fall_unless_won(m: pyo.ConcreteModel, p: JackpotProblem) -> None:
    """The jackpot is not below last week's, unless that was won [millions]."""
    if p.no_fall_unless_won and not p.won_last_week:
        m.no_fall_unless_won = pyo.Constraint(expr=_chosen(m, p.jackpots) >= p.last_jackpot, doc="no_fall_unless_won")


def _chosen(m: pyo.ConcreteModel, values: np.ndarray) -> LinearExpression:
    """The value [G] that goes with the announced jackpot."""
    return LinearExpression(constant=0, linear_coefs=values.tolist(), linear_vars=m.choice)
