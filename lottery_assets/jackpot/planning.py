"""The plan: searched with memory and risk played through, held against a bound that HiGHS proves.

The search (`search`) finds a path on its exact merit. The program (`program`), relaxed and with tables around that path, says how
much better any plan could be (`bounds`); its solution, rounded, is where the search starts once more. Where what is announced next
depends on wins, the plan is a policy (`policy`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lottery_assets.jackpot import search
from lottery_assets.jackpot.appraisal import appraise, rows
from lottery_assets.jackpot.bounds import GAP, Bound, bound
from lottery_assets.jackpot.chain import likeliest
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import TOLERANCE
from lottery_assets.jackpot.policy import Decided, best_policy
from lottery_assets.jackpot.risk import Futures, Risk, cash_of_the_worst
from lottery_assets.jackpot.solve import SolveReport, solver

CERTIFIED_AGAIN = 3
"""Times that a bound with a gap sends the search out once more."""
HINTS = 2
GENTLY = 3.0
"""What a million that a rule lacks counts where paths are only ranked as starts."""
OTHERS, NEIGHBOURS, LEAST = 4, 2, 3
"""Other jackpots of the coming week, the most promising and the nearest, for which the rest is planned anew; at least the three that
are told."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A path [H] of places on the grid, its exact merit, what HiGHS proved, the futures that it was played through in where cash is short.

    `others`: merit of the next best jackpots of the coming week by their place, the rest planned anew.
    """

    path: np.ndarray
    merit: float
    report: SolveReport
    futures: Futures
    risk: Risk | None
    cash_of_the_worst: float
    others: dict[int, float]
    prices: Mapping[str, float]
    """What a million of relief of each row of the program earns."""
    decided: Decided | None = None


def best_plan(horizon: Horizon, allowed: np.ndarray) -> Plan:
    """The best plan whose coming week is one of `allowed` [G], and the next best jackpots for it."""
    futures = Futures.drawn(horizon)
    if horizon.first.no_fall_unless_won:
        return _policy(horizon, allowed, futures)
    path, merit, risk, proof = _best_path(horizon, allowed, futures)
    others = _others(horizon, path, allowed, futures, risk)
    best = max(others, key=lambda place: others[place][1], default=path[0])
    if others and others[best][1] > merit + TOLERANCE * max(abs(merit), 1.0):
        others[int(path[0])], (path, merit) = (path, merit), others[best]
        proof = bound(horizon, path, merit, risk)
    runners_up = {place: value for place, (_, value) in others.items() if place != path[0]}
    at_risk = _at_risk(horizon, path, futures)
    return Plan(path, merit, proof.report, futures, risk, at_risk, runners_up, proof.prices)


def best_merit(horizon: Horizon, allowed: np.ndarray, plan: Plan) -> float:
    """Merit of the best plan for weeks that differ a little from those of `plan`, sought as thoroughly as that was."""
    if plan.decided is not None:
        return best_policy(horizon, allowed, plan.futures).merit
    return _best_path(horizon, allowed, plan.futures, _admitted(plan.path, allowed))[1]


def replanned(horizon: Horizon, allowed: np.ndarray, plan: Plan) -> int:
    """The coming week's place in the best plan near `plan`, for weeks that differ a little from its own."""
    if plan.decided is not None:
        return best_policy(horizon, allowed, plan.futures, plan.decided).policy.first
    risk = Risk(horizon, plan.futures) if plan.risk is not None else None
    return int(_improved(horizon, _admitted(plan.path, allowed), allowed, plan.futures, risk)[0][0])


def _best_path(
    horizon: Horizon, allowed: np.ndarray, futures: Futures, *also: np.ndarray
) -> tuple[np.ndarray, float, Risk | None, Bound]:
    """Path, merit and proof. Cash at risk is weighed where the plan without it runs into it."""
    path, merit = search.search(horizon, allowed, *also)
    risk = Risk(horizon, futures) if _at_risk(horizon, path, futures) < horizon.first.safety_buffer else None
    if risk is not None:
        path, merit = search.search(horizon, allowed, path, *also, risk=risk)
    proof = bound(horizon, path, merit, risk)
    for _ in range(CERTIFIED_AGAIN):
        found, better = _from_hints(horizon, proof.hints, allowed, futures, risk)
        if better <= merit + TOLERANCE * max(abs(merit), 1.0):
            break
        path, merit = found, better
        proof = bound(horizon, path, merit, risk)
    return path, merit, risk, proof


def _improved(
    horizon: Horizon,
    start: np.ndarray,
    allowed: np.ndarray,
    futures: Futures,
    risk: Risk | None,
    fixed: bool = False,
) -> tuple[np.ndarray, float]:
    """The best path near `start` [H]; where cash at risk was not weighed and this path runs into it, it is weighed."""
    path, merit = search.improve(horizon, start, allowed, risk, fixed)
    if risk is None and _at_risk(horizon, path, futures) < horizon.first.safety_buffer:
        return search.improve(horizon, path, allowed, Risk(horizon, futures), fixed)
    return path, merit


