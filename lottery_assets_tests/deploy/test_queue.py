"""Two runs at once for one country are serialised: Dagster's queue, as both instances configure it."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES, DagsterRunStatus
from dagster._core.test_utils import create_run_for_test, instance_for_test
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import EmptyWorkspaceTarget
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon

from lottery_assets_tests.conftest import ROOT

NO_WORKERS = {"module": "dagster._core.test_utils", "class": "MockedRunLauncher"}
ORIGIN = RemoteJobOrigin(
    RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("lottery"), "__repository__"), "weekly_recommendation"
)
SCHEDULED = {"dagster/partition": "usa", "country": "usa", "week": "2026-08-24"}
BY_HAND = {"dagster/partition": "usa"}
BRAZIL = {"dagster/partition": "brazil"}


class Queue:
    """An instance and its daemon. A run that was started lasts until it is ended."""

    def __init__(self, instance: dg.DagsterInstance, process: WorkspaceProcessContext) -> None:
        self._instance, self._process = instance, process
        self._daemon = QueuedRunCoordinatorDaemon(interval_seconds=1)

    def submit(self, tags: dict[str, str]) -> str:
        run = create_run_for_test(self._instance, remote_job_origin=ORIGIN, tags=tags, status=DagsterRunStatus.QUEUED)
        return run.run_id

    def under_way(self) -> list[str]:
        """After a turn of the daemon."""
        list(self._daemon.run_iteration(self._process))
        runs = self._instance.get_runs(dg.RunsFilter(statuses=IN_PROGRESS_RUN_STATUSES), ascending=True)
        return [run.run_id for run in runs]

    def end(self, run_id: str, status: DagsterRunStatus) -> None:
        run = self._instance.get_run_by_id(run_id)
        if status is DagsterRunStatus.FAILURE:
            self._instance.report_run_failed(run)
        else:
            self._instance.report_run_canceled(run)


@pytest.fixture(params=["laptop.yaml", "dagster.yaml"])
def queue(request) -> Iterator[Queue]:
    concurrency = yaml.safe_load(Path(ROOT, "deploy", request.param).read_text())["concurrency"]
    with (
        instance_for_test(overrides={"concurrency": concurrency, "run_launcher": NO_WORKERS}) as instance,
        WorkspaceProcessContext(instance, EmptyWorkspaceTarget()) as process,
    ):
        yield Queue(instance, process)


@pytest.mark.parametrize("end", [DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED])
def test_a_second_run_of_a_country_starts_when_the_first_has_ended(queue, end):
    first, second = queue.submit(SCHEDULED), queue.submit(BY_HAND)
    assert queue.under_way() == [first]
    assert queue.under_way() == [first]
    queue.end(first, end)
    assert queue.under_way() == [second]


def test_countries_run_side_by_side(queue):
    usa, waiting, brazil = queue.submit(SCHEDULED), queue.submit(BY_HAND), queue.submit(BRAZIL)
    assert queue.under_way() == [usa, brazil]
    queue.end(usa, DagsterRunStatus.CANCELED)
    assert queue.under_way() == [waiting, brazil]


def test_runs_that_belong_to_no_country_do_not_wait_for_one(queue):
    usa, treasury = queue.submit(SCHEDULED), queue.submit({"week": "2026-08-24"})
    assert queue.under_way() == [usa, treasury]
