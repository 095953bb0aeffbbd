"""What people should keep in mind about a demand curve: one caution a reason, in a word for machines and a sentence for people."""

from collections.abc import Iterator

import numpy as np

from lottery_assets.complaints import Caution
from lottery_assets.demand.model import SalesModel

FEW_WEEKS = 104
RECENT_DAYS = 364
"""A break is news for a year."""
IDENTIFIED = 0.6
"""The elasticity counts as learnt when its spread fell below this share of what was believed before any data."""
WIDER = 1.5
"""A band that is so many times as wide as at the usual jackpot is worth a word."""


def cautions(model: SalesModel, jackpots: np.ndarray) -> list[Caution]:
    """For the curve at these jackpots [G, millions]."""
    return [
        *_outside(model, jackpots),
        *_wider(model, jackpots),
        *_identified(model),
        *_endogenous(model),
        *_breaks(model),
        *_few(model),
    ]


def _outside(model: SalesModel, jackpots: np.ndarray) -> Iterator[Caution]:
    outside = jackpots[_is_outside(model, jackpots)]
    if outside.size:
        yield Caution(
            code="outside_observed_range",
            message=f"jackpot {_listed(outside)} lies outside {model.lowest_jackpot:g} to {model.highest_jackpot:g} million, the "
            "range learnt from: there the elasticity is taken as constant and the band is wider",
        )


def _wider(model: SalesModel, jackpots: np.ndarray) -> Iterator[Caution]:
    """Inside the range, but where few weeks were sold."""
    times = np.sqrt(1 + (model.doubt(jackpots) / model.noise_sd) ** 2)
    far = (times > WIDER) & ~_is_outside(model, jackpots)
    if far.any():
        yield Caution(
            code="wider_band",
            message=f"the band at jackpot {_listed(jackpots[far])} is up to {times[far].max():.1f} times as wide as at the usual "
            f"{np.exp(model.usual_log_jackpot):.3g} million: few weeks were sold so far from it, so the slope in between is "
            "not well known",
        )


def _identified(model: SalesModel) -> Iterator[Caution]:
    found = model.elasticity
    if not found.identified:
        yield Caution(
            code="elasticity_not_identified",
            message="the jackpots so far say too little about how sales answer to them: elasticity "
            f"{found.mean:.2f} +- {found.sd:.2f} is mostly the prior from other countries "
            f"({found.prior_mean:.2f} +- {found.prior_sd:.2f})",
        )


def _endogenous(model: SalesModel) -> Iterator[Caution]:
    found = model.endogeneity
    if found is not None and found.suspected:
        yield Caution(
            code="jackpots_followed_demand",
            message=f"jackpots were raised where sales were about to {'rise' if found.t > 0 else 'fall'} anyway (control function "
            f"with {found.instrument}: t {found.t:.1f}): the elasticity is likely {'over' if found.t > 0 else 'under'}stated; it was "
            "not corrected",
        )


def _breaks(model: SalesModel) -> Iterator[Caution]:
    for news in model.breaks:
        if (model.trained_until - news.noticed).days < RECENT_DAYS:
            yield Caution(
                code="demand_break",
                message=f"sales changed in the week of {news.begun} (noticed {news.noticed}); level and elasticity were learnt "
                "anew since, and are less sure than usual",
            )


def _few(model: SalesModel) -> Iterator[Caution]:
    if model.weeks < FEW_WEEKS:
        yield Caution(
            code="few_weeks",
            message=f"learnt from {model.weeks} weeks only; {model.elasticity.borrowed:.0%} of what is known of the elasticity is "
            "borrowed from other countries",
        )


def _is_outside(model: SalesModel, jackpots: np.ndarray) -> np.ndarray:
    return (jackpots < model.lowest_jackpot * (1 - 1e-9)) | (jackpots > model.highest_jackpot * (1 + 1e-9))


def _listed(jackpots: np.ndarray) -> str:
    return ", ".join(f"{jackpot:g}" for jackpot in jackpots)
