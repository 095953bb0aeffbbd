"""Task definitions and services: sizes that exist, nobody's user on a read-only root, the environment that the code reads, one daemon."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from lottery_assets.settings import Settings
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.rules.stack import Stack, named

RUN = "RunTaskDefinition"
SECRET_NAME = re.compile(r"PASSWORD|TOKEN|SECRET|CREDENTIAL|PRIVATE_KEY|ACCESS_KEY")
WORKSPACE = "--workspace /app/workspace.yaml"
COMMANDS = {
    "WebserverTaskDefinition": f"tini -- dagster-webserver --host 0.0.0.0 --port 3000 {WORKSPACE}",
    "DaemonTaskDefinition": f"tini -- dagster-daemon run {WORKSPACE}",
}
SENSOR_SECONDS = 300
"""2,000 countries, three requests each, and the alerts of a hundred runs, with S3 slower than usual."""
FARGATE = {  # CPU units: MiB, first, last and step
    256: (512, 2048, 512),
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
}


def definitions(stack: Stack) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Task definition and its only container, by name."""
    return {name: (its, its["ContainerDefinitions"][0]) for name, its in stack.of("ECS::TaskDefinition").items()}


def environment(container: dict[str, Any]) -> dict[str, Any]:
    return {its["Name"]: its["Value"] for its in container.get("Environment", [])}


def secrets(container: dict[str, Any]) -> dict[str, str]:
    return {its["Name"]: its["ValueFrom"] for its in container.get("Secrets", [])}


def fargate_has_the_size(stack: Stack) -> Iterator[str]:
    for name, (task, container) in definitions(stack).items():
        first, last, step = FARGATE.get(int(task["Cpu"]), (1, 0, 1))
        if int(task["Memory"]) not in range(first, last + 1, step):
            yield f"{name}: Fargate has no {task['Cpu']} CPU units with {task['Memory']} MiB"
        if {"Cpu", "Memory", "MemoryReservation"} & container.keys():
            yield f"{name}: a container's own limits stand in the way of a run's"
        if task["NetworkMode"] != "awsvpc" or task["RequiresCompatibilities"] != ["FARGATE"]:
            yield f"{name} is not for Fargate"


def containers_are_locked_down(stack: Stack) -> Iterator[str]:
    for name, (task, container) in definitions(stack).items():
        if container.get("User") != "10001:10001":
            yield f"{name} does not run as the image's user"
        if container.get("ReadonlyRootFilesystem") is not True:
            yield f"{name} may write to its root file system"
        if container.get("LinuxParameters", {}).get("Capabilities") != {"Drop": ["ALL"]} or container.get("Privileged"):
            yield f"{name} keeps capabilities"
        mounted = {its["ContainerPath"]: its for its in container.get("MountPoints", [])}
        volumes = {its["Name"] for its in task.get("Volumes", [])}
        if mounted.keys() != {"/tmp"} or mounted["/tmp"]["SourceVolume"] not in volumes or mounted["/tmp"]["ReadOnly"]:  # noqa: S108
            yield f"{name} has no /tmp to write to"


def every_role_is_the_same_image_by_digest(stack: Stack) -> Iterator[str]:
    for name, (_, container) in definitions(stack).items():
        if container["Image"] != stack.parameters["ImageUri"]:
            yield f"{name} runs {container['Image']}, not ImageUri"


def somebody_reaps_and_passes_signals_on(stack: Stack) -> Iterator[str]:
    for name, (_, container) in definitions(stack).items():
        tini = container.get("Command", [])[:2] == ["tini", "--"]
        if not tini and not container["LinuxParameters"].get("InitProcessEnabled"):
            yield f"{name} has neither tini nor an init process"


def services_do_what_they_are_called(stack: Stack) -> Iterator[str]:
    for name, command in COMMANDS.items():
        if (given := definitions(stack)[name][1].get("Command")) != command.split():
            yield f"{name} does {given}"
    for name, its in stack.of("ECS::Service").items():
        if named(its.get("Cluster")) != "Cluster" or not its.get("DesiredCount"):
            yield f"{name} runs nothing on the cluster of the stack"


def logs_are_kept(stack: Stack) -> Iterator[str]:
    groups = stack.of("Logs::LogGroup")
    for name, (_, container) in definitions(stack).items():
        its = container.get("LogConfiguration", {})
        options = its.get("Options", {})
        if its.get("LogDriver") != "awslogs" or named(options.get("awslogs-group")) not in groups:
            yield f"{name} logs to {options.get('awslogs-group')}, which the stack does not make"
        if not options.get("awslogs-stream-prefix") or options.get("awslogs-region") != "eu-west-1":
            yield f"{name}: without region and stream prefix nobody finds the last words of a run"


def services_say_whether_they_are_well(stack: Stack) -> Iterator[str]:
    asked = {
        "WebserverTaskDefinition": "127.0.0.1:3000/server_info",
        "DaemonTaskDefinition": "dagster-daemon liveness-check",
    }
    for name, (_, container) in definitions(stack).items():
        if name in asked and asked[name] not in " ".join(container.get("HealthCheck", {}).get("Command", [])):
            yield f"{name} has no health check that asks {asked[name]}"


def dagster_finds_its_environment(stack: Stack) -> Iterator[str]:
    text = (ROOT / "deploy" / "dagster.yaml").read_text()
    needed = {*re.findall(r"\{env: (\w+)\}", text), "AWS_DEFAULT_REGION"}  # the latter is what boto3 reads
    launcher = yaml.safe_load(text)["run_launcher"]["config"]
    for name, (_, container) in definitions(stack).items():
        has = environment(container).keys() | secrets(container).keys()
        missing = needed - has - ({"DAGSTER_RUN_TASK_DEFINITION"} if name == RUN else set())
        if missing:
            yield f"{name} lacks {', '.join(sorted(missing))}, which Dagster reads"
        if name == RUN and container["Name"] != launcher["container_name"]:
            yield f"the launcher looks for a container {launcher['container_name']}, {RUN} has {container['Name']}"


