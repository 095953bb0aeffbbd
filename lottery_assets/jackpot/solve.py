"""HiGHS: the only file that names a solver. A status that proves nothing is an error, never an answer.

Pyomo states the program; its standard form goes to highspy as it is. Pyomo's own interface to HiGHS took longer than HiGHS
itself on one week's program (`make bench`).
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from pyomo.common.tee import capture_output
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

GAP = 0.0
"""Relative gap that is accepted: a week is solved to the end."""
OPTIONS = {
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": GAP,
    "mip_abs_gap": 0.0,
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
    "mip_feasibility_tolerance": 1e-10,
    "time_limit": 60.0,  # a fuse: a clock must not decide what is announced, so a solve that takes so long fails
}
ROUNDING = 1e-6
_greeted = False


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
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    highs = _silent()
    for option, value in OPTIONS.items():
        highs.setOptionValue(option, value)
    highs.passModel(_program(form))
    highs.run()
    info, sign = highs.getInfo(), -1.0 if form.objectives[0].sense == pyo.maximize else 1.0
    report = accept(
        highs.getModelStatus(),
        sign * (info.objective_function_value + float(form.c_offset[0])),
        sign * (info.mip_dual_bound + float(form.c_offset[0])),
        version=f"HiGHS {highs.version()}",
        seconds=highs.getRunTime(),
    )
    for variable, value in zip(form.columns, highs.getSolution().col_value, strict=True):
        variable.set_value(round(value) if variable.is_integer() else value, skip_validation=True)
    return report


def accept(status: Any, objective: float, bound: float, *, version: str, seconds: float) -> SolveReport:
    """The report of a proven optimum. Raises Infeasible or SolverFailed for everything else."""
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        raise Infeasible(status.name)
    if status != highspy.HighsModelStatus.kOptimal:
        raise SolverFailed(f"HiGHS ended with {status.name}: nothing is proven, nothing is announced")
    gap = abs(bound - objective) / max(abs(objective), 1e-9)
    if not gap <= GAP + ROUNDING:
        raise SolverFailed(f"HiGHS left a gap of {gap:.2g} between {objective:g} and {bound:g}")
    return SolveReport("optimal", objective, bound, gap, version, seconds)


def _silent() -> highspy.Highs:
    """HiGHS without its messages; the first one of a process greets on standard output, which belongs to the answer."""
    global _greeted
    if not _greeted:
        with capture_output(capture_fd=True):
            highspy.Highs()
        _greeted = True
    highs = highspy.Highs()
    highs.silent()
    return highs


def _program(form: Any) -> highspy.HighsLp:
    """The standard form, minimised, as HiGHS takes it: rows that are equal to, at most (1) or at least (-1) their right side."""
    sides = np.array([row.bound_type for row in form.rows])
    right = np.asarray(form.rhs, float)
    matrix = form.A.tocsc()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = form.c.toarray().ravel().astype(float)
    bounds = np.array([variable.bounds for variable in form.columns], dtype=float)
    lp.col_lower_, lp.col_upper_ = np.nan_to_num(bounds, nan=-np.inf)[:, 0], np.nan_to_num(bounds, nan=np.inf)[:, 1]
    lp.row_lower_ = np.where(sides <= 0, right, -np.inf)
    lp.row_upper_ = np.where(sides >= 0, right, np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
    lp.integrality_ = [kinds[variable.is_integer()] for variable in form.columns]
    return lp
