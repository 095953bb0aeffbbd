"""HiGHS: what counts as an answer, and that the interface is the one we know."""

import highspy
import pyomo.environ as pyo
import pytest

from lottery_assets.jackpot.program import build
from lottery_assets.jackpot.solve import Infeasible, Session, SolverFailed, accept, solve
from lottery_assets.jackpot.tables import Tables
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
    model = build(Tables.of_one_week(example()))
    report = solve(model)
    assert [variable.value for variable in model.choice[0]] == [0, 1, 0]
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
    m = build(Tables.of_one_week(example()))
    m.never = pyo.Constraint(expr=pyo.quicksum(m.choice[0]) == 2)
    with pytest.raises(Infeasible):
        solve(m)


def test_a_search_cut_short_on_purpose_reports_what_it_proved_until_then():
    report = accept(STATUS.kSolutionLimit, 10.0, 10.5, version="test", seconds=0.0, most=1e-3, cut_short=True)
    assert (report.status, report.bound, report.gap) == ("node limit", 10.5, pytest.approx(0.05))
    with pytest.raises(SolverFailed, match="kTimeLimit"):
        accept(STATUS.kTimeLimit, 10.0, 10.0, version="test", seconds=60.0, cut_short=True)


def test_duals_say_what_a_unit_of_each_row_is_worth():
    """max 3 x + y with x + y <= 4, x <= 1.5: a unit more of the sum earns 1, of x 2."""
    m = pyo.ConcreteModel()
    m.x, m.y = pyo.Var(bounds=(0, None)), pyo.Var(bounds=(0, None))
    m.sum, m.most = pyo.Constraint(expr=m.x + m.y <= 4), pyo.Constraint(expr=m.x <= 1.5)
    m.gain = pyo.Objective(expr=3 * m.x + m.y, sense=pyo.maximize)
    assert solve(m, relaxed=True).duals == {"sum": pytest.approx(1), "most": pytest.approx(2)}


def test_a_row_added_to_a_session_holds_from_then_on():
    m = pyo.ConcreteModel()
    m.x = pyo.Var(bounds=(0, 5))
    m.any = pyo.Constraint(expr=m.x <= 9)
    m.gain = pyo.Objective(expr=-m.x, sense=pyo.maximize)
    session = Session(m, relaxed=True)
    assert session.solve().objective == pytest.approx(0)
    session.add("asked", [1.0], [m.x], 2.0)
    report = session.solve()
    assert (report.objective, m.x.value) == (pytest.approx(-2), pytest.approx(2))
    assert report.duals["asked"] == pytest.approx(-1)
