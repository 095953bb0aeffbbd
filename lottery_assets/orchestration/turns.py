"""A pool and its countries take turns: whoever started first is waited for.

The queue keeps two runs of one country apart. A pool belongs to no country, and yet it reads what its countries' runs store and writes
where they publish.
"""

from collections.abc import Callable, Collection

import dagster as dg
from dagster._core.storage.dagster_run import RunRecord
from dagster._core.storage.tags import PARTITION_NAME_TAG

from lottery_assets.orchestration.schedules import TREASURY_JOB

POOL = dg.AssetKey("treasury_recommendation")
UNDER_WAY = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
PAUSE, TRIES = 10.0, 120
"""Seconds between two looks, and how many there are: twenty minutes, many times what a run takes."""


def after_the_pool(context: dg.AssetExecutionContext) -> None:
    """For a run of a country. Raises RetryRequested while a pool's run is under way that started earlier."""
    _after(context, lambda run: run.job_name == TREASURY_JOB or POOL in (run.asset_selection or ()))


def after_its_countries(context: dg.AssetExecutionContext, countries: Collection[str]) -> None:
    """For a run of the pool. Raises RetryRequested while a run of one of its countries is under way that started earlier."""
    _after(context, lambda run: run.tags.get(PARTITION_NAME_TAG) in countries)


def _after(context: dg.AssetExecutionContext, is_other: Callable[[dg.DagsterRun], bool]) -> None:
    records = context.instance.get_run_records(dg.RunsFilter(statuses=UNDER_WAY))
    [own] = [_began(record) for record in records if record.dagster_run.run_id == context.run.run_id]
    earlier = [_began(record) for record in records if is_other(record.dagster_run) and _began(record) < own]
    if not earlier:
        return
    _, other = min(earlier)
    if context.retry_number >= TRIES:
        raise dg.Failure(f"run {other} has not ended: see whether it hangs, terminate it, then launch this run again")
    context.log.info(f"waits for run {other}, which works on the same countries")
    raise dg.RetryRequested(max_retries=TRIES, seconds_to_wait=PAUSE)


def _began(record: RunRecord) -> tuple[float, str]:
    """What runs are ordered by: no two are equal, so of two runs one goes on."""
    return record.start_time or 0.0, record.dagster_run.run_id
