"""What people click in the Dagster UI, as the requests that their browser sends."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import requests

SELECTOR = {"repositoryLocationName": "lottery", "repositoryName": "__repository__"}
ASSETS = ("raw_sales", "features", "sales_model", "jackpot_recommendation")

LAUNCH = """mutation ($params: ExecutionParams!) { launchRun(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
STATUS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
TERMINATE = """mutation ($ids: [String!]!) { terminateRuns(runIds: $ids, terminatePolicy: SAFE_TERMINATE) {
  ... on TerminateRunsResult { terminateRunResults { __typename } } } }"""
BACKFILL = """mutation ($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
RUNS = """query ($filter: RunsFilter!) { runsOrError(filter: $filter) {
  ... on Runs { results { runId status tags { key value } startTime endTime } } } }"""


class Ui:
    """The webserver at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def answers(self) -> bool:
        try:
            return requests.get(f"{self._url}/server_info", timeout=5).ok
        except requests.RequestException:
            return False

    def launch(self, country: str, week: str | None = None) -> str:
        """The launchpad's button."""
        params = {
            "selector": SELECTOR | {"jobName": "weekly_recommendation"},
            "runConfigData": {"ops": {"raw_sales": {"config": {"week_start": week}}}},
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": country}]},
        }
        answer = self._ask(LAUNCH, params=params)["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return answer["run"]["runId"]

    def backfill(self, countries: Sequence[str]) -> str:
        """*Materialize all*, some countries, *Launch backfill*."""
        assets = [{"path": [name]} for name in ASSETS]
        params = {"assetSelection": assets, "partitionNames": list(countries)}
        answer = self._ask(BACKFILL, params=params)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return answer["backfillId"]

    def terminate(self, run_id: str) -> None:
        [answer] = self._ask(TERMINATE, ids=[run_id])["terminateRuns"]["terminateRunResults"]
        assert answer["__typename"] == "TerminateRunSuccess", answer

    def status(self, run_id: str) -> str:
        return self._ask(STATUS, id=run_id)["runOrError"]["status"]

    def runs(self, **tags: str) -> list[dict[str, Any]]:
        """Newest first, with their tags as a mapping."""
        only = {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
        found = self._ask(RUNS, filter=only)["runsOrError"]["results"]
        return [its | {"tags": {tag["key"]: tag["value"] for tag in its["tags"]}} for its in found]

    def _ask(self, query: str, **variables: Any) -> Mapping[str, Any]:
        answer = requests.post(f"{self._url}/graphql", json={"query": query, "variables": variables}, timeout=60).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


def wait_for(
    what: Callable[[], Any], seconds: float = 300.0, every: float = 0.25, told: Callable[[], str] = str
) -> Any:
    """The first true answer; a failure with what `told` says where none comes."""
    until = time.monotonic() + seconds
    while not (answer := what()):
        assert time.monotonic() < until, f"not within {seconds:.0f} s: {told()}"
        time.sleep(every)
    return answer
