"""The model that recommends this week: the fit, or the champion where the fit was refused."""

from datetime import date, datetime, timedelta
from typing import Self, TypedDict

import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.audit.models.card import FORECAST, REJECTED, Forecast, ModelCard, Verdict, Version
from lottery_assets.audit.models.champions import champion, decided
from lottery_assets.audit.models.gates import Fit, judge
from lottery_assets.audit.models.home import ModelHome, OtherProgram, state, version_of
from lottery_assets.audit.provenance import digest
from lottery_assets.complaints import BadInput, Caution
from lottery_assets.demand import SalesModel, fitted, natural_experiments
from lottery_assets.demand.carrying import ageing, carried

KEPT = "champion_kept"
"""Code of the warning that an earlier model recommends."""


class Standing(BaseModel):
    """Of the model that recommends. `challenger`: this week's fit, where another recommends in its place, and `why`.

    `decided_by`: who chose it, where people did and not the gates.
    """

    model_config = ConfigDict(frozen=True)

    version: Version
    verdict: Verdict = Field(description="on this week's fit")
    champion: bool = Field(description="false where the fit was refused and there is no champion to take its place")
    challenger: Version | None = None
    why: tuple[str, ...] = ()
    decided_by: str | None = None


class RecommendingModel(SalesModel):
    """A demand model that knows its version and how it stands; without `standing` it is a fit that nobody has judged."""

    standing: Standing | None = None

    @classmethod
    def of(cls, model: SalesModel, standing: Standing) -> Self:
        """The same model."""
        return cls(**{name: getattr(model, name) for name in SalesModel.model_fields}, standing=standing)

    def cautions(self, jackpots: npt.ArrayLike) -> list[Caution]:
        """Those of the curve, and that the champion was kept."""
        its = self.standing
        if its is None or its.challenger is None:
            return super().cautions(jackpots)
        behind = (its.challenger.trained_until - its.version.trained_until).days // 7
        message = (
            f"model {its.version.short}, trained until the week of {its.version.trained_until}, recommends; this week's fit "
            f"{its.challenger.short} does not ({'; '.join(its.why)}). It was carried forward {behind} week{'' if behind == 1 else 's'} "
            "without learning from them: its bands are wider"
        )
        return [Caution(code=KEPT, message=message), *super().cautions(jackpots)]


def recommending(
    home: ModelHome,
    country: str,
    model: SalesModel,
    features: pd.DataFrame,
    data_version: str | None,
    now: datetime,
    kept: bool = True,
) -> RecommendingModel:
    """Registers this week's fit, has it judged if that was not done before, and says who recommends.

    A version is judged once, against the champion among the versions trained less long; so a rerun finds the same answer, and a week
    of the past that of its time. Unless `kept`, nothing is registered. Raises BadInput where the champion that is to recommend cannot be read.
    """
    version = version_of(country, model)
    card = home.card(version)
    if card is None:
        card = _card(home, version, model, features, data_version, now)
        if kept:
            home.put(model, card)
            card = home.card(version) or card  # another run may have been quicker
    by_hand = decided(home, country, model.trained_until)
    if by_hand is not None:
        why = f"{by_hand.by} decided so: {by_hand.reason}"
        return _instead(home, card, by_hand.champion, (why,), model, by_hand.by)
    if not home.approved(card) and card.verdict.champion is not None:
        return _instead(home, card, card.verdict.champion, card.verdict.why or (REJECTED,), model)
    return RecommendingModel.of(model, Standing(version=version, verdict=card.verdict, champion=home.approved(card)))


def deciding(home: ModelHome, country: str, week_start: date, version: str, challenger: str | None) -> SalesModel:
    """The model that decided a week, as its `metadata.json` names it: a fit as it was, or the champion carried forward to the week of
    the `challenger` whose place it took. Raises BadInput where the home does not have it.
    """
    known = {its.version: its for its in home.versions(country)}
    if version not in known:
        raise BadInput.of(
            f"{country}: model {version[:12]}, which decided the week of {week_start}, is not among the versions kept here; bring it back "
            "from a backup, or name the folder of the versions of then with LOTTERY_MODELS",
            country=country,
        )
    kept = _fit(home, known[version])
    if challenger is None:
        return kept.model
    until = known[challenger].trained_until if challenger in known else week_start - timedelta(weeks=1)
    return carried(kept.model, kept.ageing, (until - kept.version.trained_until).days // 7)


class ModelNamed(TypedDict):
    """The keys of `metadata.json` that name the model."""

    model_version: str
    model_stage: str | None
    challenger: str | None


def model_provenance(model: SalesModel) -> ModelNamed:
    """What `metadata.json` says of the model that recommended."""
    its = model.standing if isinstance(model, RecommendingModel) else None
    if its is None:
        return {"model_version": digest(state(model)), "model_stage": None, "challenger": None}
    return {
        "model_version": its.version.version,
        "model_stage": "champion" if its.champion else "refused",
        "challenger": its.challenger.version if its.challenger else None,
    }


def _instead(
    home: ModelHome,
    card: ModelCard,
    by: Version,
    why: tuple[str, ...],
    model: SalesModel,
    decided_by: str | None = None,
) -> RecommendingModel:
    if by == card.version:
        return RecommendingModel.of(
            model, Standing(version=by, verdict=card.verdict, champion=True, decided_by=decided_by)
        )
    kept = _fit(home, by)
    weeks = (model.trained_until - by.trained_until).days // 7
    return RecommendingModel.of(
        carried(kept.model, kept.ageing, weeks),
        Standing(
            version=by,
            verdict=card.verdict,
            champion=True,
            challenger=card.version,
            why=why,
            decided_by=decided_by,
        ),
    )


def _card(
    home: ModelHome,
    version: Version,
    model: SalesModel,
    features: pd.DataFrame,
    data_version: str | None,
    now: datetime,
) -> ModelCard:
    own = Fit(version, model, ageing(model, features), fitted(features))
    reigning = champion(home, version.country, model.trained_until)
    verdict = judge(own, _measure(home, reigning) if reigning else None, features)
    return ModelCard(
        version=version,
        registered_at=now,
        data_version=data_version,
        trained_from=model.trained_from,
        weeks=model.weeks,
        left_out=model.left_out,
        calibration=model.calibration,
        elasticity=model.elasticity,
        noise_sd=model.noise_sd,
        coefficients=model.coefficients,
        ageing=own.ageing,
        forecasts=tuple(Forecast(**row) for row in _rows(own.forecasts)),
        verdict=verdict,
        natural_experiments=natural_experiments(features, own.forecasts),
    )


def _measure(home: ModelHome, reigning: Version) -> Fit | None:
    """The champion to be compared with; None where this program cannot read it any more: its first fit is judged alone, as any first."""
    try:
        return _fit(home, reigning)
    except OtherProgram:
        return None


def _fit(home: ModelHome, version: Version) -> Fit:
    """Raises BadInput."""
    model, card = home.model(version), home.card(version)
    assert card is not None  # noqa: S101 - a version is one that has its card
    return Fit(version, model, card.ageing, card.as_frame())


def _rows(forecasts: pd.DataFrame) -> list[dict[str, object]]:
    rows = forecasts[list(FORECAST)].to_dict("records")
    return [
        {str(name): value for name, value in row.items()} | {"week_start": row["week_start"].date()} for row in rows
    ]
