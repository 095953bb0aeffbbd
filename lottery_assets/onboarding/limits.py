"""What the rows of a new country cannot support yet, said before anybody relies on it."""

from collections.abc import Iterator

import numpy as np

from lottery_assets import sales
from lottery_assets.complaints import Caution
from lottery_assets.onboarding.evidence import YEAR, Evidence

TWO_YEARS = 104
NARROW = 1.5
"""Highest over lowest jackpot below which a curve is not seen."""
FEW_FALLS = 5


def limits(its: Evidence) -> list[Caution]:
    """What is missing in rows and columns, then what the demand model says of itself."""
    estimated = {caution.code: caution for caution in sales.cautions(its.weekly)}
    known = [estimated["prizes_estimated"]] if "prizes_estimated" in estimated else []
    return [*_weeks(its), *_jackpots(its), *_falls(its), *known, *its.model.cautions([])]


def _weeks(its: Evidence) -> Iterator[Caution]:
    weeks = len(its.past)
    if weeks < YEAR - 1:
        yield Caution(
            code="ratio_of_part_of_a_year",
            message=f"{weeks} weeks with sales: the 52-week payout ratio is that of these weeks alone until there are {YEAR - 1}",
        )
    if weeks < TWO_YEARS:
        yield Caution(
            code="season_not_seen_twice",
            message=f"{weeks} weeks with sales: what is season and what was chance is not told apart before two years are there",
        )


def _jackpots(its: Evidence) -> Iterator[Caution]:
    low, high = float(its.jackpots.min()), float(its.jackpots.max())
    if high < NARROW * low:
        said = f"only {low:.10g}" if low == high else f"only {low:.10g} to {high:.10g}"
        yield Caution(
            code="jackpots_hardly_varied",
            message=f"jackpots of {said} million were announced: how sales answer to others is not seen; widen min_jackpot and "
            "max_jackpot by hand, and consider max_experiment_step",
        )
    prices = its.past["ticket_price"].to_numpy(float)
    if its.price is None or np.isclose(prices, prices[-1]).all():
        yield Caution(
            code="price_never_changed",
            message="the ticket price is the same in every row, so what another price would sell is borrowed from other countries",
        )


def _falls(its: Evidence) -> Iterator[Caution]:
    if not len(its.draws):
        yield Caution(
            code="falls_unknown", message="jackpot_won is not told: whether the odds are right cannot be looked at"
        )
    elif its.falls < FEW_FALLS:
        yield Caution(
            code="few_falls",
            message=f"the jackpot fell {its.falls} times in {len(its.draws)} weeks: the odds are not tested by that",
        )
