"""What grows with the number of countries: the pieces of one run, measured at 10, 200 and 2,000 of them."""

import gzip
import logging
import math
import multiprocessing
import os
import resource
import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from benchmarks import costs
from benchmarks.timing import markdown

COUNTRIES = (10, 200, 2000)
ROOT = Path(__file__).resolve().parents[1]
SALES = ROOT / "data" / "lottery_sales.csv.gz"
TEMPLATE = "usa"
FIRST, SECOND = "usa", "brazil"
"""The first run of an instance also makes its tables, so the second is measured."""
ROWS, SIZE = "rows of the event log", "size of all rows with indices, kB"
REQUEST_SECONDS = 0.02
"""Of one request to S3 from a task in the same region: assumed."""
TURN_SECONDS = 5
"""Between two looks of the daemon at its queue, unless `dequeue_interval_seconds` says otherwise."""
ONE_DATABASE = """
telemetry: {enabled: false}
event_log_storage:
  module: dagster._core.storage.event_log
  class: ConsolidatedSqliteEventLogStorage
  config: {base_dir: %s}
"""


@dataclass(frozen=True)
class Others:
    """What all countries together ask of one run. Seconds of a processor, MB, requests to S3."""

    countries: int
    rows: int
    configurations: float
    sales: float
    memory: float
    index: int
    deadlines: int

    @property
    def adds(self) -> float:
        """Seconds that a run takes longer: configurations are read with the code and for the index."""
        return costs.SLOWER * (self.sales + 2 * self.configurations) + REQUEST_SECONDS * self.index


def table() -> str:
    """What a run leaves in the database, what it waits for because there are others, and what both make of a week."""
    database, requests = _apart(_one_run), _apart(_requests)
    others = [_others(countries, *requests) for countries in COUNTRIES]
    return "\n\n".join(
        [
            markdown("What one run asks of the database", ["what", "one run"], database.items()),
            markdown(
                "What all countries together ask of one run",
                [
                    "countries",
                    "rows of sales",
                    "configurations, processor s",
                    "sales file, processor s",
                    "memory for that, MB",
                    "requests to S3 for `index.html`",
                    "requests to S3 for a look at the deadlines",
                ],
                [_row(its) for its in others],
            ),
            markdown(
                "A week, worked out from that",
                [
                    "countries",
                    "a run, s",
                    "all runs, min",
                    "the same, 64 at once",
                    "a look at the deadlines, s",
                    "event rows a year",
                    "database, GB a year",
                    "runs, USD a month",
                    "all, USD a month",
                ],
                [_week(its, database) for its in others],
            ),
        ]
    )


def _row(its: Others) -> list[str]:
    whole = (f"{its.memory:,.0f}", f"{its.index:,}", f"{its.deadlines:,}")
    return [f"{its.countries:,}", f"{its.rows:,}", f"{its.configurations:.1f}", f"{its.sales:.1f}", *whole]


def _week(its: Others, database: Mapping[str, int]) -> list[str]:
    """With `max_concurrent_runs` of deploy/dagster.yaml, then with 64; every country in one time zone, which is the worst case."""
    queue = yaml.safe_load((costs.DEPLOY / "dagster.yaml").read_text())["concurrency"]["runs"]
    run = costs.run_seconds() + its.adds
    month = costs.month(costs.stack("production"), its.countries, its.adds)
    a_year = its.countries * 52
    whole = [
        its.countries,
        run,
        *(math.ceil(its.countries / most) * (run + TURN_SECONDS) / 60 for most in (queue["max_concurrent_runs"], 64)),
        REQUEST_SECONDS * its.deadlines,
        a_year * database[ROWS],
    ]
    exact = [a_year * database[SIZE] / 1024**2, month["runs"]]
    return [*(f"{cell:,.0f}" for cell in whole), *(f"{cell:.1f}" for cell in exact), f"{sum(month.values()):,.0f}"]


def _one_run() -> dict[str, int]:
    import dagster as dg
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import Pool

    from lottery_assets.definitions import build_definitions
    from lottery_assets.orchestration.runs import run_country
    from lottery_assets.settings import Settings

    asked: Counter[str] = Counter()
    opened: list[int] = []

    def connected(*_: Any) -> None:
        asked["connections"] += 1
        asked["open"] += 1
        opened.append(asked["open"])

    def closed(*_: Any) -> None:
        asked["open"] -= 1

    def executed(*_: Any) -> None:
        asked["statements"] += 1

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        home.mkdir()
        (home / "dagster.yaml").write_text(ONE_DATABASE % (home / "events"))
        definitions = build_definitions(Settings(artifacts=str(Path(folder, "artifacts"))))
        with dg.DagsterInstance.from_config(str(home)) as instance:
            run_country(definitions, instance, FIRST, None)
            rows, size = _rows(home), _bytes(home)
            event.listen(Pool, "connect", connected)
            event.listen(Pool, "close", closed)
            event.listen(Engine, "before_cursor_execute", executed)
            run_country(definitions, instance, SECOND, None)
            added = _rows(home) - rows
            grown = _bytes(home) - size
    return {
        ROWS: added["event_logs"],
        "rows of other tables": added.total() - added["event_logs"],
        SIZE: round(grown / 1024),
        "statements": asked["statements"],
        "connections, one after the other": asked["connections"],
        "connections open at once": max(opened),
    }


