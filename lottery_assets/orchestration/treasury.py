"""Several countries, one treasury: the asset downstream of the countries' own recommendations, and its job.

Only there where `configs/treasury.yaml` is. A country whose run failed has nothing stored for the week; it is not left out, see
`weekly.recommend_together`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import dagster as dg
import pandas as pd
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from pydantic import Field
from upath import UPath

from lottery_assets import sales, weekly
from lottery_assets.audit.models import RecommendingModel
from lottery_assets.complaints import BadInput
from lottery_assets.orchestration import checks, describing, index, showing
from lottery_assets.orchestration.assets import WeekOfRun
from lottery_assets.orchestration.failures import told_plainly
from lottery_assets.orchestration.resources import Installation
from lottery_assets.orchestration.schedules import TREASURY_JOB
from lottery_assets.orchestration.turns import after_its_countries
from lottery_assets.report.choices import Left, choices
from lottery_assets.report.recommendation_page import recommendation_page
from lottery_assets.weekly import Case, Missing, Together


class WeekOfPool(WeekOfRun):
    """Which week the pool is decided for, and who has no recommendation of its own."""

    without: list[str] = Field(
        default=[],
        description="Countries whose own run failed: what an earlier run stored of them does not count.",
    )


def treasury_assets(countries: Sequence[str], where: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """The pool's asset; `countries` are those that share it, `where`: metadata of its definition."""
    theirs = dg.SpecificPartitionsPartitionMapping(list(countries))

    def stored(kind: type) -> dg.AssetIn:
        """Of each country; Dagster hands over that of a single one as it is."""
        its: Any = dict[str, kind] if len(countries) > 1 else kind  # type: ignore[valid-type]
        return dg.AssetIn(partition_mapping=theirs, metadata={"allow_missing_partitions": True}, dagster_type=its)

    @dg.asset(
        description=describing.described(
            "Jackpots of the countries that share one treasury: together they earn most while simultaneous wins stay covered. "
            f"Shared by {', '.join(countries)}.",
            describing.TREASURY_RECOMMENDATION,
        ),
        metadata=where,
        ins={
            "raw_sales": stored(pd.DataFrame),
            "features": stored(pd.DataFrame),
            "sales_model": stored(RecommendingModel),
        },
        deps=[dg.AssetDep("jackpot_recommendation", partition_mapping=theirs)],
        group_name="treasury",
        kinds={"pyomo", "highs"},
        owners=["team:pricing"],
        check_specs=[checks.TREASURY_VERIFIED],
    )
    def treasury_recommendation(
        context: dg.AssetExecutionContext,
        config: WeekOfPool,
        installation: Installation,
        raw_sales: Any,
        features: Any,
        sales_model: Any,
    ) -> dg.MaterializeResult:
        with told_plainly(context):
            pool = installation.treasury_with_cash()
            after_its_countries(context, pool.countries)
            frames, tables, models = (_by_country(its, countries) for its in (raw_sales, features, sales_model))
            found = {c: (frames[c], tables[c], models[c]) for c in frames if c in tables.keys() & models.keys()}
            cases = [_case(installation, c, config, found.get(c)) for c in pool.countries]
            together = weekly.recommend_together(pool, cases)
            run, versions = (
                context.run.run_id,
                {c: frames[c].attrs["data_version"] for c in together.recommendations},
            )
            cash = {its.config.country_name: its.config.available_cash for its in cases if isinstance(its, Case)}
            cash["treasury"] = pool.available_cash
            folders = {
                its.config.country_name: _published(installation, its, together, run, cash)
                for its in cases
                if isinstance(its, Case) and its.config.country_name in together.recommendations
            }
            published = installation.publish_treasury(together.record, together.recommendations, versions, run)
            index.renewed(installation, context.log.warning)
            return dg.MaterializeResult(
                check_results=[checks.treasury_verified(together)],
                metadata=showing.treasury(together, published.folder, folders, frames),
            )

    return [treasury_recommendation]


def _by_country(stored: Any, countries: Sequence[str]) -> dict[str, Any]:
    return stored if isinstance(stored, dict) else {countries[0]: stored}


def _published(
    installation: Installation, its: Case, together: Together, run_id: str, cash: Mapping[str, float | None]
) -> UPath:
    """Folder of the joint recommendation of one country."""
    country, record = its.config.country_name, together.record
    room = record.available_cash - sum(reserve.amount for reserve in record.reserved) - record.safety_buffer
    recommendation = together.recommendations[country]
    of = choices(its, recommendation, Left(together.highest_left[country], room))
    page = partial(recommendation_page, its, recommendation, of)
    return installation.publish(recommendation, its.weekly, its.model, run_id, page, cash).folder


def _case(
    installation: Installation,
    country: str,
    config: WeekOfPool,
    stored: tuple[pd.DataFrame, pd.DataFrame, RecommendingModel] | None,
) -> Case | Missing:
    """What the country's own run stored for the week, or why there is nothing and what of the country can be read."""
    try:
        settings = installation.country(country)
    except BadInput as fault:
        return Missing(country, str(fault))
    if country in config.without:
        return _missing(installation, country, config.monday, "its own run failed")
    if stored is None or (config.monday and sales.coming_week(stored[0]).date() != config.monday):
        return _missing(installation, country, config.monday, "its own run has stored nothing for this week")
    if not stored[2].calibration.sane:
        return _missing(installation, country, config.monday, "the bands of its model do not hold")
    try:
        return Case(installation.country_with_cash(country), *stored)
    except BadInput as fault:
        return Missing(country, str(fault), settings, stored[0])


def _missing(installation: Installation, country: str, week: date | None, reason: str) -> Missing:
    settings = installation.country(country)
    try:
        raw = installation.sales()
        frame = sales.weekly_sales(raw.frame, settings, week, source=raw.source)
    except BadInput as fault:
        return Missing(country, f"{reason}; {fault}", settings)
    return Missing(country, reason, settings, frame)


def treasury_job() -> UnresolvedAssetJobDefinition:
    """The pool's asset alone; its countries have run before."""
    return dg.define_asset_job(
        TREASURY_JOB,
        selection=dg.AssetSelection.assets("treasury_recommendation"),
        executor_def=dg.in_process_executor,
        description="Decide the countries of one treasury together, and publish. Started by the sensor "
        "`treasury_after_its_countries` when the week's run of each of them has ended.",
    )


def pool_config(week: date | None, without: Sequence[str] = ()) -> Mapping[str, Any]:
    """Run configuration; None is each country's week after its last sales."""
    config = {"week_start": week.isoformat() if week else None, "without": list(without)}
    return {"ops": {"treasury_recommendation": {"config": config}}}