def _from_hints(
    horizon: Horizon, hints: Sequence[np.ndarray], allowed: np.ndarray, futures: Futures, risk: Risk | None
) -> tuple[np.ndarray, float]:
    """The best path found from the most promising hints."""
    starts = np.array([_admitted(hint, allowed) for hint in hints])
    weighed = appraise(horizon, starts)
    gently = weighed.net - GENTLY * np.maximum(-weighed.slack, 0.0).sum(axis=1)
    most = HINTS if risk is None else 1  # where futures are played through, every start costs ten times as much
    ranks = [np.argsort(-values, kind="stable")[:most] for values in (search.merit(horizon, starts, risk), gently)]
    which = np.unique(
        starts[np.unique(np.r_[0, *ranks])], axis=0
    )  # the program's own, the best, and those that miss a rule by little
    found = [_improved(horizon, start, allowed, futures, risk) for start in which]
    return max(found, key=lambda pair: pair[1])


def _policy(horizon: Horizon, allowed: np.ndarray, futures: Futures, near: Decided | None = None) -> Plan:
    """Where the next jackpot depends on whether this one falls. With `near`, in haste: no runners-up."""
    decided = best_policy(horizon, allowed, futures, near)
    others = {} if near else _other_policies(horizon, allowed, futures, decided)
    best = max(others, key=lambda place: others[place].merit, default=decided.policy.first)
    if others and _keeps_more(horizon, others[best], decided):
        bound = max(decided.bound, others[best].merit)
        others[decided.policy.first], decided = decided, replace(others[best], bound=bound)
    scale = max(abs(decided.merit), float(np.abs(decided.prospect.course.net.sum())), 1e-9)
    gap = (decided.bound - decided.merit) / scale
    status = "optimal" if gap <= GAP else "feasible"
    report = SolveReport(status, decided.merit, decided.bound, gap, f"dynamic programming, {solver()}", 0.0)
    first, path = decided.policy.first, likeliest(horizon, decided.policy)[0]
    runners_up = {place: other.merit for place, other in others.items() if place != first}
    prices = dict(zip(rows(horizon), decided.prices.tolist(), strict=False))
    return Plan(path, decided.merit, report, futures, None, decided.cash_of_the_worst, runners_up, prices, decided)


def _keeps_more(horizon: Horizon, other: Decided, decided: Decided) -> bool:
    """Whether another policy earns more and keeps cash as well."""
    safe = other.cash_of_the_worst >= min(horizon.first.safety_buffer, decided.cash_of_the_worst)
    return safe and other.merit > decided.merit + TOLERANCE * max(abs(decided.merit), 1.0)


def _other_policies(horizon: Horizon, allowed: np.ndarray, futures: Futures, decided: Decided) -> dict[int, Decided]:
    """The most promising other jackpots of the coming week, the rest planned anew."""
    places = np.flatnonzero(allowed & (np.arange(len(allowed)) != decided.policy.first))
    near = places[np.argsort(np.abs(places - decided.policy.first), kind="stable")[:NEIGHBOURS]]
    promising = places[np.argsort(-decided.value[places], kind="stable")[:LEAST]]
    only = np.eye(len(allowed), dtype=bool)
    return {int(place): best_policy(horizon, only[place], futures) for place in np.union1d(near, promising)}


def _others(
    horizon: Horizon, path: np.ndarray, allowed: np.ndarray, futures: Futures, risk: Risk | None
) -> dict[int, tuple[np.ndarray, float]]:
    """The most promising other jackpots of the coming week, each with its rest planned anew."""
    places = np.flatnonzero(allowed & (np.arange(len(allowed)) != path[0]))
    if not len(places):
        return {}
    paths = np.column_stack([places, np.tile(path[1:], (len(places), 1))])
    near = np.argsort(np.abs(places - path[0]), kind="stable")[:NEIGHBOURS]
    promising = np.argsort(-search.merit(horizon, paths, risk), kind="stable")[: OTHERS if risk is None else LEAST]
    which = np.union1d(near, promising)
    return {int(paths[n, 0]): _improved(horizon, paths[n], allowed, futures, risk, fixed=True) for n in which}


def _at_risk(horizon: Horizon, path: np.ndarray, futures: Futures) -> float:
    return float(cash_of_the_worst(horizon, path[None, :], futures)[0])


def _admitted(path: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The path with its coming week moved to the nearest jackpot that is allowed."""
    places = np.flatnonzero(allowed)
    return np.r_[places[np.argmin(np.abs(places - path[0]))], path[1:]]
