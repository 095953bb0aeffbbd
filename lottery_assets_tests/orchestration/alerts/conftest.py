"""An operator whose alerts arrive: a stand-in for Slack over HTTP, a topic of SNS with a queue behind it, sensors as Dagster evaluates them."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import dagster as dg
import pytest

from lottery_assets.definitions import build_definitions
from lottery_assets.orchestration.alerts.message import Alert

CHANNEL, TOKEN = "#lottery-alerts", "xoxb-1"


class SlackServer:
    """Answers `chat.postMessage` as Slack does; `refuses` is the error it answers with, for every message or for some."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.tries = 0
        self.refuses: Callable[[dict[str, Any]], str | None] = lambda post: None
        self.instead: tuple[int, dict[str, str], bytes] | None = None
        """Status, headers and body with which something else answers in its place."""
        its = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                post = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                its.tries += 1
                error = its.refuses(post)
                if self.headers["Authorization"] != f"Bearer {TOKEN}":
                    error = "invalid_auth"
                if error is None and self.path == "/api/chat.postMessage":
                    its.posts.append(post)
                answer = json.dumps({"ok": error is None, "error": error}).encode()
                status, headers, answer = its.instead or (200, {"Content-Type": "application/json"}, answer)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def titles(self) -> list[str]:
        return [post["text"] for post in self.posts]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def slack(monkeypatch) -> Iterator[SlackServer]:
    monkeypatch.setenv("SLACK_TOKEN", TOKEN)
    server = SlackServer()
    yield server
    server.close()


class Inbox:
    """A queue that is subscribed to the topic."""

    def __init__(self) -> None:
        sns, self._sqs = boto3.client("sns"), boto3.client("sqs")
        self.topic = sns.create_topic(Name="lottery")["TopicArn"]
        self._url = self._sqs.create_queue(QueueName="operators")["QueueUrl"]
        arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=arn)

    def receive(self) -> list[dict[str, Any]]:
        """Everything that has come in since; each is told once."""
        found = []
        while got := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages"):
            for message in got:
                found.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return found


@pytest.fixture
def inbox(aws) -> Inbox:
    return Inbox()


@pytest.fixture
def instance(tmp_path) -> Iterator[dg.DagsterInstance]:
    """A real one, on a disk."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as its:
        yield its


class Told(logging.Handler):
    """What the log home has written."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@pytest.fixture
def tick(operator, instance) -> Callable[..., str]:
    """Evaluates a sensor as the daemon does and returns what its tick says; an exception is a failed tick."""

    def evaluate(name: str = "alerts_of_runs") -> str:
        definitions = build_definitions(operator.settings)
        sensor = next(its for its in definitions.sensors if its.name == name)
        with dg.build_sensor_context(instance=instance, repository_def=definitions.get_repository_def()) as context:
            context.log.addHandler(operator.told)
            return sensor.evaluate_tick(context).skip_message

    operator.told = Told()
    return evaluate


@pytest.fixture
def talking(operator, slack, tick) -> Any:
    """The operator with Slack as its only home, alerts having begun."""
    settings = {"alerts": "slack", "slack_channel": CHANNEL, "slack_api_url": slack.url, "ui_url": "http://ui"}
    operator.settings = operator.settings.model_copy(update=settings)
    tick()
    return operator


def alert(**changes: Any) -> Alert:
    """Any alert."""
    basics = {
        "kind": "bad_input",
        "key": "run:1",
        "country": "atlantis",
        "week": "2024-01-29",
        "what": "sales.csv, row 7: tickets_sold is 'many'; write a number",
        "do": "mend the row",
        "link": "http://ui/runs/1",
    }
    return Alert(**(basics | changes))
