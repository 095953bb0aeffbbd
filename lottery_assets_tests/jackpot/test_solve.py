"""HiGHS: what counts as an answer, and that the interface is the one we know."""

import highspy
import pyomo.environ as pyo
import pytest

from lottery_assets.jackpot.program import build
from lottery_assets.jackpot.solve import Infeasible, SolverFailed, accept, solve
from lottery_assets_tests.jackpot.problems import example

STATUS = highspy.HighsModelStatus


def judged(status, objective=10.0, bound=10.0):
    return accept(status, objective, bound, version="test", seconds=0.0)


def test_a_proven_optimum_is_an_answer():
    report = judged(STATUS.kOptimal)
    assert (report.status, report.objective, report.gap) == ("optimal", 10.0, 0.0)


@pytest.mark.parametrize(
    "status",
    [
        STATUS.kTimeLimit,
        STATUS.kSolutionLimit,
        STATUS.kUnknown,
        STATUS.kUnbounded,
        STATUS.kSolveError,
        STATUS.kInterrupt,
    ],
)
def test_a_status_that_proves_nothing_is_an_error(status):
    with pytest.raises(SolverFailed, match=status.name):
        judged(status)


def test_infeasible_is_told_apart():
    with pytest.raises(Infeasible):
        judged(STATUS.kInfeasible)


def test_a_gap_is_refused():
    with pytest.raises(SolverFailed, match="gap"):
        judged(STATUS.kOptimal, objective=10.0, bound=10.1)
    with pytest.raises(SolverFailed, match="gap"):
        judged(STATUS.kOptimal, bound=float("nan"))


def test_the_solution_is_loaded_and_the_proof_is_reported():
    model = build(example())
    report = solve(model)
    assert [variable.value for variable in model.choice] == [0, 1, 0]
    assert report.objective == pytest.approx(44)
    assert report.bound == pytest.approx(44)
    assert report.version.startswith("HiGHS 1.")


def test_minimising_equality_and_constants_come_through():
    """min 3 x + y + 5 with x + y = 4, x >= 1, y integer <= 2: x = 2, y = 2, 13."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(1, None))
    m.y = pyo.Var(domain=pyo.Integers, bounds=(None, 2))
    m.sum = pyo.Constraint(expr=m.x + m.y == 4)
    m.cost = pyo.Objective(expr=3 * m.x + m.y + 5)
    assert solve(m).objective == pytest.approx(13)
    assert (m.x.value, m.y.value) == (pytest.approx(2), 2)


def test_an_infeasible_program_is_proven_so():
    m = build(example())
    m.never = pyo.Constraint(expr=m.choice[0] + m.choice[1] + m.choice[2] == 2)
    with pytest.raises(Infeasible):
        solve(m)
