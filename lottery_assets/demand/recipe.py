"""What the model is made of: one recipe for every country. Groups of terms and habits of the regression can be switched off.

Switching off is for measuring what each part is worth (`benchmarks/ablation.py`) and for looking into a game that surprises; the
weekly job uses all of it.
"""

from dataclasses import dataclass, field, replace

import pandas as pd

from lottery_assets.demand.design import Term, terms
from lottery_assets.demand.filtering import DynamicRegression
from lottery_assets.demand.posterior import DRIFTS, MEMBERS
from lottery_assets.demand.priors import Estimates, borrow, shipped

SWITCHES = {
    "curvature": "elasticity that changes with the jackpot",
    "memory": "stocks of past jackpots: habit and fatigue",
    "season": "waves of the year, and their change of the elasticity",
    "paydays": "days from the 25th to the 5th",
    "holidays": "public holidays and the turn of the year",
    "price": "ticket price",
    "draws": "number of draws in the week",
    "special": "special draws",
    "wins": "the weeks after a win",
    "marketing": "marketing spend",
    "path": "jackpots of the other draws of a week",
    "drift": "coefficients and level that change over time, beyond the slowest",
    "breaks": "level and elasticity learnt anew after a break",
    "pooling": "priors from the other countries",
    "averaging": "many speeds of drift averaged, in place of a middling one",
}
"""What can be switched off, and what it is."""


@dataclass(frozen=True)
class Recipe:
    """`without`: names of `SWITCHES`. `estimates`: what other countries teach, by default what the package holds.

    Raises ValueError for an unknown name.
    """

    without: frozenset[str] = frozenset()
    estimates: Estimates = field(default_factory=shipped)

    def __post_init__(self) -> None:
        unknown = sorted(self.without - SWITCHES.keys())
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no part of the recipe; there are {', '.join(SWITCHES)}")

    def terms(self, table: pd.DataFrame) -> list[Term]:
        """The terms for a feature table of one country, with what is believed of them before its own weeks speak."""
        found = [term for term in terms(table.columns) if term.group not in self.without]
        if "pooling" in self.without:
            return found
        country = str(table["country"].iloc[0]) if "country" in table else None
        return borrow(found, country, self.estimates)

    def regression(self, columns: list[Term]) -> DynamicRegression:
        """The estimator, not yet fitted."""
        members = MEMBERS
        if "averaging" in self.without:
            members = DRIFTS[len(DRIFTS) // 2 : len(DRIFTS) // 2 + 1]
        if "drift" in self.without:
            members = tuple(replace(member, level_walk=0.001, slope_walk=0.0, walks=0.0) for member in members[:2])
        return DynamicRegression(
            prior_mean=[term.mean for term in columns],
            prior_sd=[term.sd for term in columns],
            walk=[term.walk for term in columns],
            groups=[term.group for term in columns],
            members=members,
            find_breaks="breaks" not in self.without,
        )


RECIPE = Recipe()
"""What the weekly job uses."""
