"""The graph: raw_sales -> features -> sales_model -> jackpot_recommendation, one partition a country.

Each asset loads, calls one function of the room that does the work, and shows what came out.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from time import perf_counter
from typing import Any

import dagster as dg
import pandas as pd
from pydantic import Field

from lottery_assets import demand, sales, weekly
from lottery_assets.audit.models import RecommendingModel
from lottery_assets.audit.publication import REPORT
from lottery_assets.complaints import BadInput
from lottery_assets.orchestration import checks, describing, index, marks, showing, trends
from lottery_assets.orchestration.failures import told_plainly
from lottery_assets.orchestration.resources import Installation
from lottery_assets.orchestration.turns import after_the_pool
from lottery_assets.report.choices import choices
from lottery_assets.report.recommendation_page import recommendation_page
from lottery_assets.weekly import Case

ReadAgain = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)
"""For storage that does not answer. Faults of the input are never retried: they would only fail again."""


WATCHED_MODEL = ("wape", "elasticity", "noise_sd")
WATCHED_DECISION = ("jackpot", "expected_net_revenue", "payout_ratio_12m", "slack_*", "solve_seconds")
"""Numbers whose trend is drawn, week by week."""


class WeekOfRun(dg.Config):
    """Which week the run is for."""

    week_start: str | None = Field(
        default="",  # and not None: the launchpad then writes the key out, ready to be filled in
        description="Monday of the week to recommend for, as 2026-09-07; empty: the week after the last sales. "
        "Only sales before it are read, so a week in the past is decided as it was.",
    )

    @property
    def monday(self) -> date | None:
        """The week as a date. Raises BadInput."""
        try:
            return date.fromisoformat(self.week_start) if self.week_start else None
        except ValueError:
            raise BadInput.of(
                f"week_start is {self.week_start!r}; it is a Monday, write it as 2026-09-07", key="week_start"
            ) from None


def weekly_assets(countries: dg.PartitionsDefinition, where: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """The four assets, partitioned by country; `where`: metadata of their definitions."""

    @dg.asset(
        description=describing.described(
            "Sales of one country: one row a week, the weeks sold and the weeks planned; money in millions of local "
            "currency. Read from the sales file, row by row; a row that cannot be read stops this country alone.",
            describing.RAW_SALES,
        ),
        metadata=where,
        partitions_def=countries,
        group_name="weekly",
        kinds={"dvc", "pandas"},
        owners=["team:sales-data"],
        io_manager_key="frames",
        check_specs=[checks.SALES_CONTRACT, checks.SALES_UP_TO_DATE],
        retry_policy=ReadAgain,
    )
    def raw_sales(
        context: dg.AssetExecutionContext, config: WeekOfRun, installation: Installation
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
        with told_plainly(context):
            country = installation.country(context.partition_key)
            if installation.treasury_of(context.partition_key):
                after_the_pool(context)
            landed = installation.landed()  # before reading: what lands meanwhile starts a blocked run again
            try:
                raw = installation.sales()
                frame = sales.weekly_sales(raw.frame, country, config.monday, source=raw.source)
            except BadInput as fault:
                yield checks.broken_by(fault, context.partition_key, landed)
                raise
            frame.attrs = {
                "data_version": raw.data_version,
                "data_source": raw.source,
                "data_remote": installation.kept(raw),
                "week_asked": config.week_start or None,
            }
            yield dg.MaterializeResult(
                value=frame,
                data_version=dg.DataVersion(raw.data_version),
                check_results=checks.sales_kept(frame),
                metadata=showing.weekly_frame(frame),
            )

    @dg.asset(
        description=describing.described(
            "What moves sales besides the jackpot: price, season, draws, special draws, memory of past jackpots; one row a "
            "week. Every column has its unit below.",
            describing.FEATURES,
        ),
        metadata=where,
        partitions_def=countries,
        group_name="weekly",
        kinds={"pandas"},
        owners=["team:pricing"],
        io_manager_key="frames",
    )
    def features(
        context: dg.AssetExecutionContext, installation: Installation, raw_sales: pd.DataFrame
    ) -> dg.MaterializeResult[pd.DataFrame]:
        with told_plainly(context):
            advised = marks.advised(context, installation.artifacts, raw_sales)
            table = demand.features(raw_sales, installation.country(context.partition_key), advised)
            table.attrs = dict(raw_sales.attrs)
            return dg.MaterializeResult(value=table, metadata=showing.features(table))

    @dg.asset(
        description=describing.described(
            "Demand curve of one country: weekly tickets given the jackpot, as a distribution. Learnt from the weeks before "
            "the one to recommend for. Every fit is a version; where the gates refuse it, the champion stands in its place.",
            describing.SALES_MODEL,
        ),
        metadata=where,
        partitions_def=countries,
        group_name="weekly",
        kinds={"scikit-learn"},
        owners=["team:pricing"],
        io_manager_key="documents",
        check_specs=[checks.MODEL_CALIBRATED, checks.CHAMPION_GATES],
    )
    def sales_model(
        context: dg.AssetExecutionContext, installation: Installation, features: pd.DataFrame
    ) -> Iterator[dg.MaterializeResult]:
        with told_plainly(context):
            model = installation.recommending(demand.fit(features), features, context.partition_key)
            yield dg.MaterializeResult(
                value=model,
                check_results=[
                    checks.model_calibrated(model, context.partition_key),
                    checks.champion_gates(model, context.partition_key),
                ],
                metadata=trends.added(context, showing.model_card(model, features), WATCHED_MODEL),
            )

    @dg.asset(
        description=describing.described(
            "The jackpot to announce: highest expected net revenue [millions of local currency] that keeps every rule of the "
            "regulator and the treasury; published with its provenance, for people to sign.",
            describing.JACKPOT_RECOMMENDATION,
        ),
        metadata=where,
        partitions_def=countries,
        group_name="weekly",
        kinds={"pyomo", "highs"},
        owners=["team:pricing"],
        check_specs=[checks.RECOMMENDATION_VERIFIED],
    )
    def jackpot_recommendation(
        context: dg.AssetExecutionContext,
        installation: Installation,
        raw_sales: pd.DataFrame,
        features: pd.DataFrame,
        sales_model: RecommendingModel,
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
        with told_plainly(context):
            country = installation.country_with_cash(context.partition_key)
            if shares_cash := installation.treasury_of(context.partition_key) is not None:
                after_the_pool(context)
            its = Case(country, raw_sales, features, sales_model)
            decide = weekly.decide_pending if shares_cash else weekly.decide
            begun = perf_counter()
            recommendation = decide(country, raw_sales, features, sales_model)
            seconds = perf_counter() - begun
            of = choices(its, recommendation)
            page = partial(recommendation_page, its, recommendation, of)
            cash = {country.country_name: country.available_cash}
            published = installation.publish(recommendation, raw_sales, sales_model, context.run.run_id, page, cash)
            index.renewed(installation, context.log.warning)
            page_at = describing.link(installation, published.folder / REPORT)
            shown = showing.recommendation(recommendation, published.folder, of, seconds, page_at)
            yield dg.MaterializeResult(
                check_results=[checks.recommendation_verified(recommendation)],
                metadata=trends.added(context, shown, WATCHED_DECISION),
            )

    return [raw_sales, features, sales_model, jackpot_recommendation]
