"""The decision over many weeks: the plan, checked apart, and told with its runners-up. One week is decided as one week."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from lottery_assets.complaints import Caution
from lottery_assets.jackpot import planning
from lottery_assets.jackpot.bounds import GAP
from lottery_assets.jackpot.chain import likeliest
from lottery_assets.jackpot.check import verified
from lottery_assets.jackpot.decide import Decision, VerificationFailed, decide
from lottery_assets.jackpot.diagnose import NoRecommendation, NotDecided, diagnose
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import TOLERANCE, RuleResult, feasible
from lottery_assets.jackpot.planning import Plan
from lottery_assets.jackpot.policy import Decided
from lottery_assets.jackpot.recovery import recovery
from lottery_assets.jackpot.search import improve


@dataclass(frozen=True, eq=False)
class Outlook:
    """The coming week's decision and the plan it belongs to. `path` [H]: places on the grid; `net`, `ratio` [H] in expectation.

    `plan` is None for a horizon of one week.
    """

    decision: Decision
    path: np.ndarray
    net: np.ndarray
    ratio: np.ndarray
    rules: tuple[tuple[RuleResult, ...], ...] = ()
    """Of every planned week, the coming one first."""
    plan: Plan | None = None
    after_win: tuple[tuple[int | None, int | None], ...] = ()
    """What each week announces after no win and after a win, places; None where the plan is blind to wins, and in the coming week."""

    @property
    def broken_ahead(self) -> tuple[tuple[int, RuleResult], ...]:
        """Weeks after the coming one, by number, with a rule that the plan does not keep."""
        return tuple((week, rule) for week, rules in enumerate(self.rules) for rule in rules if week and not rule.holds)


def decide_ahead(horizon: Horizon, only: np.ndarray | None = None) -> Outlook:
    """The best plan's first week. Raises NoRecommendation with a recovery plan, NotDecided, SolverFailed, or VerificationFailed.

    `only` [G]: jackpots left for the coming week by somebody beyond this country's own rules.
    """
    if only is not None:
        horizon = replace(horizon, first=replace(horizon.first, offered=only))
    allowed = feasible(horizon.first)
    if not allowed.any():
        raise NoRecommendation(replace(diagnose(horizon.first), way_out=partial(recovery, horizon)))
    if horizon.weeks == 1:
        decision = decide(horizon.first)
        return replace(_outlook(horizon, decision, np.array([decision.index])), rules=(decision.rules,))
    plan = planning.best_plan(horizon, allowed)
    weeks = verified(horizon, plan)
    broken = [rule for rule in weeks[0] if not rule.holds]
    if [rule.rule for rule in broken] == ["cash_at_risk"]:
        raise NoRecommendation(replace(diagnose(horizon.first, ahead=broken[0]), way_out=partial(recovery, horizon)))
    if broken:
        jackpot = horizon.jackpots[plan.path[0]]
        raise VerificationFailed(f"jackpot {jackpot:.10g} million breaks {', '.join(rule.rule for rule in broken)}")
    outlook = replace(
        _outlook(horizon, _decision(horizon, plan, weeks[0]), plan.path, plan.decided), rules=weeks, plan=plan
    )
    if plan.report.gap > horizon.most_gap and not outlook.broken_ahead:
        raise NotDecided(outlook.decision.jackpot, plan.report.gap, horizon.most_gap)
    return outlook


def _decision(horizon: Horizon, plan: Plan, rules: tuple[RuleResult, ...]) -> Decision:
    index = int(plan.path[0])
    others = sorted(plan.others.items(), key=lambda other: (-other[1], other[0]))
    losses = tuple((place, max(plan.merit - merit, 0.0)) for place, merit in others)
    return Decision(index, float(horizon.jackpots[index]), rules, plan.report, losses)


def _outlook(horizon: Horizon, decision: Decision, path: np.ndarray, decided: Decided | None = None) -> Outlook:
    course = horizon.course(path[None, :]) if decided is None else decided.prospect.course
    prizes, sales = horizon.over_52_weeks(course)
    weeks = slice(0, horizon.weeks)
    after: list[tuple[int | None, int | None]] = [(None, None)] * horizon.weeks
    if decided is not None:
        after[1:] = [(int(kept), int(won)) for kept, won in likeliest(horizon, decided.policy)[1][1:]]
    return Outlook(decision, path, course.net[0, weeks], (prizes / sales)[0, weeks], after_win=tuple(after))


def worth(horizon: Horizon, outlook: Outlook) -> np.ndarray:
    """Merit of the best plan found that begins with each jackpot, [G], millions; -inf where the coming week's rules forbid it.

    Along the grid each jackpot's plan starts from its neighbour's.
    """
    allowed = feasible(horizon.first)
    if outlook.plan is None:
        return np.where(allowed, horizon.first.expected_net_revenue, -np.inf)
    if outlook.plan.decided is not None:
        return np.where(allowed, outlook.plan.merit - np.maximum(outlook.plan.decided.losses, 0.0), -np.inf)
    found = np.full(len(allowed), -np.inf)
    for places in (range(outlook.path[0], -1, -1), range(outlook.path[0], len(allowed))):
        rest = outlook.path[1:]
        for place in places:
            if allowed[place]:
                path, found[place] = improve(horizon, np.r_[place, rest], allowed, outlook.plan.risk, fixed=True)
                rest = path[1:]
    return found


def cautions(horizon: Horizon, outlook: Outlook) -> list[Caution]:
    """What people should know of the plan."""
    found = []
    gap = outlook.decision.report.gap
    if gap > GAP:
        found.append(
            Caution(
                code="plan_gap",
                message=f"the plan is proven to within {gap:.2%} of the best: another might earn that much more over its weeks",
            )
        )
    for week, rule in outlook.broken_ahead[:3]:
        found.append(
            Caution(
                code="rule_breaks_ahead",
                message=f"this week keeps every rule, but the best plan found breaks {rule.rule} in the week of {horizon.week_starts[week]}: "
                f"expected {rule.value:.4g} against a limit of {rule.limit:.4g} {rule.unit}",
            )
        )
    return found


def tolerance(value: float) -> float:
    """What counts as rounding beside a value [millions]."""
    return TOLERANCE * max(abs(value), 1.0)
