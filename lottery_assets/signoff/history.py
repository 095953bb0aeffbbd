"""Weeks looked back at: what was recommended, who decided what, what was announced, and what came of it."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field
from upath import UPath

from lottery_assets import sales
from lottery_assets.audit.publication import METADATA, RECOMMENDATION, revisions
from lottery_assets.audit.replay import is_pending
from lottery_assets.audit.store import weeks
from lottery_assets.jackpot import Recommendation
from lottery_assets.jackpot.recommendation import Rounded
from lottery_assets.signoff.chosen import Chosen, NotReproduced
from lottery_assets.signoff.document import SignOff
from lottery_assets.signoff.store import Kept, kept_of_week, weeks_apart

MARKED = 104
"""Latest recommendations that are compared with what was announced."""


class LookedBack(BaseModel):
    """One week of one country; money in millions of its currency. What is not known yet, or cannot be known any more, is null."""

    model_config = ConfigDict(frozen=True)

    country: str
    week_start: date
    currency: str
    recommended_jackpot: Rounded | None = Field(description="null where nothing was recommended")
    decision: Literal["approved", "overridden", "without_advice"] | None = None
    decided_jackpot: Rounded | None = None
    by: str | None = None
    reason: str | None = None
    decided_at: datetime | None = None
    broken: tuple[str, ...] = ()
    decisions: int = 0
    announced_jackpot: Rounded | None = Field(None, description="as the sales have it")
    tickets_sold: float | None = None
    jackpot_won: bool | None = None
    net_revenue: Rounded | None = Field(None, description="sales less prizes and marketing")
    prizes_estimated: bool | None = None
    expected_difference: Rounded | None = Field(
        None,
        description="expected net revenue at the jackpot announced (before the sales are in: decided), less that at the recommended one",
    )
    difference_80: tuple[Rounded, Rounded] | None = None
    note: str | None = None

    @property
    def deviates(self) -> bool:
        """Another jackpot than the recommended one was announced, or is to be."""
        jackpot = self.decided_jackpot if self.announced_jackpot is None else self.announced_jackpot
        advice = self.recommended_jackpot
        return jackpot is not None and advice is not None and not _same(jackpot, advice)

    @property
    def decided_late(self) -> bool:
        """After the Monday on which the week began: nobody had signed when the jackpot was announced."""
        return self.decided_at is not None and self.decided_at.date() > self.week_start

    @property
    def announced_otherwise(self) -> bool:
        """Another jackpot was announced than people had decided."""
        announced, decided = self.announced_jackpot, self.decided_jackpot
        return announced is not None and decided is not None and not _same(announced, decided)


Judge = Callable[[UPath, Recommendation, float], Chosen]
"""Judges a jackpot in the week of a recommendation, given the folder of its record. Raises NotReproduced."""


def looked_back(artifacts: str, country: str, weekly: pd.DataFrame | None, judge: Judge) -> Iterator[LookedBack]:
    """Every week of a country that has a recommendation, or a decision without one; the oldest first. What was decided again when the week
    was over is none: what people had before them counts.

    `weekly`: its tidy frame with all sales so far, None where there is none. Raises BadInput where a decision was changed.
    """
    sold = None if weekly is None else sales.history(weekly).set_index("week_start")
    advised_for = map(date.fromisoformat, weeks(artifacts, country))
    for week in sorted({*advised_for, *weeks_apart(artifacts, country)}):
        decided = kept_of_week(artifacts, country, week.isoformat())
        last = decided[-1].sign_off if decided else None
        about = decided[-1].path.parent if last and last.recommendation_sha256 else _in_time(artifacts, country, week)
        if about is None and last is None:
            continue
        document = (about / RECOMMENDATION).read_bytes() if about else b""
        recorded = Recommendation.model_validate_json(document) if document else None
        advice = None if is_pending(document) else recorded
        whose = recorded or last
        assert whose is not None  # noqa: S101 - the week has a record or a decision
        told = {"country": country, "week_start": week, "currency": whose.currency} | _told(advice, decided)
        moment = pd.Timestamp(week)
        if sold is not None and moment in sold.index:
            told |= _happened(sold.loc[[moment]].iloc[0])
        if advice and about:
            told |= _difference(about, advice, told, last, judge)
        yield LookedBack.model_validate(told)


def advised(artifacts: str, country: str, weekly: pd.DataFrame) -> dict[date, float]:
    """What was recommended [millions] for the weeks of the tidy frame that are sold, the oldest first.

    A choice that its treasury never decided about is no advice, nor is a week of the past that was decided again when it was over.
    """
    sold = set(sales.history(weekly)["week_start"].dt.date)
    found = {}
    for week in map(date.fromisoformat, weeks(artifacts, country)[:MARKED]):
        folder = _in_time(artifacts, country, week) if week in sold else None
        document = (folder / RECOMMENDATION).read_bytes() if folder else b""
        if document and not is_pending(document):
            found[week] = float(json.loads(document)["jackpot"])
    return dict(sorted(found.items()))


def _in_time(artifacts: str, country: str, week: date) -> UPath | None:
    """Folder of the week's last revision that was made for the week after the last sales, or before the week was over."""
    for folder in reversed(revisions(artifacts, country, week.isoformat())):
        told = json.loads((folder / METADATA).read_bytes())
        asked = told.get("week_asked") is not None
        if not asked or datetime.fromisoformat(told["created_at"]).date() < week + timedelta(days=7):
            return folder
    return None


def _told(advice: Recommendation | None, decided: list[Kept]) -> dict[str, object]:
    told: dict[str, object] = {
        "recommended_jackpot": advice.jackpot if advice else None,
        "decisions": len(decided),
    }
    if not decided:
        return told
    last = decided[-1].sign_off
    return (
        told
        | last.model_dump(include={"decision", "by", "reason", "decided_at", "broken"})
        | {"decided_jackpot": last.jackpot}
    )


def _happened(week: pd.Series) -> dict[str, object]:
    spent = 0.0 if pd.isna(week["marketing_spend"]) else float(week["marketing_spend"])
    return {
        "announced_jackpot": float(week["jackpot_announced"]),
        "tickets_sold": float(week["tickets_sold"]),
        "jackpot_won": None if pd.isna(week["jackpot_won"]) else bool(week["jackpot_won"]),
        "net_revenue": float(week["sales"] - week["prizes"]) - spent,
        "prizes_estimated": bool(week["prizes_estimated"]),
    }


def _difference(
    folder: UPath, r: Recommendation, told: dict[str, object], decided: SignOff | None, judge: Judge
) -> dict[str, object]:
    """As it was recorded where what was decided was announced; else from the inputs of the week, if they are at hand."""
    jackpot = told.get("announced_jackpot", told.get("decided_jackpot"))
    if jackpot is None:
        return {}
    assert isinstance(jackpot, float)  # noqa: S101 - both are
    if _same(jackpot, r.jackpot):
        return {"expected_difference": 0.0, "difference_80": (0.0, 0.0)}
    if decided is not None and decided.expected_difference is not None and _same(decided.jackpot, jackpot):
        return decided.model_dump(include={"expected_difference", "difference_80"})
    try:
        its = judge(folder, r, jackpot)
    except NotReproduced as fault:
        return {"note": f"not known what it cost or earned: {fault}"}
    return {"expected_difference": its.difference, "difference_80": its.band_80}


def _same(one: float, other: float) -> bool:
    return bool(np.isclose(one, other, rtol=1e-9))
