"""Several countries, one treasury: the jackpots that together earn most while the pool's rule holds.

If the countries' own choices keep the rule together they stand. Otherwise a program chooses: one binary a country and jackpot. That
the rule looks at the worst futures makes it curved; it is stated by rows that hold for every choice, each made from the choice
that showed it to be missing (cutting planes, Kelley 1960). What comes out is checked apart in `pool`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from lottery_assets.jackpot.decide import VerificationFailed
from lottery_assets.jackpot.diagnose import Diagnosis, Miss, NoRecommendation
from lottery_assets.jackpot.plan import TOLERANCE, RuleResult
from lottery_assets.jackpot.solve import Infeasible, SolveReport, SolverFailed, solve
from lottery_assets.jackpot.treasury.pool import RULE, Pool, keeps, verify
from lottery_assets.jackpot.treasury.worst_futures import paid, row_of_the_worst

ROUNDS, MOST_ROUNDS = 6, 60
"""Choices of the program that are looked at before a small gap will do, and before any allowed one has to."""
GAP, SMALL_GAP, MOST_GAP = 1e-6, 2e-4, 1e-2
"""Relative gaps: rounding; small beside what sales are uncertain; above which nothing is announced."""
PATIENCE, STILL = 10, 1e-6
"""The relaxed program is tight enough when so many rows have lowered its bound by no more than this part of it."""
MORE_CASH = 0.01
"""By how much the pool's cash is raised to see what that earns."""

Worths = Sequence[np.ndarray]
"""Of each member: merit of the best plan that begins with each jackpot, [G], local millions; -inf where its rules forbid it."""


@dataclass(frozen=True, eq=False)
class Joint:
    """One jackpot a member. `gave_up`: over the plan, local millions; `report`: None where the countries' own choices stand.

    `worths`: what each member's jackpots are worth to it, None where nobody had to know.
    """

    places: tuple[int, ...]
    rule: RuleResult
    gave_up: tuple[float, ...]
    report: SolveReport | None = None
    worths: Worths | None = None


def decide_together(pool: Pool, worths: Callable[[], Worths]) -> Joint:
    """The members' jackpots. `worths` is asked only where their own choices break the pool's rule.

    Raises NoRecommendation where no choice keeps it, SolverFailed, or VerificationFailed where program and check disagree.
    """
    if keeps(pool, pool.own):
        return Joint(pool.own, verify(pool, pool.own), (0.0,) * len(pool.members))
    values = [np.minimum(worth, worth[member.own]) for worth, member in zip(worths(), pool.members, strict=True)]
    places, report = _solved(pool, values)
    confirm(pool, places, values, report)
    lost = tuple(float(value[m.own] - value[g]) for value, m, g in zip(values, pool.members, places, strict=True))
    rule = verify(pool, places, binding=True, price=_price(pool, values, report.objective))
    return Joint(places, rule, lost, report, values)


def confirm(pool: Pool, places: Sequence[int], worths: Worths, report: SolveReport) -> None:
    """Holds the solver's choice against the rule and the value computed apart. Raises VerificationFailed."""
    if not keeps(pool, places):
        rule = verify(pool, places)
        raise VerificationFailed(f"the pool's jackpots miss {RULE} by {-rule.slack:.6g} {rule.unit}")
    value = _value(pool, places, worths)
    if not np.isfinite(value):
        raise VerificationFailed("the pool's jackpots break a rule of their own country")
    if abs(value - report.objective) > 1e-6 * max(abs(value), 1.0):
        raise VerificationFailed(f"the pool's jackpots are worth {value:.9g}, the solver says {report.objective:.9g}")


def _value(pool: Pool, places: Sequence[int], worths: Worths) -> float:
    chosen = zip(pool.members, places, worths, strict=True)
    return float(sum(member.rate * worth[place] for member, place, worth in chosen))


def _price(pool: Pool, worths: Worths, value: float) -> float | None:
    """What a million more in the pool would earn, by deciding again with a little more; None where it would earn nothing."""
    more = MORE_CASH * pool.available_cash
    richer = replace(pool, available_cash=pool.available_cash + more)
    reached = _value(pool, pool.own, worths) if keeps(richer, pool.own) else _solved(richer, worths)[1].objective
    gain = reached - value
    return gain / more if more > 0 and gain > 1e3 * TOLERANCE * max(abs(value), 1.0) else None


