"""Rules that the plan is about to come up against: none of them holds the coming week back, one of the next weeks stands at its limit.

Only what a regulator or a treasury limits. Steps and the range of jackpots are met whenever a plan moves: that is no news.
"""

from dataclasses import dataclass
from datetime import date

from lottery_assets.jackpot.ahead import Outlook
from lottery_assets.jackpot.catalogue import CATALOGUE
from lottery_assets.jackpot.explain import RATIO_RELIEF
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import RuleResult

WITHIN = 8
"""Weeks looked at, the coming one among them."""


@dataclass(frozen=True)
class Approach:
    """A rule and the first week in which the plan stands at its limit; `slack` below zero: by so much it is expected to miss it."""

    week_start: date
    expected: RuleResult


def approaching(horizon: Horizon, outlook: Outlook) -> tuple[Approach, ...]:
    """Rules of ratio and cash that the plan meets within `WITHIN` weeks and that the coming week is clear of."""
    coming = {rule.rule: rule for rule in outlook.rules[0]} if outlook.rules else {}
    found: dict[str, Approach] = {}
    for week, rules in enumerate(outlook.rules[:WITHIN]):
        for rule in rules:
            if CATALOGUE[rule.rule].gives == "steps" or rule.rule in found or _at_its_limit(horizon, coming[rule.rule]):
                continue
            if _at_its_limit(horizon, rule):
                found[rule.rule] = Approach(horizon.week_starts[week], rule)
    return tuple(found.values())


def _at_its_limit(horizon: Horizon, rule: RuleResult) -> bool:
    """Within a thousandth of sales, or a step of the jackpot."""
    return rule.slack <= (RATIO_RELIEF if CATALOGUE[rule.rule].gives == "ratio" else horizon.first.step)
