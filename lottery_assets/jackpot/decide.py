"""The decision of one week: solved, proven, checked apart, with the runners-up."""

from dataclasses import dataclass

import numpy as np
from pyomo.common.gc_manager import PauseGC

from lottery_assets.jackpot.diagnose import NoRecommendation, diagnose
from lottery_assets.jackpot.plan import TOLERANCE, RuleResult, feasible, verify
from lottery_assets.jackpot.problem import JackpotProblem
from lottery_assets.jackpot.program import build
from lottery_assets.jackpot.solve import Infeasible, SolveReport, solve
from lottery_assets.jackpot.tables import Tables


class VerificationFailed(Exception):
    """The solver's answer and the independent check disagree: nothing may be announced."""


@dataclass(frozen=True)
class Decision:
    """The jackpot to announce: its place on the grid, its rules, the solver's proof, and what the others would lose.

    `runners_up`: place of each other jackpot and what it loses [millions], the best first; over the plan, the rest planned anew.
    """

    index: int
    jackpot: float
    rules: tuple[RuleResult, ...]
    report: SolveReport
    runners_up: tuple[tuple[int, float], ...]


def decide(problem: JackpotProblem) -> Decision:
    """The feasible jackpot with the highest expected net revenue; of equals, the lowest.

    Raises NoRecommendation where none is feasible, and VerificationFailed where program and check disagree.
    """
    allowed = feasible(problem)
    try:
        with PauseGC():  # thousands of small expressions: the collector would take longer than the solver
            model = build(Tables.of_one_week(problem))
            report = solve(model)
    except Infeasible:
        if allowed.any():
            raise VerificationFailed("the solver calls infeasible what the independent check allows") from None
        raise NoRecommendation(diagnose(problem)) from None
    chosen = int(np.argmax([variable.value for variable in model.choice[0]]))
    return confirmed(problem, chosen, report, allowed)


def confirmed(problem: JackpotProblem, chosen: int, report: SolveReport, allowed: np.ndarray) -> Decision:
    """The solver's choice, if enumeration of all jackpots and the rules computed apart agree with it."""
    net = np.where(allowed, problem.expected_net_revenue, -np.inf)
    best = float(net.max())
    rounding = TOLERANCE * max(abs(best), 1.0)
    if not allowed[chosen]:
        broken = [rule.rule for rule in verify(problem, chosen) if not rule.holds]
        raise VerificationFailed(f"jackpot {problem.jackpots[chosen]:.10g} million breaks {', '.join(broken)}")
    if net[chosen] < best - rounding or abs(report.objective - best) > 1e3 * rounding:
        raise VerificationFailed(
            f"jackpot {problem.jackpots[chosen]:.10g} million earns {net[chosen]:.9g}, the solver says {report.objective:.9g}, "
            f"the best earns {best:.9g}"
        )
    index = int(np.flatnonzero(net >= best - rounding)[0])
    order = np.argsort(-net, kind="stable")
    runners_up = [(int(place), float(net[index] - net[place])) for place in order if place != index and allowed[place]]
    return Decision(index, float(problem.jackpots[index]), verify(problem, index), report, tuple(runners_up))