def sensors_have_time_for_every_country(stack: Stack) -> Iterator[str]:
    seconds = environment(definitions(stack)["DaemonTaskDefinition"][1]).get(
        "DAGSTER_SENSOR_GRPC_TIMEOUT_SECONDS", "60"
    )
    if int(seconds) < SENSOR_SECONDS:
        yield f"a sensor is cut off after {seconds} s, before it has asked S3 about every country"


def runs_start_from_the_stacks_own_revision(stack: Stack) -> Iterator[str]:
    for name, (_, container) in definitions(stack).items():
        if name != RUN and environment(container).get("DAGSTER_RUN_TASK_DEFINITION") != f"${{{RUN}}}":
            yield f"{name} launches {environment(container).get('DAGSTER_RUN_TASK_DEFINITION')}, not this revision of {RUN}"


def the_code_finds_its_environment(stack: Stack) -> Iterator[str]:
    known = {f"LOTTERY_{field.upper()}" for field in Settings.model_fields}
    made = stack.of("RDS::DBInstance")["Database"].get("DBName", "dagster")  # a snapshot brings its own
    for name, (_, container) in definitions(stack).items():
        has = environment(container)
        if unknown := {key for key in has if key.startswith("LOTTERY_")} - known:
            yield f"{name} sets {', '.join(sorted(unknown))}, which no setting reads"
        if "LOTTERY_IMAGE_DIGEST" in has:
            yield f"{name} sets LOTTERY_IMAGE_DIGEST; the container says what runs"
        for key in ("LOTTERY_DATA", "LOTTERY_ARTIFACTS"):
            if not re.match(r"s3://\$\{\w+\}", has.get(key, "")):
                yield f"{name}: {key} is not in a bucket of the stack"
        if has.get("DAGSTER_POSTGRES_DB") != made:
            yield f"{name} looks for another database than the stack makes"
    daemon, webserver = (environment(definitions(stack)[f"{its}TaskDefinition"][1]) for its in ("Daemon", "Webserver"))
    if daemon["LOTTERY_ALERTS"] != webserver.get("LOTTERY_ALERTS"):
        yield "the UI says that alerts go elsewhere than they do"
    if "sns" in daemon["LOTTERY_ALERTS"] and named(daemon.get("LOTTERY_SNS_TOPIC_ARN")) not in stack.of("SNS::Topic"):
        yield "the daemon alerts a topic that the stack does not make"


def no_secret_is_in_an_environment(stack: Stack) -> Iterator[str]:
    for name, (_, container) in definitions(stack).items():
        for key, value in environment(container).items():
            if "resolve:" in str(value) or (SECRET_NAME.search(key) and not key.endswith("_NAME")):
                yield f"{name}: {key} is readable by whoever may look at the task definition"


def secrets_have_the_keys_that_tasks_ask_for(stack: Stack) -> Iterator[str]:
    for name, (_, container) in definitions(stack).items():
        for key, value in secrets(container).items():
            found = re.fullmatch(r"(\$\{\w+\}):(\w+)::", value)
            secret = stack.one(found[1]).get("GenerateSecretString", {}) if found else {}
            fields = {*json.loads(secret.get("SecretStringTemplate", "{}")), secret.get("GenerateStringKey")}
            if not found or found[2] not in fields:
                yield f"{name}: {key} is taken from {value}; write secret:key:: with a key of that secret"


def there_is_one_daemon(stack: Stack) -> Iterator[str]:
    daemons = [
        (name, its)
        for name, its in stack.of("ECS::Service").items()
        if "dagster-daemon" in stack.one(its["TaskDefinition"]).get("ContainerDefinitions", [{}])[0].get("Command", [])
    ]
    if len(daemons) != 1:
        yield f"{len(daemons)} services run a daemon"
    for name, its in daemons:
        deployment = its.get("DeploymentConfiguration", {})
        counts = (its.get("DesiredCount"), deployment.get("MinimumHealthyPercent"), deployment.get("MaximumPercent"))
        if counts != (1, 0, 100):
            yield f"{name} may run twice: count, minimum and maximum are {counts}, not (1, 0, 100)"
        if its.get("AvailabilityZoneRebalancing") != "DISABLED":
            yield f"{name} may run twice while it moves to another zone"


def services_go_back_by_themselves(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("ECS::Service").items():
        if its.get("DeploymentConfiguration", {}).get("DeploymentCircuitBreaker") != {"Enable": True, "Rollback": True}:
            yield f"{name}: a deployment that never gets well would be waited for for hours"
        if its.get("LaunchType") != "FARGATE":
            yield f"{name}: the launcher copies the launch type of the daemon to runs"


RULES = (
    fargate_has_the_size,
    containers_are_locked_down,
    every_role_is_the_same_image_by_digest,
    somebody_reaps_and_passes_signals_on,
    services_do_what_they_are_called,
    logs_are_kept,
    services_say_whether_they_are_well,
    dagster_finds_its_environment,
    sensors_have_time_for_every_country,
    runs_start_from_the_stacks_own_revision,
    the_code_finds_its_environment,
    no_secret_is_in_an_environment,
    secrets_have_the_keys_that_tasks_ask_for,
    there_is_one_daemon,
    services_go_back_by_themselves,
)
