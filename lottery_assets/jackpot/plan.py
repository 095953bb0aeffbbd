"""The independent check: every rule computed again in NumPy, without the program and without the solver.

Each line gives value, limit and slack at every admissible jackpot; what is announced is judged by these lines alone.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from lottery_assets.jackpot.problem import JackpotProblem

TOLERANCE = 1e-9
"""Slack below zero that is rounding, relative to the limit's size (or 1)."""


class Line(NamedTuple):
    """A rule at every admissible jackpot, [G]: what is limited, the limit, how far inside (below zero: broken)."""

    value: np.ndarray
    limit: np.ndarray | float
    slack: np.ndarray
    unit: str

    @property
    def holds(self) -> np.ndarray:
        """Kept up to rounding, [G]."""
        return self.slack >= -TOLERANCE * np.maximum(np.abs(self.limit), 1.0)

    def result(self, rule: str, index: int, binding: bool = False) -> "RuleResult":
        """The rule at one jackpot."""
        return RuleResult(
            rule=rule,
            holds=bool(self.holds[index]),
            value=float(self.value[index]),
            limit=float(np.broadcast_to(self.limit, self.value.shape)[index]),
            slack=float(self.slack[index]),
            unit=self.unit,
            binding=binding,
        )


class RuleResult(BaseModel):
    """One rule at the announced jackpot."""

    model_config = ConfigDict(frozen=True)

    rule: str
    holds: bool
    value: float
    limit: float
    slack: float
    unit: str
    binding: bool
    price: float | None = None


def at_least(value: np.ndarray, limit: float, unit: str) -> Line:
    """`value` [G] may not be below `limit`."""
    return Line(value, limit, value - limit, unit)


def at_most(value: np.ndarray, limit: float, unit: str) -> Line:
    """`value` [G] may not be above `limit`."""
    return Line(value, limit, limit - value, unit)


def _within(value: np.ndarray, low: float, high: float, unit: str) -> Line:
    """`value` [G] lies between both; the limit shown is the nearer one."""
    return Line(value, np.where(value - low < high - value, low, high), np.minimum(value - low, high - value), unit)


M, F = "millions", "fraction of sales"
RULES: dict[str, Callable[[JackpotProblem], Line | None]] = {
    "jackpot_range": lambda p: _within(p.jackpots, p.min_jackpot, p.max_jackpot, M),
    "payout_ratio_floor": lambda p: at_least(p.prizes_52w / p.sales_52w, p.min_payout_ratio_12m, F),
    "payout_ratio_ceiling": lambda p: (
        None if p.max_payout_ratio_12m is None else at_most(p.prizes_52w / p.sales_52w, p.max_payout_ratio_12m, F)
    ),
    "cash_cover": lambda p: at_least(p.available_cash - p.exposure, p.safety_buffer, M),
    "cash_at_risk": lambda p: at_least(p.cash_of_the_worst, p.safety_buffer, M),
    "step_up": lambda p: None if p.max_step_up is None else at_most(p.jackpots - p.last_jackpot, p.max_step_up, M),
    "step_down": lambda p: (
        None if p.max_step_down is None else at_most(p.last_jackpot - p.jackpots, p.max_step_down, M)
    ),
    "no_fall_unless_won": lambda p: (
        at_least(p.jackpots - p.last_jackpot, min(0.0, p.min_jackpot - p.last_jackpot) if p.won_last_week else 0.0, M)
        if p.no_fall_unless_won
        else None
    ),
}
"""Every rule of the contract by its name; None where the configuration does not set it."""


def lines(problem: JackpotProblem) -> dict[str, Line]:
    """The rules that apply, at every admissible jackpot."""
    return {name: line for name, rule in RULES.items() if (line := rule(problem)) is not None}


def feasible(problem: JackpotProblem) -> np.ndarray:
    """Jackpots that are offered and keep every rule, [G]."""
    kept = np.logical_and.reduce([line.holds for line in lines(problem).values()])
    return kept if problem.offered is None else kept & problem.offered


def verify(problem: JackpotProblem, index: int) -> tuple[RuleResult, ...]:
    """Every rule at the jackpot that is to be announced, and whether it binds in a plan of this one week."""
    rules = lines(problem)
    binding = _binding(problem, rules, index)
    return tuple(line.result(name, index, name in binding) for name, line in rules.items())


def _binding(problem: JackpotProblem, rules: dict[str, Line], index: int) -> set[str]:
    """Rules that keep the jackpot from earning more.

    A rule binds if dropping it alone would admit a jackpot that earns more. Where only several together would, it is those that
    the nearest better jackpot breaks. The range binds at its ends, if net revenue still rises outwards there.
    """
    net = problem.expected_net_revenue
    better = net > net[index] + TOLERANCE * max(abs(net[index]), 1.0)
    broken = {name: ~line.holds for name, line in rules.items()}
    count = np.sum(list(broken.values()), axis=0)
    binding = {name for name, breaks in broken.items() if np.any(better & breaks & (count == 1))}
    if not binding and better.any():
        places = np.flatnonzero(better)
        nearest = places[np.argmin(np.abs(places - index))]
        binding = {name for name, breaks in broken.items() if breaks[nearest]}
    if len(net) > 1 and index in (0, len(net) - 1):
        inner = 1 if index == 0 else len(net) - 2
        if net[index] > net[inner]:
            binding.add("jackpot_range")
    return binding
