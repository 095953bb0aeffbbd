"""What assets leave in their metadata for whoever tells people: kept short, for the event log is a database."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict
from upath import UPath

from lottery_assets.audit.models import RecommendingModel
from lottery_assets.audit.provenance import digest
from lottery_assets.complaints import BadInput
from lottery_assets.demand import SalesModel
from lottery_assets.demand.card import DatedBreak
from lottery_assets.jackpot import ApproachingRule, NoRecommendation, Recommendation

ANNOUNCED, FAULT, BREAKS, REFUSED = "announced", "fault", "breaks_noticed", "refused_model"
"""Keys of the metadata."""
MOST_LINES = 5
NEWS = timedelta(weeks=8)
"""A break noticed longer ago than this was told, or is told by nobody any more."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True)


class Announced(_Fact):
    """A published recommendation; jackpots in millions of `currency`. `last_jackpot` was announced the week before.

    `replaces`: another one of the same week was published before, and was final. `past`: a later week has one already. An asset leaves
    both to whoever reads the store.
    """

    country: str
    week_start: date
    currency: str
    jackpot: float
    last_jackpot: float
    sentence: str
    folder: str
    sha256: str
    warnings: int
    approaching: tuple[ApproachingRule, ...]
    replaces: bool = False
    past: bool = False

    @classmethod
    def of(cls, recommendation: Recommendation, folder: UPath, last_jackpot: float) -> Self:
        """The record lies in `folder`."""
        r = recommendation
        return cls(
            country=r.country,
            week_start=r.week_start,
            currency=r.currency,
            jackpot=r.jackpot,
            last_jackpot=last_jackpot,
            sentence=r.reasons.sentence,
            folder=str(folder),
            sha256=digest(r.as_bytes()),
            warnings=len(r.warnings),
            approaching=r.approaching,
        )


class Fault(_Fact):
    """Why a run has no answer. `lines`: one a complaint, or what the rules say; `way_out`: the plan that breaks least."""

    kind: Literal["bad_input", "no_recommendation"]
    lines: tuple[str, ...]
    more: int = 0
    way_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, fault: BadInput | NoRecommendation) -> Self:
        """The first lines of it, for a message; the failure's `reason` has them all."""
        if isinstance(fault, BadInput):
            errors = [complaint.message for complaint in fault.complaints if complaint.severity == "error"]
            return cls(kind="bad_input", lines=tuple(errors[:MOST_LINES]), more=max(len(errors) - MOST_LINES, 0))
        diagnosis = fault.diagnosis
        said = diagnosis.sentences[: 1 + len(diagnosis.collisions)] if diagnosis.collisions else diagnosis.sentences
        way_out = diagnosis.recovery.sentences if diagnosis.recovery else ()
        return cls(kind="no_recommendation", lines=tuple(said[:MOST_LINES]), way_out=tuple(way_out))


class Refused(_Fact):
    """This week's fit did not become champion. `why`: a sentence for each gate that it failed; `champion` recommends."""

    version: str
    champion: str
    trained_until: date
    why: tuple[str, ...]

    @classmethod
    def of(cls, model: RecommendingModel) -> list[Self]:
        """One, or none where the fit recommends, or where people decided that another does."""
        its = model.standing
        if its is None or its.challenger is None or its.decided_by:
            return []
        return [
            cls(
                version=its.challenger.version,
                champion=its.version.version,
                trained_until=its.version.trained_until,
                why=its.why,
            )
        ]


def noticed(model: SalesModel) -> Sequence[DatedBreak]:
    """Breaks that are still news."""
    return [found for found in model.breaks if model.trained_until - found.noticed < NEWS]
