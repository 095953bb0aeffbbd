"""The graph: raw_sales -> features -> sales_model -> jackpot_recommendation, one partition a country.

Each asset loads, calls one function of the room that does the work, and shows what came out.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import dagster as dg
import pandas as pd
from pydantic import Field

from lottery_assets import demand, sales, weekly
from lottery_assets.complaints import BadInput
from lottery_assets.demand import SalesModel
from lottery_assets.orchestration import checks, index, showing
from lottery_assets.orchestration.failures import told_plainly
from lottery_assets.orchestration.resources import Installation
from lottery_assets.report.choices import choices
from lottery_assets.report.recommendation_page import recommendation_page
from lottery_assets.weekly import Case

ReadAgain = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)
"""For storage that does not answer. Faults of the input are never retried: they would only fail again."""


class WeekOfRun(dg.Config):
    """Which week the run is for."""

    week_start: str | None = Field(
        default=None,
        description="Monday of the week to recommend for, as 2026-09-07; empty: the week after the last sales. "
        "Only sales before it are read.",
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


def weekly_assets(countries: dg.PartitionsDefinition) -> list[dg.AssetsDefinition]:
    """The four assets, partitioned by country."""

    @dg.asset(
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
        """Sales of one country: one row a week, the weeks sold and the weeks planned; money in millions of local currency."""
        with told_plainly(context):
            country, raw = installation.country(context.partition_key), installation.sales()
            try:
                frame = sales.weekly_sales(raw.frame, country, config.monday, source=raw.source)
            except BadInput as fault:
                yield checks.broken_by(fault, context.partition_key)
                raise
            frame.attrs = {"data_version": raw.data_version, "data_source": raw.source}
            yield dg.MaterializeResult(
                value=frame,
                data_version=dg.DataVersion(raw.data_version),
                check_results=checks.sales_kept(frame),
                metadata=showing.weekly_frame(frame),
            )

    @dg.asset(
        partitions_def=countries,
        group_name="weekly",
        kinds={"pandas"},
        owners=["team:pricing"],
        io_manager_key="frames",
    )
    def features(
        context: dg.AssetExecutionContext, installation: Installation, raw_sales: pd.DataFrame
    ) -> dg.MaterializeResult[pd.DataFrame]:
        """What moves sales besides the jackpot: price, season, draws, special draws, memory; one row a week."""
        with told_plainly(context):
            table = demand.features(raw_sales, installation.country(context.partition_key))
            return dg.MaterializeResult(value=table, metadata=showing.features(table))

    @dg.asset(
        partitions_def=countries,
        group_name="weekly",
        kinds={"scikit-learn"},
        owners=["team:pricing"],
        io_manager_key="documents",
        check_specs=[checks.MODEL_CALIBRATED],
    )
    def sales_model(context: dg.AssetExecutionContext, features: pd.DataFrame) -> Iterator[dg.MaterializeResult]:
        """Demand curve of one country: weekly tickets given the jackpot, as a distribution."""
        with told_plainly(context):
            model = demand.fit(features)
            yield dg.MaterializeResult(
                value=model,
                check_results=[checks.model_calibrated(model, context.partition_key)],
                metadata=showing.model_card(model, features),
            )

    @dg.asset(
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
        sales_model: SalesModel,
    ) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult]:
        """The jackpot to announce: highest expected net revenue [millions] that keeps every rule; published with its provenance."""
        with told_plainly(context):
            country = installation.country_with_cash(context.partition_key)
            shares_cash = installation.treasury_of(context.partition_key) is not None
            its = Case(country, raw_sales, features, sales_model)
            decide = weekly.decide_pending if shares_cash else weekly.decide
            recommendation = decide(country, raw_sales, features, sales_model)
            of = choices(its, recommendation)
            page = partial(recommendation_page, its, recommendation, of)
            published = installation.publish(recommendation, raw_sales, sales_model, context.run.run_id, page)
            index.renewed(installation, context.log.warning)
            yield dg.MaterializeResult(
                check_results=[checks.recommendation_verified(recommendation)],
                metadata=showing.recommendation(recommendation, published.folder, of),
            )

    return [raw_sales, features, sales_model, jackpot_recommendation]
