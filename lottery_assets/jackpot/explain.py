"""Why this jackpot: what each binding rule costs, how far inputs may move before the answer does, and a sentence for people.

A rule's price comes from the relaxed program's duals and is confirmed by deciding again with a little relief; where the two disagree,
steps of the jackpot matter more than the slope, and what deciding again earned is the price.
"""

from dataclasses import dataclass, replace

import numpy as np

from lottery_assets.jackpot.ahead import Outlook, tolerance
from lottery_assets.jackpot.catalogue import phrase
from lottery_assets.jackpot.changes import with_cash, with_changed
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import RuleResult, feasible
from lottery_assets.jackpot.planning import best_merit, replanned
from lottery_assets.jackpot.prices import dual_price

INPUTS = ("demand", "price", "odds", "cash", "floor")
FURTHEST = 0.10
"""How far an input is moved either way."""
HALVINGS = 2
RATIO_RELIEF = 0.001
"""By how much the ratio's rules are relieved to see what that earns, a fraction of sales."""
NEAR = 2.0
"""A rule is looked at if some planned week is within so many reliefs of its limit."""
AGREED = 0.1
"""Relative difference of both prices up to which the dual is confirmed."""


@dataclass(frozen=True)
class Unmoved:
    """The answer stays the same while the input lies between `low` and `high` times what it is; looked at up to 10 % either way."""

    input: str
    low: float
    high: float


@dataclass(frozen=True)
class Price:
    """What a unit of relief earns, in millions: by the relaxed program's `dual` (None where there is none), and by deciding `again`."""

    rule: str
    unit: str
    relief: float
    dual: float | None
    again: float

    @property
    def published(self) -> float:
        """The dual where deciding again confirms it."""
        confirmed = self.dual is not None and abs(self.dual - self.again) <= AGREED * max(self.dual, self.again)
        return self.dual if confirmed and self.dual is not None else self.again


@dataclass(frozen=True)
class Reasons:
    """`one_week_jackpot`: what a plan of the coming week alone would announce."""

    sentence: str
    one_week_jackpot: float
    unmoved: tuple[Unmoved, ...]
    prices: tuple[Price, ...]
    rules: tuple[RuleResult, ...]


def explain(horizon: Horizon, outlook: Outlook, currency: str) -> Reasons:
    """The reasons of a decision."""
    net = np.where(feasible(horizon.first), horizon.first.expected_net_revenue, -np.inf)
    one_week = float(horizon.jackpots[int(np.argmax(net))])
    prices = {
        rule.rule: price for rule in outlook.decision.rules if (price := _price(horizon, outlook, rule)) is not None
    }
    rules = tuple(_judged(horizon, outlook, rule, prices.get(rule.rule)) for rule in outlook.decision.rules)
    unmoved = tuple(_unmoved(horizon, outlook, name) for name in INPUTS)
    sentence = _sentence(horizon, outlook, rules, one_week, currency)
    return Reasons(sentence, one_week, unmoved, tuple(prices.values()), rules)


def _judged(horizon: Horizon, outlook: Outlook, rule: RuleResult, price: Price | None) -> RuleResult:
    """In a plan a rule binds if relief of it, in whatever week, earns more; one week says so by itself."""
    if price is not None:
        return rule.model_copy(update={"binding": True, "price": price.published})
    if horizon.weeks == 1:
        return rule
    binding = rule.rule == "jackpot_range" and _at_its_end(horizon, outlook)
    binding |= (
        rule.rule == "no_fall_unless_won" and rule.slack <= tolerance(rule.limit) and _would_fall(horizon, outlook)
    )
    return rule.model_copy(update={"binding": binding})


def _at_its_end(horizon: Horizon, outlook: Outlook) -> bool:
    """The range binds where the coming week stands at one of its ends and would earn less one place inwards."""
    place, last = int(outlook.path[0]), len(horizon.jackpots) - 1
    if place not in (0, last) or last == 0:
        return False
    net = horizon.first.expected_net_revenue
    return bool(net[place] > net[1 if place == 0 else last - 1])


def _would_fall(horizon: Horizon, outlook: Outlook) -> bool:
    """Whether the coming week would be announced lower if it might."""
    free = replace(horizon, first=replace(horizon.first, won_last_week=True))
    return _again(free, outlook) < int(outlook.path[0])


def _price(horizon: Horizon, outlook: Outlook, rule: RuleResult) -> Price | None:
    """None where the rule cannot be relieved by a number, is far from its limit in every week, or would earn nothing."""
    relieved, relief = _relieved(horizon, rule.rule)
    if relieved is None or (horizon.weeks == 1 and not rule.binding):
        return None
    least = min((one.slack for week in outlook.rules for one in week if one.rule == rule.rule), default=rule.slack)
    owed = outlook.plan is not None and outlook.plan.prices.get(f"{rule.rule}_end", 0.0) > 0
    if least > NEAR * relief and not owed:
        return None
    before = _merit(horizon, outlook) if outlook.plan is None else outlook.plan.merit
    gain = _merit(relieved, outlook) - before
    if gain <= 1e3 * tolerance(before):
        return None
    dual = dual_price(horizon, outlook.plan, rule.rule) if outlook.plan else None
    return Price(rule.rule, rule.unit, relief, dual, float(gain / relief))


