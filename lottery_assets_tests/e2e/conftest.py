"""One deployment for all scenarios: deploy/dagster.yaml as it is, with everything around it that production has."""

import gzip
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pandas as pd
import pytest
import yaml
from dagster._core.scheduler.instigation import ScheduleInstigatorData

from lottery_assets_tests import countries
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.e2e import stack as stacks
from lottery_assets_tests.e2e.fargate import Container, Fargate, fargate
from lottery_assets_tests.e2e.postgres import HERE, free_port, postgres
from lottery_assets_tests.e2e.ui import Ui, wait_for

TWENTY = [f"country_{number:02}" for number in range(20)]
ALONE = "punt"
"""A country with a time zone, and so with a schedule, of its own."""
OTHERS = ["atlantis", "lemuria", "avalon", "utopia", "shangri_la", ALONE]
SECRETS = {"avalon": "lottery/cash/avalon", "utopia": "lottery/cash/utopia"}
ANY_RATIO = {"min_payout_ratio_12m": 0.05, "max_payout_ratio_12m": None}
"""Every country is to have an answer, however its made-up draws fell."""
THIS_WEEK = date.today() - timedelta(days=date.today().weekday())
WEEKS = 110


class Deployment:
    """What a test sees of it: the UI, the tasks, the topic's queue, the buckets and Dagster's own books."""

    def __init__(self, stack: stacks.Stack, tasks: Fargate, instance: dg.DagsterInstance) -> None:
        self.stack, self.tasks, self.instance = stack, tasks, instance
        self.ui = Ui(f"http://{HERE}:{stack.port}")
        self.services = {role: stack.start(role) for role in stacks.ROLES}
        self._told: list[dict[str, Any]] = []
        wait_for(self.ui.answers, told=lambda: self.log("webserver"))
        wait_for(lambda: self.ticks("alerts_of_runs"), told=lambda: self.log("daemon"))

    def daemon(self) -> Container:
        return self.tasks.containers[self.services["daemon"]]

    def restart_daemon(self) -> None:
        """As its service does when the task has ended."""
        self.services["daemon"] = self.stack.start("daemon")

    def log(self, role: str) -> str:
        return self.tasks.containers[self.services[role]].log.read_text()[-6000:]

    def ticks(self, sensor: str) -> list[Any]:
        states = [its for its in self.instance.all_instigator_state() if its.instigator_name == sensor]
        return [tick for its in states for tick in self.instance.get_ticks(its.instigator_origin_id, its.selector_id)]

    def kill_daemon(self) -> None:
        """With whatever it was doing."""
        self.daemon().kill()
        assert self.daemon().over.wait(60)

    def miss_last_monday(self, schedule: str) -> None:
        """The daemon is down for a week, as its books have it, and comes back."""
        self.kill_daemon()
        [state] = [its for its in self.instance.all_instigator_state() if its.instigator_name == schedule]
        data = ScheduleInstigatorData(state.instigator_data.cron_schedule, time.time() - 7 * 24 * 3600)
        self.instance.update_instigator_state(state.with_data(data))
        self.restart_daemon()

    def wait(self, run_id: str, *statuses: str, seconds: float = 300) -> str:
        """The run's status, once it is one of these."""

        def reached() -> str | None:
            status = self.ui.status(run_id)
            return status if status in statuses else None

        return wait_for(reached, seconds, told=lambda: f"{self.ui.status(run_id)}\n{self.story(run_id)}")

    def story(self, run_id: str) -> str:
        """What there is to read of a run and of the daemon."""
        logs = [its.log.read_text()[-3000:] for its in self.tasks.of_run(run_id) if its.log.exists()]
        return "\n".join([*logs, self.log("daemon")])

    def told(self, country: str, kind: str) -> list[str]:
        """Messages of the topic about a country, of a kind."""
        self._told += self.stack.inbox.receive()
        of = {"country": country, "kind": kind}
        return [
            its["Message"]
            for its in self._told
            if all(its["MessageAttributes"][key]["Value"] == value for key, value in of.items())
        ]

    def wait_for_message(self, country: str, kind: str) -> str:
        [message, *_] = wait_for(
            lambda: self.told(country, kind), 180, 1.0, lambda: f"{self._told}\n{self.log('daemon')}"
        )
        return message

    def published(self, country: str) -> list[str]:
        """Files of the country's records, below `recommendations/<country>/`."""
        prefix = f"recommendations/{country}/"
        listed = boto3.client("s3").list_objects_v2(Bucket=stacks.ARTIFACTS, Prefix=prefix)
        return [its["Key"].removeprefix(prefix) for its in listed.get("Contents", [])]

    def read(self, path: str) -> str:
        return boto3.client("s3").get_object(Bucket=stacks.ARTIFACTS, Key=path)["Body"].read().decode()


def deliver(sold_until: dict[str, date] | None = None) -> None:
    """The sales of every country up to last week, or to the week that is given, land in the bucket."""
    frames = []
    for seed, name in enumerate([*TWENTY, *OTHERS]):
        frame = countries.sales(weeks=WEEKS, seed=seed, name=name)
        weeks = pd.date_range(end=pd.Timestamp(THIS_WEEK - timedelta(weeks=1)), periods=WEEKS, freq="7D")
        frame["week_start"] = weeks.strftime("%Y-%m-%d")
        until = (sold_until or {}).get(name, THIS_WEEK)
        frames.append(frame[frame["week_start"] <= until.isoformat()])
    body = gzip.compress(pd.concat(frames).to_csv(index=False).encode())
    boto3.client("s3").put_object(Bucket=stacks.LANDING, Key=stacks.SALES, Body=body)


@pytest.fixture(scope="session")
def deployment(moto_server, tmp_path_factory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployment")
    (home := folder / "dagster_home").mkdir()
    shutil.copy(ROOT / "deploy" / "dagster.yaml", home / "dagster.yaml")
    image = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "DAGSTER_HOME": str(home),
        "LOTTERY_CONFIGS": str(_configs(folder)),
        "LOTTERY_GIT_COMMIT": "0" * 40,
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }
    role = {
        "AWS_ENDPOINT_URL": moto_server,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": stacks.REGION,
    }
    with (
        pytest.MonkeyPatch.context() as here,
        postgres() as database,
        fargate(image | {"PGSSLROOTCERT": str(database.authority)}, role, folder) as tasks,
    ):
        for name, value in {**role, "PGSSLROOTCERT": str(database.authority)}.items():
            here.setenv(name, value)
        stack = stacks.build(database, free_port())
        for name in SECRETS.values():
            stacks.store_secret(name, '{"available_cash": 80}')
        deliver()
        for name, value in tasks.environment(stack.definitions["daemon"]).items():
            here.setenv(name, value)  # to read Dagster's books as the daemon does
        with dg.DagsterInstance.from_config(str(home)) as instance:
            yield Deployment(stack, tasks, instance)


def _configs(folder: Path) -> Path:
    configs = folder / "configs"
    configs.mkdir()
    for name in [*TWENTY, *OTHERS]:
        secret = {"available_cash": None, "available_cash_secret_name": SECRETS[name]} if name in SECRETS else {}
        zone = {"timezone": "Africa/Abidjan"} if name == ALONE else {}
        keys = countries.settings(country_name=name, **secret, **zone, **ANY_RATIO)
        (configs / f"{name}.yaml").write_text(yaml.safe_dump(keys))
    return configs
