"""HiGHS: the only file that names a solver. A status that proves nothing is an error, never an answer.

Pyomo states the program; its standard form goes to highspy as it is. Pyomo's own interface to HiGHS took longer than HiGHS
itself on one week's program (`make bench`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from pyomo.common.tee import capture_output
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler

OPTIONS = {
    "threads": 1,
    "random_seed": 0,
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
    duals: Mapping[str, float] = field(default_factory=dict)
    """What a unit of each row's right side is worth, by the row's name; of a relaxation only."""


def solve(
    model: pyo.ConcreteModel, *, relaxed: bool = False, gap: float = 0.0, most_nodes: int | None = None
) -> SolveReport:
    """Solves in place and loads the solution. Raises Infeasible or SolverFailed. Arguments: those of `Session`."""
    return Session(model, relaxed=relaxed, gap=gap, most_nodes=most_nodes).solve()


class Session:
    """A program in HiGHS's hands, to be solved, and solved again after rows were added.

    `relaxed`: binaries may be fractions; `gap`: relative distance of objective and bound at which the search may end;
    `most_nodes`: at which it must, with what it has.
    """

    def __init__(
        self, model: pyo.ConcreteModel, *, relaxed: bool = False, gap: float = 0.0, most_nodes: int | None = None
    ) -> None:
        self.relaxed, self.gap, self.most_nodes = relaxed, gap, most_nodes
        form = LinearStandardFormCompiler().write(model, mixed_form=True)
        self.columns, self.offset = form.columns, float(form.c_offset[0])
        self.rows = [row.constraint.name for row in form.rows]
        self.sign = -1.0 if form.objectives[0].sense == pyo.maximize else 1.0
        self.highs = _silent()
        for option, value in OPTIONS.items():
            self.highs.setOptionValue(option, value)
        self.highs.setOptionValue("mip_rel_gap", gap)
        if (
            relaxed
        ):  # duals are confirmed by deciding again; a tighter tolerance is beyond what prices of broken rules allow
            self.highs.setOptionValue("dual_feasibility_tolerance", 1e-7)
        if most_nodes is not None:
            self.highs.setOptionValue("mip_max_nodes", most_nodes)
        self.highs.passModel(_program(form, relaxed))

    def add(self, name: str, coefficients: list[float], variables: list[Any], least: float) -> None:
        """One more row: the sum is `least` or more."""
        place = {id(variable): column for column, variable in enumerate(self.columns)}
        columns = np.array([place[id(variable)] for variable in variables], np.int32)
        self.highs.addRow(least, highspy.kHighsInf, len(columns), columns, np.array(coefficients))
        self.rows.append(name)

    def solve(self) -> SolveReport:
        """Loads the solution into the model. Raises Infeasible or SolverFailed."""
        self.highs.run()
        if (
            self.highs.getModelStatus() == highspy.HighsModelStatus.kNotset
        ):  # the basis before the rows were added was of no use
            self.highs.clearSolver()
            self.highs.run()
        info = self.highs.getInfo()
        objective = info.objective_function_value
        report = accept(
            self.highs.getModelStatus(),
            self.sign * (objective + self.offset),
            self.sign * ((objective if self.relaxed else info.mip_dual_bound) + self.offset),
            version=solver(),
            seconds=self.highs.getRunTime(),
            most=self.gap,
            cut_short=self.most_nodes is not None,
        )
        solution = self.highs.getSolution()
        for variable, value in zip(self.columns, solution.col_value, strict=True):
            whole = variable.is_integer() and not self.relaxed
            variable.set_value(round(value) if whole else value, skip_validation=True)
        if not self.relaxed:
            return report
        return replace(
            report, duals={row: self.sign * dual for row, dual in zip(self.rows, solution.row_dual, strict=True)}
        )


def accept(
    status: Any,
    objective: float,
    bound: float,
    *,
    version: str,
    seconds: float,
    most: float = 0.0,
    cut_short: bool = False,
) -> SolveReport:
    """The report of a proven optimum, or, where the search was `cut_short` on purpose, of what it proved until then.

    Raises Infeasible or SolverFailed for everything else, also for a gap above `most`.
    """
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        raise Infeasible(status.name)
    ended = cut_short and status == highspy.HighsModelStatus.kSolutionLimit
    if status != highspy.HighsModelStatus.kOptimal and not ended:
        raise SolverFailed(f"HiGHS ended with {status.name}: nothing is proven, nothing is announced")
    gap = abs(bound - objective) / max(abs(objective), 1e-9)
    if not gap <= most + ROUNDING and not ended:
        raise SolverFailed(f"HiGHS left a gap of {gap:.2g} between {objective:g} and {bound:g}")
    return SolveReport("optimal" if gap <= most + ROUNDING else "node limit", objective, bound, gap, version, seconds)


def solver() -> str:
    """Name and version."""
    return f"HiGHS {_silent().version()}"


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


def _program(form: Any, relaxed: bool) -> highspy.HighsLp:
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
    if not relaxed:
        lp.integrality_ = [kinds[variable.is_integer()] for variable in form.columns]
    return lp
