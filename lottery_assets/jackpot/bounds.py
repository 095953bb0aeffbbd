"""What no plan can exceed, proven beside the plan that was found.

Without memory the program's relaxation bounds every plan; where that leaves a gap, HiGHS branches until a number of nodes. With
memory the relaxation prices the rules and dynamic programming over the stocks bounds what is left (`states`). Cash at risk enters by
cuts, added until none is violated.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyomo.environ as pyo
from pyomo.common.gc_manager import PauseGC

from lottery_assets.jackpot import program, states
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.risk import Cut, Risk, cut
from lottery_assets.jackpot.solve import Session, SolveReport
from lottery_assets.jackpot.tables import Tables

GAP = 1e-3
"""Relative gap that counts as proven: below it lie the steps of the jackpots themselves."""
CUTS = 16
"""Rows of cash at risk that are added to the relaxation at most."""
BRANCHED = 3
"""Times that HiGHS branches, each time with one more row."""
SHORT = 1e-4
"""Millions that a row may lack."""


class Bound(NamedTuple):
    """`report`: of the plan that was found, beside the bound; `hints`: paths [H] where a search may start; `prices`: of each row."""

    report: SolveReport
    hints: tuple[np.ndarray, ...]
    prices: Mapping[str, float]


def bound(horizon: Horizon, path: np.ndarray, merit: float, risk: Risk | None) -> Bound:
    """Of all plans, by tables around a path [H] of known merit; `risk` where cash at risk is weighed."""
    tables, report, shares = _relaxed(horizon, path, risk)
    prices = {row: max(-dual, 0.0) for row, dual in report.duals.items()}
    scale = max(abs(merit), float(np.abs(horizon.course(path[None, :]).net.sum())))
    hints, least = [shares.argmax(axis=1)], report.bound
    if not horizon.habit.matters and _gap(least, merit, scale) > GAP and horizon.most_nodes > 0:
        report, paths = _branched(horizon, tables, risk)
        least = min(least, report.bound)
        hints += paths
    if horizon.habit.matters or _gap(least, merit, scale) > GAP:
        by_states, paths = states.bound(horizon, tables, prices, path, merit)
        least = by_states if horizon.habit.matters else min(least, by_states)
        hints += paths
    return Bound(_beside(report, merit, least, scale), tuple(hints), prices)


def _relaxed(horizon: Horizon, path: np.ndarray, risk: Risk | None) -> tuple[Tables, SolveReport, np.ndarray]:
    """Tables with the cuts they needed, the relaxation's proof, and its shares [H, G]."""
    risk = risk and risk.nearby()
    if risk and not risk.cuts:
        risk.learn(path)
    tables = replace(Tables.around(horizon, path), cuts=tuple(risk.cuts if risk else ()))
    with PauseGC():  # thousands of small expressions: the collector would take longer than the solver
        model = program.build(tables)
        session = Session(model, relaxed=True)
        report = session.solve()
        lift = horizon.course(path[None, :]).lift[0]
        for _ in range(CUTS):
            row = _violated(horizon, model, lift, risk) if risk else None
            if row is None:
                break
            session.add(*program.ask(model, row, horizon.first.safety_buffer))
            tables = replace(tables, cuts=(*tables.cuts, row))
            report = session.solve()
    return tables, report, _shares(model)


def _branched(horizon: Horizon, tables: Tables, risk: Risk | None) -> tuple[SolveReport, list[np.ndarray]]:
    """HiGHS's own proof with whole jackpots, cuts added at the plans that it finds; its plans, where it found any."""
    plans = []
    with PauseGC():
        model = program.build(tables)
        session = Session(model, gap=GAP, most_nodes=horizon.most_nodes)
        for _ in range(BRANCHED):
            report = session.solve()
            if not np.isfinite(report.objective):
                break
            plans.append(_shares(model).argmax(axis=1))
            row = _violated(horizon, model, np.zeros(horizon.weeks), risk) if risk else None
            if row is None:
                break
            session.add(*program.ask(model, row, horizon.first.safety_buffer))
    return report, plans


def _violated(horizon: Horizon, model: pyo.ConcreteModel, lift: np.ndarray, risk: Risk) -> Cut | None:
    """What cash at risk asks of every plan and the model's solution lacks."""
    shares = _shares(model)
    row = cut(horizon, shares, lift, risk.futures)
    kept = row.constant + (row.coefficients * shares).sum() + model.give_cash_at_risk_ahead.value
    return row if kept < horizon.first.safety_buffer - SHORT else None


def _shares(model: pyo.ConcreteModel) -> np.ndarray:
    return np.array([[variable.value for variable in week] for week in model.choice])


def _gap(bound: float, merit: float, scale: float) -> float:
    return max(bound - merit, 0.0) / max(scale, 1e-9)


def _beside(report: SolveReport, merit: float, least: float, scale: float) -> SolveReport:
    gap = _gap(least, merit, scale)
    status = "optimal" if gap <= GAP else "feasible"
    return replace(report, status=status, objective=merit, bound=max(least, merit), gap=gap)