def _databases(home: Path) -> Iterator[sqlite3.Connection]:
    for path in home.rglob("*.db"):
        with closing(sqlite3.connect(path)) as database:
            yield database


def _rows(home: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for database in _databases(home):
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[name] += database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - its own name
    return found


def _bytes(home: Path) -> int:
    """In use, with indices."""
    total = 0
    for database in _databases(home):
        pages, free, size = (
            database.execute(f"PRAGMA {its}").fetchone()[0] for its in ("page_count", "freelist_count", "page_size")
        )
        total += (pages - free) * size
    return total


def _others(countries: int, index: int, deadlines: int) -> Others:
    """`index`, `deadlines`: requests for one country."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "sales.csv.gz")
        rows = _sales_of(countries, file)
        _configs_of(countries, Path(folder))
        configurations = _apart(_load_configs, folder)
        sales, memory = _apart(_read_sales, str(file))
    return Others(countries, rows, configurations, sales, memory, index * countries, deadlines * countries)


def _sales_of(countries: int, target: Path) -> int:
    """The shipped rows over and over, each time under other names; returns their number."""
    header, *lines = gzip.decompress(SALES.read_bytes()).decode().splitlines()
    by_country: dict[str, list[str]] = {}
    for line in lines:
        name, rest = line.split(",", 1)
        by_country.setdefault(name, []).append(rest)
    games = list(by_country.values())
    written = 0
    with gzip.open(target, "wt", compresslevel=1) as file:
        file.write(header + "\n")
        for number in range(countries):
            its = games[number % len(games)]
            file.writelines(f"country_{number},{rest}\n" for rest in its)
            written += len(its)
    return written


def _configs_of(countries: int, folder: Path) -> None:
    text = (ROOT / "configs" / f"{TEMPLATE}.yaml").read_text()
    for number in range(countries):
        name = f"country_{number}"
        (folder / f"{name}.yaml").write_text(text.replace(f"country_name: {TEMPLATE}", f"country_name: {name}"))


def _load_configs(folder: str) -> float:
    from lottery_assets.country import load_countries

    found, seconds = _timed(lambda: load_countries(folder))
    assert not found.complaints
    return seconds


def _read_sales(path: str) -> tuple[float, float]:
    from lottery_assets.sales import read_sales

    _, seconds = _timed(lambda: read_sales(path))
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    answer = call()
    return answer, time.process_time() - start


def _requests() -> tuple[int, int]:
    """To an emulated S3, for one more country: of the page over all countries, and of one look at the deadlines."""
    from aiobotocore.client import AioBaseClient

    from lottery_assets.orchestration.alerts.deadlines import Deadline, published
    from lottery_assets.orchestration.index import renewed
    from lottery_assets.orchestration.resources import Installation
    from lottery_assets.settings import Settings

    call, asked = AioBaseClient._make_api_call, Counter[str]()

    async def counted(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        asked[operation] += 1
        return await call(client, operation, parameters)

    def refuse(problem: str) -> None:
        raise RuntimeError(problem)

    of_index, of_deadline = [], 0
    with tempfile.TemporaryDirectory() as configs, _emulated_s3() as bucket:
        installation = Installation.of(Settings(configs=configs, artifacts=bucket))
        for country in (FIRST, SECOND):
            shutil.copy(ROOT / "configs" / f"{country}.yaml", configs)
            week = _publish(installation, country)
            now = datetime.now(UTC)
            with patch.object(AioBaseClient, "_make_api_call", counted):
                asked.clear()
                renewed(installation, refuse)
                of_index.append(asked.total())
                asked.clear()
                assert published(bucket, Deadline(country, week, now, now))
                of_deadline = asked.total()
    return of_index[1] - of_index[0], of_deadline


def _publish(installation: Any, country: str) -> date:
    import dagster as dg

    from lottery_assets.definitions import build_definitions
    from lottery_assets.orchestration.runs import run_country
    from lottery_assets.settings import Settings

    settings = Settings(configs=installation.configs, artifacts=installation.artifacts)
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = run_country(build_definitions(settings), instance, country, None)
    assert outcome.recommendation
    return outcome.recommendation.week_start


@contextmanager
def _emulated_s3() -> Iterator[str]:
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    account = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        with patch.dict(os.environ, account):
            boto3.client("s3").create_bucket(Bucket="lottery")
            yield "s3://lottery"
    finally:
        server.stop()


def _apart(call: Callable[..., Any], *arguments: Any) -> Any:
    """In a process of its own: its memory is its own, and what it patches ends with it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(call, *arguments).result()
