"""HiGHS: the only file that names a solver. A status that proves nothing is an error, never an answer."""

from dataclasses import dataclass

import pyomo.environ as pyo
from pyomo.contrib.solver.common.factory import SolverFactory
from pyomo.contrib.solver.common.results import SolutionStatus, TerminationCondition

GAP = 0.0
"""Relative gap that is accepted: a week is solved to the end."""
FUSE_SECONDS = 60.0
"""A clock must not decide what is announced: a solve that takes so long fails."""
OPTIONS = {
    "random_seed": 0,
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
    "mip_feasibility_tolerance": 1e-10,
}


class SolverFailed(Exception):
    """The solver proved neither an optimum nor that there is none."""


class Infeasible(Exception):
    """Proven: nothing satisfies every constraint."""


@dataclass(frozen=True)
class SolveReport:
    """What the solver proved. `gap`: relative distance of objective and bound; `seconds`: its own time."""

    status: str
    objective: float
    bound: float
    gap: float
    version: str
    seconds: float


def solve(model: pyo.ConcreteModel) -> SolveReport:
    """Solves in place and loads the solution. Raises Infeasible or SolverFailed."""
    results = SolverFactory("highs").solve(
        model,
        rel_gap=GAP,
        threads=1,
        time_limit=FUSE_SECONDS,
        solver_options=OPTIONS,
        load_solutions=False,
        raise_exception_on_nonoptimal_result=False,
    )
    report = accept(results)
    results.solution_loader.load_vars()
    return report


def accept(results: "pyo.Results") -> SolveReport:
    """The report of a proven optimum. Raises Infeasible or SolverFailed for everything else."""
    condition, status = results.termination_condition, results.solution_status
    if condition in (TerminationCondition.provenInfeasible, TerminationCondition.infeasibleOrUnbounded):
        raise Infeasible(str(condition))
    if condition != TerminationCondition.convergenceCriteriaSatisfied or status != SolutionStatus.optimal:
        raise SolverFailed(f"HiGHS ended with {condition.name}, {status.name}: nothing is proven, nothing is announced")
    objective, bound = float(results.incumbent_objective), float(results.objective_bound)
    gap = abs(bound - objective) / max(abs(objective), 1e-9)
    if gap > GAP + 1e-6:
        raise SolverFailed(f"HiGHS left a gap of {gap:.2g} between {objective:g} and {bound:g}")
    return SolveReport(
        status="optimal",
        objective=objective,
        bound=bound,
        gap=gap,
        version="HiGHS " + ".".join(str(part) for part in results.solver_version),
        seconds=float(results.timing_info.highs_time),
    )
