"""A jackpot that people chose, judged as the recommended one was: every rule by the independent check, and what it is worth beside it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lottery_assets import jackpot as room
from lottery_assets import sales
from lottery_assets.jackpot import Recommendation
from lottery_assets.jackpot.plan import TOLERANCE, RuleResult, verify
from lottery_assets.jackpot.risk import Futures, cash_of_the_worst
from lottery_assets.weekly import Case

POOLED = "treasury_cover"
"""The rule that is decided over several countries at once."""
SAME = 1e-6
"""Relative difference up to which a figure counts as the recorded one."""
CURVES = 200
"""Possible demand curves behind a band, in pairs that mirror each other."""


class NotReproduced(Exception):
    """These inputs do not give what was recorded; the message names the first figure that differs."""


@dataclass(frozen=True)
class Chosen:
    """Millions. `difference`: expected net revenue less that of the recommended jackpot; `band_80`: over what the curve may be; None
    where nothing was recommended.
    """

    jackpot: float
    rules: tuple[RuleResult, ...]
    broken: tuple[str, ...]
    expected_net_revenue: float
    difference: float | None = None
    band_80: tuple[float, float] | None = None


def chosen(case: Case, recommended: Recommendation, jackpot: float) -> Chosen:
    """The jackpot [millions] in the week of the recommendation, whose inputs `case` holds.

    Raises NotReproduced where the case does not give the recorded figures at the recommended jackpot.
    """
    plan = [week.jackpot for week in recommended.plan]
    horizon = _horizon(case, [jackpot, *plan])
    _compare(recommended, _rules(case, horizon, plan, recommended.jackpot))
    rules = _rules(case, horizon, plan, jackpot)
    broken = [rule.rule for rule in rules if not rule.holds]
    if jackpot > recommended.jackpot and any(rule.rule == POOLED for rule in recommended.rules):
        broken.append(POOLED)
    expected, difference, band = _worth(case, recommended, jackpot)
    return Chosen(jackpot, rules, tuple(broken), expected, difference, band)


def chosen_alone(case: Case, jackpot: float, plan: Sequence[float], shared: bool) -> Chosen:
    """The jackpot [millions] in a week for which nothing was recommended; `plan`: what may be announced in it and after it, where that is
    known; `shared`: the cash is a treasury's, and what it covers is not known.
    """
    horizon = _horizon(case, [jackpot, *plan])
    rules = _rules(case, horizon, plan, jackpot)
    broken = [rule.rule for rule in rules if not rule.holds]
    week = sales.planned(case.weekly).iloc[0]
    tickets = case.model.tickets(np.array([jackpot]), case.table)
    expected = float(room.money(case.config, week, np.array([jackpot]), tickets.draws).net_revenue[0])
    return Chosen(jackpot, rules, (*broken, *([POOLED] if shared else [])), expected)


def _horizon(case: Case, jackpots: Sequence[float]) -> room.Horizon:
    """All planned weeks on a grid that also holds these jackpots."""
    grid = np.union1d(case.config.jackpots, jackpots)
    grid = grid[np.append(True, np.diff(grid) > TOLERANCE * grid[1:])]
    tickets = [case.model.tickets(grid, case.table, week) for week in range(case.config.horizon_weeks)]
    return room.horizon(case.config, case.weekly, tickets, case.model.habit(case.table), case.model.lasting_share())


def _rules(case: Case, horizon: room.Horizon, plan: Sequence[float], jackpot: float) -> tuple[RuleResult, ...]:
    """Every rule of the coming week, `cash_at_risk` over the plan whose first jackpot gives way to this one; none of them binds."""
    found = {rule.rule: rule for rule in verify(horizon.first, _place(horizon, jackpot))}
    found["jackpot_range"] = _admissible(case, found["jackpot_range"])
    if horizon.weeks > 1 and plan:
        left, buffer = _cash_over_the_plan(horizon, plan, jackpot), horizon.first.safety_buffer
        holds = left - buffer >= -TOLERANCE * max(buffer, 1.0)
        ahead = {"value": left, "slack": left - buffer, "holds": holds}
        found["cash_at_risk"] = found["cash_at_risk"].model_copy(update=ahead)
    return tuple(rule.model_copy(update={"binding": False}) for rule in found.values())


def _admissible(case: Case, within: RuleResult) -> RuleResult:
    """The rule of the range also asks for a step of the grid."""
    jackpots, jackpot = case.config.jackpots, within.value
    nearest = float(jackpots[np.argmin(np.abs(jackpots - jackpot))])
    off = abs(nearest - jackpot)
    if not within.holds or off <= TOLERANCE * max(nearest, 1.0):
        return within
    return within.model_copy(update={"holds": False, "limit": nearest, "slack": -off})


def _cash_over_the_plan(horizon: room.Horizon, plan: Sequence[float], jackpot: float) -> float:
    """Mean cash of the worst futures where this jackpot is announced and then the plan goes on.

    Where jackpots may not fall unless won, the plan looks at wins; the path that never falls needs at least as much cash.
    """
    path = np.array([jackpot, *plan[1:]])
    if horizon.first.no_fall_unless_won:
        path = np.maximum.accumulate(path)
    places = np.array([_place(horizon, its) for its in path])
    return float(cash_of_the_worst(horizon, places[None, :], Futures.drawn(horizon))[0])


def _compare(recommended: Recommendation, now: tuple[RuleResult, ...]) -> None:
    recorded = {rule.rule: rule for rule in recommended.rules if rule.rule != POOLED}
    if {rule.rule for rule in now} != recorded.keys():
        raise NotReproduced(f"the rules were {', '.join(recorded)}, and are {', '.join(rule.rule for rule in now)}")
    blind = any(week.if_won is not None for week in recommended.plan)
    for rule in now:
        was = recorded[rule.rule]
        for name, before, after in (("value", was.value, rule.value), ("limit", was.limit, rule.limit)):
            if blind and rule.rule == "cash_at_risk" and name == "value":
                continue  # a policy's worst futures are not those of a path
            if not np.isclose(before, after, rtol=SAME, atol=SAME):
                raise NotReproduced(f"the {name} of {rule.rule} was {before:.10g}, and is {after:.10g}")


def _worth(case: Case, recommended: Recommendation, jackpot: float) -> tuple[float, float, tuple[float, float]]:
    """Expected net revenue of the week, its difference to the recommended jackpot's, and that one's 80 % band."""
    pair = np.unique([recommended.jackpot, jackpot])
    at = [int(np.argmin(np.abs(pair - its))) for its in (jackpot, recommended.jackpot)]
    week = sales.planned(case.weekly).iloc[0]
    expected = room.money(case.config, week, pair, case.model.tickets(pair, case.table).draws).net_revenue[at]
    was = recommended.expected_net_revenue
    if not np.isclose(expected[1], was, rtol=SAME, atol=SAME):
        raise NotReproduced(f"expected net revenue was {was:.10g}, and is {expected[1]:.10g}")
    unknown = _doubts(case.config.country_name, len(case.model.coefficients) + 1)
    possible = room.money(case.config, week, pair, case.model.possible_tickets(pair, case.table, unknown)).net_revenue
    low, high = np.quantile(possible[:, at] @ [1.0, -1.0], [0.1, 0.9])
    return float(expected[0]), float(expected[0] - expected[1]), (float(low), float(high))


def _doubts(country: str, coefficients: int) -> np.ndarray:
    """Standard normal [CURVES, coefficients], the same for every decision about a country."""
    half = np.random.default_rng(zlib.crc32(country.encode())).standard_normal((CURVES // 2, coefficients))
    return np.concatenate([half, -half])


def _place(horizon: room.Horizon, jackpot: float) -> int:
    return int(np.argmin(np.abs(horizon.jackpots - jackpot)))