def _solved(pool: Pool, worths: Worths) -> tuple[tuple[int, ...], SolveReport]:
    """Rows are added to the relaxed program while they tighten it; then to the program itself, for every choice it makes that breaks
    the rule. Each such choice, mended, is an answer; what cannot be better than the best of them is closed.
    """
    m, best = build(pool, worths), None
    try:
        rows, prices = _relaxed(m, pool)
        best = _mended(pool, worths, _chosen(m))
        for tried in range(MOST_ROUNDS):
            _close(m, pool, worths, rows, prices, _value(pool, best, worths) if best else -np.inf)
            report = solve(m, gap=GAP)
            places = _chosen(m)
            if keeps(pool, places):
                return places, report
            best = _better(pool, worths, best, _mended(pool, worths, places))
            if best and tried >= ROUNDS and _gap(pool, worths, best, report) <= SMALL_GAP:
                break
            row = row_of_the_worst(pool, _certain(places))
            if pool.within(paid(row, _certain(places))):
                row = row_of_the_worst(pool, _certain(places), sharp=True)
            cover(m, pool, row)
    except Infeasible:
        if best is not None or keeps(pool, _lowest(worths)):
            raise VerificationFailed("the solver calls infeasible what the independent check allows") from None
        raise NoRecommendation(_diagnosis(pool, worths)) from None
    if best is None or (gap := _gap(pool, worths, best, report)) > MOST_GAP:
        raise SolverFailed(f"{RULE}: no choice within {MOST_GAP:.0%} of the best was proven; nothing is announced")
    return best, replace(report, status="round limit", objective=_value(pool, best, worths), gap=gap)


def _gap(pool: Pool, worths: Worths, places: Sequence[int], report: SolveReport) -> float:
    """How much better than a choice any could be, relative to it."""
    value = _value(pool, places, worths)
    return (report.bound - value) / max(abs(value), 1e-9)


def _relaxed(m: pyo.ConcreteModel, pool: Pool) -> tuple[list[list[np.ndarray]], np.ndarray]:
    """The rows of the relaxed program that bind, and what a million of room is worth in each."""
    rows: list[list[np.ndarray]] = []
    bounds: list[float] = []
    while True:
        report = solve(m, relaxed=True)
        bounds.append(report.bound)
        shares = [{g: v.value for g, v in its.items() if v.value > 1e-9} for its in m.choice]
        row = row_of_the_worst(pool, shares)
        still = len(bounds) > PATIENCE and bounds[-PATIENCE] - bounds[-1] <= STILL * max(abs(bounds[-1]), 1.0)
        if pool.within(paid(row, shares)) or still:
            break
        rows.append(row)
        cover(m, pool, row)
    prices = np.array([abs(report.duals[f"treasury_cover[{n + 1}]"]) for n in range(len(rows))])
    for n in np.flatnonzero(prices == 0):
        m.treasury_cover[n + 1].deactivate()
    return rows, prices


def _chosen(m: pyo.ConcreteModel) -> tuple[int, ...]:
    """Of each country the place with the largest share."""
    return tuple(max(its, key=lambda g: (its[g].value, -g)) for its in m.choice)


def _certain(places: Sequence[int]) -> list[dict[int, float]]:
    return [{place: 1.0} for place in places]


def _mended(pool: Pool, worths: Worths, places: Sequence[int]) -> tuple[int, ...] | None:
    """The choice with single steps down, the cheapest for what it relieves first, until the rule holds; None where it never does."""
    mended = list(places)
    while not keeps(pool, mended):
        row = row_of_the_worst(pool, _certain(mended))
        cheapest, step = np.inf, None
        for i, (member, worth) in enumerate(zip(pool.members, worths, strict=True)):
            below = np.flatnonzero(np.isfinite(worth[: mended[i]]))
            if len(below):
                relief = row[i][mended[i]] - row[i][below[-1]]
                loss = member.rate * (worth[mended[i]] - worth[below[-1]])
                cost = loss / relief if relief > 0 else np.inf
                if step is None or cost < cheapest:
                    cheapest, step = cost, (i, int(below[-1]))
        if step is None:
            return None
        mended[step[0]] = step[1]
    return tuple(mended)


def _better(
    pool: Pool, worths: Worths, one: tuple[int, ...] | None, other: tuple[int, ...] | None
) -> tuple[int, ...] | None:
    if one is None or other is None:
        return one or other
    return other if _value(pool, other, worths) > _value(pool, one, worths) else one


def _close(
    m: pyo.ConcreteModel,
    pool: Pool,
    worths: Worths,
    rows: Sequence[Sequence[np.ndarray]],
    prices: np.ndarray,
    reached: float,
) -> None:
    """Closes jackpots with which nothing better than `reached` can be had: by the bound that prices on the rows give (Lagrange)."""
    net = [member.rate * worth for member, worth in zip(pool.members, worths, strict=True)]
    for price, row in zip(prices, rows, strict=True):
        net = [values - price * its for values, its in zip(net, row, strict=True)]
    bound = float(prices.sum() * pool.room + sum(values.max() for values in net))
    for values, its in zip(net, m.choice, strict=True):
        for g, variable in its.items():
            if bound - (values.max() - values[g]) < reached - 1e-7 * max(abs(reached), 1.0):
                variable.setub(0)


