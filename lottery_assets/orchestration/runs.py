"""The weekly job run here and now: some countries, one after the other, in this process."""

from collections.abc import Mapping
from datetime import date

import dagster as dg
from upath import UPath

from lottery_assets.audit.publication import RECOMMENDATION
from lottery_assets.complaints import BadInput
from lottery_assets.jackpot import NoRecommendation, Recommendation
from lottery_assets.orchestration.schedules import JOB, TREASURY_JOB, week_config
from lottery_assets.orchestration.treasury import pool_config
from lottery_assets.report.outcomes import Outcome

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Outcomes say what went wrong; a traceback on the terminal would only hide it."""


def run_country(defs: dg.Definitions, instance: dg.DagsterInstance, country: str, week: date | None) -> Outcome:
    """One run of the weekly job. Bad input and a week without a feasible jackpot are outcomes; a bug raises."""
    job = defs.resolve_job_def(JOB)
    try:
        result = job.execute_in_process(
            run_config={**QUIET, **week_config(week)},
            partition_key=country,
            tags={"country": country} | ({"week": week.isoformat()} if week else {}),
            instance=instance,
        )
    except dg.Failure as failure:
        return _without_answer(country, failure)
    [materialised] = result.asset_materializations_for_node("jackpot_recommendation")
    return _published(country, UPath(str(materialised.metadata["folder"].value)))


def run_treasury(
    defs: dg.Definitions, instance: dg.DagsterInstance, own: Mapping[str, Outcome], week: date | None
) -> dict[str, Outcome]:
    """One run of the pool's job after its countries' own runs; `own` are their outcomes, and whoever has no answer keeps that.

    Where the pool has no answer, none of its countries has one.
    """
    decided = [country for country, outcome in own.items() if outcome.recommendation]
    if not decided:
        return dict(own)
    job = defs.resolve_job_def(TREASURY_JOB)
    config = pool_config(week, [country for country in own if country not in decided])
    try:
        result = job.execute_in_process(
            run_config={**QUIET, **config}, tags={"week": week.isoformat()} if week else {}, instance=instance
        )
    except dg.Failure as failure:
        return dict(own) | {country: _without_answer(country, failure) for country in decided}
    [materialised] = result.asset_materializations_for_node("treasury_recommendation")
    folders = materialised.metadata["folders"].value
    assert isinstance(folders, Mapping)  # noqa: S101 - written by `showing.treasury`
    return dict(own) | {country: _published(country, UPath(str(folder))) for country, folder in folders.items()}


def _published(country: str, folder: UPath) -> Outcome:
    document = Recommendation.model_validate_json((folder / RECOMMENDATION).read_bytes())
    return Outcome(country=country, status="recommended", recommendation=document, folder=str(folder))


def _without_answer(country: str, failure: dg.Failure) -> Outcome:
    match failure.__cause__:
        case NoRecommendation() as cause:
            return Outcome(country=country, status="no_recommendation", reason=str(cause))
        case BadInput() as cause:
            return Outcome(country=country, status="bad_input", reason=str(cause))
    raise failure
