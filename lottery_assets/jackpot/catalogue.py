"""The rules by name: what configures each, what it is called for people, and what gives before it does.

A rule is one entry here, one function in `program`, one line in `plan`, one golden file in the tests, and its keys of the configuration.
"""

from typing import Literal, NamedTuple

Gives = Literal["cash", "ratio", "steps"]
"""When not every rule can be kept, steps give first, the ratio after them, cash last."""


class Rule(NamedTuple):
    """`keys`: of the configuration; `phrase`: for people."""

    keys: tuple[str, ...]
    gives: Gives
    phrase: str


CATALOGUE: dict[str, Rule] = {
    "jackpot_range": Rule(("min_jackpot", "max_jackpot"), "steps", "the range of jackpots"),
    "payout_ratio_floor": Rule(("min_payout_ratio_12m",), "ratio", "the floor of the 52-week payout ratio"),
    "payout_ratio_ceiling": Rule(("max_payout_ratio_12m",), "ratio", "the ceiling of the 52-week payout ratio"),
    "cash_cover": Rule(("safety_buffer",), "cash", "cash for a jackpot that falls"),
    "cash_at_risk": Rule(("max_cash_breach",), "cash", "cash in the worst futures"),
    "step_up": Rule(("max_step_up",), "steps", "the largest rise in a week"),
    "step_down": Rule(("max_step_down",), "steps", "the largest fall in a week"),
    "no_fall_unless_won": Rule(("no_fall_unless_won",), "steps", "no fall unless the jackpot was won"),
}


def phrase(rule: str) -> str:
    """A rule for people; what is not a rule of one country is called by its name."""
    return CATALOGUE[rule].phrase if rule in CATALOGUE else rule
