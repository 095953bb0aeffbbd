"""The weekly job run here and now: some countries, one after the other, in this process."""

from datetime import date

import dagster as dg
from upath import UPath

from lottery_assets.audit.publication import RECOMMENDATION
from lottery_assets.complaints import BadInput
from lottery_assets.jackpot import NoRecommendation, Recommendation
from lottery_assets.orchestration.schedules import JOB, week_config
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
    folder = UPath(str(materialised.metadata["folder"].value))
    document = Recommendation.model_validate_json((folder / RECOMMENDATION).read_bytes())
    return Outcome(country=country, status="recommended", recommendation=document, folder=str(folder))


def _without_answer(country: str, failure: dg.Failure) -> Outcome:
    match failure.__cause__:
        case NoRecommendation() as cause:
            return Outcome(country=country, status="no_recommendation", reason=str(cause))
        case BadInput() as cause:
            return Outcome(country=country, status="bad_input", reason=str(cause))
    raise failure
