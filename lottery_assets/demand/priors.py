"""What other countries teach before a country's own weeks do: prior means and spreads of the coefficients, pooled.

`priors.json` holds what each country at hand has learnt, made by `lottery priors`. A country borrows from the others in it, never
from itself, so its run depends on no other country's run and its back-test on none of its own future. Pooling is empirical Bayes
with a random effect between countries (DerSimonian and Laird 1986).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

import numpy as np

from lottery_assets.demand.design import Term

CALENDAR = ("payday", "year_end", "before_year_end", "holiday", "holiday_next", "holiday_previous")
POOLED = ("x", "log_price", "log_draws", "halo", "won_before", *CALENDAR)
"""Terms that countries share. Curvature, memory, special draws and the path of a week are each game's own: where they were
pooled, a market with constant elasticity was believed to bend, and short histories were forecast worse."""
LEAST = 0.8
"""A pooled prior is at least this wide, as a share of what is believed without other countries: they are few."""

Estimates = Mapping[str, Mapping[str, tuple[float, float]]]
"""country -> term -> mean and standard deviation."""


@cache
def shipped() -> Estimates:
    """The document in the package."""
    text = resources.files("lottery_assets.demand").joinpath("priors.json").read_text(encoding="utf-8")
    return {
        country: {term: (mean, sd) for term, (mean, sd) in found.items()} for country, found in json.loads(text).items()
    }


def borrow(terms: Sequence[Term], country: str | None, estimates: Estimates) -> list[Term]:
    """The terms with what the other countries teach of them."""
    others = [found for name, found in estimates.items() if name != country]
    return [_borrowed(term, [found[term.name] for found in others if term.name in found]) for term in terms]


def document(estimates: Mapping[str, Iterable[tuple[str, float, float]]]) -> str:
    """`priors.json` of countries' coefficients (name, mean, standard deviation), rounded to what they are sure of."""
    shared = {
        country: {name: [round(mean, 4), round(sd, 4)] for name, mean, sd in found if name in POOLED}
        for country, found in sorted(estimates.items())
    }
    rows = ",\n".join(f" {json.dumps(country)}: {json.dumps(found)}" for country, found in shared.items())
    return "{\n" + rows + "\n}\n"


def pool(means: np.ndarray, sds: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of a new country's coefficient, from those of others [n]."""
    weights = 1 / sds**2
    centre = (weights @ means) / weights.sum()
    spread = weights @ (means - centre) ** 2 - (len(means) - 1)
    between = max(0.0, spread / (weights.sum() - (weights**2).sum() / weights.sum())) if len(means) > 1 else 0.0
    weights = 1 / (sds**2 + between)
    return float((weights @ means) / weights.sum()), float(np.sqrt(between + 1 / weights.sum()))


def _borrowed(term: Term, found: Sequence[tuple[float, float]]) -> Term:
    if len(found) < 2 or term.name not in POOLED:
        return term
    mean, sd = pool(*np.array([*found, (term.mean, term.sd)]).T)
    return replace(term, mean=mean, sd=float(np.clip(sd, LEAST * term.sd, term.sd)))
