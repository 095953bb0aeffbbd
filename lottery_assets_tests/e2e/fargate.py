"""Fargate on this machine: every task of moto's ECS runs, as a process, with the environment that ECS would give its container.

moto keeps the books of ECS and runs nothing. Here is what it leaves out of a task's life: a start that may fail for want of a secret, a
process with its log, an end with its exit code, a signal where the task is stopped, the address at which a container asks who it is, and
the limit on overrides.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from botocore.exceptions import ClientError
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.models import EC2ContainerServiceBackend, Task, TaskDefinition
from moto.moto_api import state_manager

from lottery_assets_tests.conftest import ROOT

OVERRIDES_LIMIT = 8192
LOG_LINES = 100
LONGEST_STOP = 30.0
"""Seconds from SIGTERM to SIGKILL, as ECS has it."""


class Container:
    """One task and its process."""

    def __init__(self, task: Task, definition: TaskDefinition, log: Path) -> None:
        self.task, self.log = task, log
        [self.definition] = definition.container_definitions
        [its] = (task.overrides or {}).get("containerOverrides") or [{}]
        assert its.get("name", self.definition["name"]) == self.definition["name"], "no such container"
        self.overrides = its
        self.environment: dict[str, str] = {}
        self.process: subprocess.Popen | None = None
        self.begun: float | None = None
        self.ended: float | None = None
        self.over = threading.Event()

    @property
    def run_id(self) -> str | None:
        return next((tag["value"] for tag in self.task.tags if tag["key"] == "dagster/run_id"), None)

    @property
    def command(self) -> list[str]:
        return self.overrides.get("command") or self.definition["command"]

    def healthy(self) -> bool:
        """What the definition's health check says."""
        kind, command = self.definition["healthCheck"]["command"]
        assert kind == "CMD-SHELL"
        asked = subprocess.run(["/bin/sh", "-c", command], env=self.environment, cwd=ROOT, capture_output=True)
        return asked.returncode == 0

    def kill(self) -> None:
        """As when the memory is full: at once, and every process of it."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM to the first process, and later the end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
        timer = threading.Timer(LONGEST_STOP, self.kill)
        timer.daemon = True
        timer.start()

    def _signal(self, number: int) -> None:
        if self.process and not self.over.is_set():
            os.killpg(self.process.pid, number)


class Fargate:
    """`image`: environment that the image brings; `role`: the one that the task's role and the platform bring."""

    def __init__(self, image: Mapping[str, str], role: Mapping[str, str], folder: Path) -> None:
        self._image, self._role, self._folder = image, role, folder
        self.containers: dict[str, Container] = {}
        self._metadata = _metadata_server(self.containers)
        self._closing = False

    def start(self, task: Task, definition: TaskDefinition) -> None:
        its = self.containers[task.id] = Container(task, definition, self._folder / f"{task.id}.log")
        task.status = "PROVISIONING"
        threading.Thread(target=self._live, args=(its,), daemon=True).start()

    def of_run(self, run_id: str) -> list[Container]:
        return [its for its in list(self.containers.values()) if its.run_id == run_id]

    def environment(self, definition: str) -> dict[str, str]:
        """What a task of this revision is given by its definition."""
        described = boto3.client("ecs").describe_task_definition(taskDefinition=definition)
        [container] = described["taskDefinition"]["containerDefinitions"]
        return {**_pairs(container), **_secrets(container)}

    def close(self) -> None:
        self._closing = True
        for its in list(self.containers.values()):
            its.kill()
        for its in list(self.containers.values()):
            its.over.wait(30)
        self._metadata.shutdown()
        self._metadata.server_close()

    def _live(self, its: Container) -> None:
        try:
            secrets = _secrets(its.definition)
        except (ClientError, KeyError) as error:
            self._stopped(
                its, None, f"ResourceInitializationError: unable to pull secrets: {error}", "TaskFailedToStart"
            )
            return
        its.environment = {
            **self._image,
            **self._role,
            "ECS_CONTAINER_METADATA_URI_V4": f"http://127.0.0.1:{self._metadata.server_port}/v4/{its.task.id}",
            **_pairs(its.definition),
            **secrets,
            **_pairs(its.overrides),
        }
        with open(its.log, "w") as log:
            its.process = subprocess.Popen(
                its.command, env=its.environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        its.begun = time.time()
        its.task.status = "RUNNING"
        code = its.process.wait()
        self._stopped(
            its, code if code >= 0 else 128 - code, "Essential container in task exited", "EssentialContainerExited"
        )

    def _stopped(self, its: Container, code: int | None, reason: str, stop_code: str) -> None:
        if its.process and not self._closing:
            _put_log(its)
        its.ended = time.time()
        [container] = its.task.containers
        container.exitCode, container.last_status = code, "STOPPED"
        its.task.stopped_reason = its.task.stopped_reason or reason
        its.task.stop_code = stop_code
        its.task.desired_status = its.task.status = "STOPPED"
        its.over.set()


def _pairs(of: Mapping[str, Any]) -> dict[str, str]:
    return {pair["name"]: pair["value"] for pair in of.get("environment", [])}


def _secrets(definition: Mapping[str, Any]) -> dict[str, str]:
    """What the execution role fetches before the start: a whole secret, or one key of it (`arn:key::`)."""
    client, found = boto3.client("secretsmanager"), {}
    for its in definition.get("secrets", []):
        arn, key = its["valueFrom"], None
        if len(parts := arn.split(":")) > 7:
            arn, key = ":".join(parts[:7]), parts[7]
        value = client.get_secret_value(SecretId=arn)["SecretString"]
        found[its["name"]] = str(json.loads(value)[key]) if key else value
    return found


def _put_log(its: Container) -> None:
    options = its.definition["logConfiguration"]["options"]
    stream = f"{options['awslogs-stream-prefix']}/{its.definition['name']}/{its.task.id}"
    lines = its.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
    logs, now = boto3.client("logs"), int(time.time() * 1000)
    logs.create_log_stream(logGroupName=options["awslogs-group"], logStreamName=stream)
    if events := [{"timestamp": now, "message": line} for line in lines if line]:
        logs.put_log_events(logGroupName=options["awslogs-group"], logStreamName=stream, logEvents=events)


def _metadata_server(containers: Mapping[str, Container]) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _, _, task_id, *rest = self.path.split("/")
            its = containers[task_id]
            image = its.definition["image"]
            answer = {"Name": its.definition["name"], "Image": image, "ImageID": image.rpartition("@")[2]}
            if rest == ["task"]:
                answer = {"Cluster": its.task.cluster_arn, "TaskARN": its.task.task_arn}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@contextmanager
def fargate(image: Mapping[str, str], role: Mapping[str, str], folder: Path) -> Iterator[Fargate]:
    """Moto's ECS with tasks that run; every process of theirs is gone at the end."""
    its = Fargate(image, role, folder)
    honest = EC2ContainerServiceBackend.run_task

    def run_task(
        backend: EC2ContainerServiceBackend, cluster: str, definition: str, count: int, overrides: Any, *rest: Any
    ) -> Any:
        if len(json.dumps(overrides or {})) > OVERRIDES_LIMIT:
            raise InvalidParameterException("Container Overrides length must be at most 8192")
        tasks = honest(backend, cluster, definition, count, overrides, *rest)
        for task in tasks:
            its.start(task, backend.describe_task_definition(definition))
        return tasks

    def stop_task(backend: EC2ContainerServiceBackend, cluster: str, arn: str, reason: str) -> Task:
        stopped = its.containers[arn.rpartition("/")[2]]
        stopped.task.desired_status, stopped.task.stopped_reason = "STOPPED", reason or "Task stopped by user"
        stopped.stop()
        return stopped.task

    def resources(definition: TaskDefinition) -> dict[str, Any]:
        """A container without memory of its own is legal: the task has it."""
        return {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}

    never = {"progression": "manual", "times": 10**9}
    state_manager.set_transition(
        "ecs::task", never
    )  # a task ends when its process does, not when it has been looked at often
    try:
        with patch.multiple(
            EC2ContainerServiceBackend,
            run_task=run_task,
            stop_task=stop_task,
            _calculate_task_resource_requirements=staticmethod(resources),
        ):
            yield its
    finally:
        its.close()
        state_manager.unset_transition("ecs::task")