def _relieved(horizon: Horizon, rule: str) -> tuple[Horizon | None, float]:
    """The same weeks with a rule a little looser, and by how much; None where it cannot be loosened by a number."""
    p = horizon.first
    step = p.step
    changes: dict[str, float] = {}
    relief = step
    match rule:
        case "payout_ratio_floor":
            changes, relief = {"min_payout_ratio_12m": p.min_payout_ratio_12m - RATIO_RELIEF}, RATIO_RELIEF
        case "payout_ratio_ceiling" if p.max_payout_ratio_12m is not None:
            changes, relief = {"max_payout_ratio_12m": p.max_payout_ratio_12m + RATIO_RELIEF}, RATIO_RELIEF
        case "cash_cover" | "cash_at_risk":
            return (with_cash(horizon, p.available_cash + step), step) if step else (None, 0.0)
        case "step_up" if p.max_step_up is not None:
            changes = {"max_step_up": p.max_step_up + step}
        case "step_down" if p.max_step_down is not None:
            changes = {"max_step_down": p.max_step_down + step}
    if not changes or not relief:
        return None, 0.0
    return replace(horizon, first=replace(p, **changes)), relief  # type: ignore[arg-type]


def _again(horizon: Horizon, outlook: Outlook) -> int:
    """Place of the coming week's jackpot, decided anew near the plan there is; -1 where nothing is feasible."""
    allowed = feasible(horizon.first)
    if not allowed.any():
        return -1
    if outlook.plan is None:
        return int(np.argmax(np.where(allowed, horizon.first.expected_net_revenue, -np.inf)))
    return replanned(horizon, allowed, outlook.plan)


def _merit(horizon: Horizon, outlook: Outlook) -> float:
    """What the best plan is worth where a rule is relieved [millions]."""
    allowed = feasible(horizon.first)
    if outlook.plan is None:
        return float(horizon.first.expected_net_revenue[allowed].max())
    return best_merit(horizon, allowed, outlook.plan)


def _unmoved(horizon: Horizon, outlook: Outlook, name: str) -> Unmoved:
    ends = []
    for sign in (-1.0, 1.0):
        same, other = 0.0, FURTHEST
        if _stays(horizon, outlook, name, sign * FURTHEST):
            same = FURTHEST
        else:
            for _ in range(HALVINGS):
                middle = (same + other) / 2
                if _stays(horizon, outlook, name, sign * middle):
                    same = middle
                else:
                    other = middle
        ends.append(1 + sign * same)
    return Unmoved(name, ends[0], ends[1])


def _stays(horizon: Horizon, outlook: Outlook, name: str, change: float) -> bool:
    return _again(with_changed(horizon, name, 1 + change), outlook) == int(outlook.path[0])


def _sentence(horizon: Horizon, outlook: Outlook, rules: tuple[RuleResult, ...], one_week: float, currency: str) -> str:
    decision = outlook.decision
    weeks = "next week" if horizon.weeks == 1 else f"the next {horizon.weeks} weeks"
    said = f"{currency} {decision.jackpot:.10g} million earns the most over {weeks}"
    binding = [phrase(rule.rule) for rule in rules if rule.binding]
    said += (
        f" that {' and '.join(binding)} allow{'s' if len(binding) == 1 else ''}"
        if binding
        else "; no rule stands in the way"
    )
    if decision.runners_up:
        place, loss = decision.runners_up[0]
        sales = float(horizon.first.expected_sales[decision.index])
        said += f"; the next best, {horizon.jackpots[place]:.10g} million, {would_lose(loss, sales, bool(outlook.broken_ahead))}"
    if horizon.weeks > 1 and one_week != decision.jackpot:
        said += f"; a view of one week would announce {one_week:.10g} million"
    return said + "."


def would_lose(loss: float, sales: float, breaks_ahead: bool) -> str:
    """What another jackpot loses over the plan, in words; below zero: beside an experiment.

    `sales`: of the week, millions; `breaks_ahead`: a rule cannot be kept in later weeks.
    A plan is charged many weeks' sales for a broken rule (`appraisal`): such a loss is no revenue, and is not told as if it were.
    """
    if breaks_ahead:
        return "would break rules of later weeks further, or earn less"
    if loss > sales:
        return "would break a rule of a later week"
    digits = np.format_float_positional(abs(loss), precision=3, unique=False, fractional=False, trim="-")
    amount = f"{abs(loss):,.0f}" if abs(loss) >= 1000 else digits
    return f"would earn {amount} million {'less' if loss >= 0 else 'more'}"