def build(pool: Pool, worths: Worths) -> pyo.ConcreteModel:
    """Exactly one jackpot a country, highest worth together; the pool's rule for each country alone."""
    m = pyo.ConcreteModel("treasury")
    allowed = [np.flatnonzero(np.isfinite(worth)).tolist() for worth in worths]
    m.places = pyo.Set(initialize=[(i, g) for i, some in enumerate(allowed) for g in some], dimen=2)
    m.announce = pyo.Var(m.places, domain=pyo.Binary, doc="1 for the jackpot that the country announces")
    m.choice = [{g: m.announce[i, g] for g in some} for i, some in enumerate(allowed)]
    one_jackpot(m)
    treasury_cover(m, pool)
    gain = [member.rate * worth for member, worth in zip(pool.members, worths, strict=True)]
    m.worth = pyo.Objective(expr=_linear(m, gain), sense=pyo.maximize)
    return m


def one_jackpot(m: pyo.ConcreteModel) -> None:
    """Each country announces exactly one jackpot."""
    m.one_jackpot = pyo.Constraint(
        pyo.RangeSet(0, len(m.choice) - 1), rule=lambda m, i: pyo.quicksum(m.choice[i].values()) == 1
    )


def treasury_cover(m: pyo.ConcreteModel, pool: Pool) -> None:
    """The buffer remains when any one country's jackpot falls; `cover` adds what the worst futures ask [millions]."""
    beyond = [
        [its[g] for g in its if not pool.within(member.amounts[g])]
        for member, its in zip(pool.members, m.choice, strict=True)
    ]
    m.treasury_cover_alone = pyo.ConstraintList(doc=RULE)
    for variables in filter(None, beyond):
        m.treasury_cover_alone.add(pyo.quicksum(variables) <= 0)
    m.treasury_cover = pyo.ConstraintList(doc=RULE)


def cover(m: pyo.ConcreteModel, pool: Pool, row: Sequence[np.ndarray]) -> None:
    """Mean payout [millions] over one set of futures leaves the buffer; `row`: what each jackpot pays there."""
    m.treasury_cover.add(_linear(m, row) <= pool.room)


def _linear(m: pyo.ConcreteModel, values: Sequence[np.ndarray]) -> LinearExpression:
    """The sum of the values [G] that go with each country's jackpot."""
    pairs = [
        (float(value[g]), variable)
        for value, some in zip(values, m.choice, strict=True)
        for g, variable in some.items()
    ]
    return LinearExpression(constant=0, linear_coefs=[c for c, _ in pairs], linear_vars=[v for _, v in pairs])


def _lowest(worths: Worths) -> tuple[int, ...]:
    """Of each country the lowest jackpot that its own rules allow."""
    return tuple(int(np.flatnonzero(np.isfinite(worth))[0]) for worth in worths)


def _diagnosis(pool: Pool, worths: Worths) -> Diagnosis:
    """Why the pool has no answer: by how much its rule is missed where every country is at its lowest allowed jackpot."""
    lowest = _lowest(worths)
    rule = verify(pool, lowest)
    at = ", ".join(
        f"{member.country} at {member.currency} {member.jackpots[g]:.10g} million"
        for member, g in zip(pool.members, lowest, strict=True)
    )
    said = [
        f"{RULE} cannot be met: the pool holds {pool.available_cash:.10g} million {pool.currency} and its buffer is {pool.safety_buffer:.10g}",
        f"with every country at its lowest allowed jackpot ({at}) {RULE} misses by {-rule.slack:.6g} {rule.unit}: mean cash of the "
        f"worst {pool.max_cash_breach:.10g} of futures is {rule.value:.6g}",
    ]
    said += [
        f"{r.country} has no recommendation of its own; its jackpot, {r.currency} {r.jackpot:.10g} million, is reserved: {r.amount:.6g} {rule.unit}"
        for r in pool.reserves
    ]
    together = float(sum(m.rate * m.jackpots[g] for m, g in zip(pool.members, lowest, strict=True)))
    miss = Miss(RULE, rule.value, rule.limit, max(-rule.slack, 0.0), rule.unit)
    return Diagnosis(together, (miss,), ((RULE,),), tuple(said))


def refusal(*sentences: str) -> NoRecommendation:
    """The pool cannot decide at all: not because of its rule, but because it cannot be known what may have to be paid."""
    return NoRecommendation(Diagnosis(0.0, (), (), sentences))
