"""The stack of deploy/template.yaml in the emulated account: its tasks as they are, and around them what they name.

Moto cannot create the stack (of half of its resources it knows nothing), so network, buckets, secrets and topic are made by hand. What a
task's container gets, environment, secrets, command and log, is the template's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.rules.stack import Stack as Template
from lottery_assets_tests.deploy.rules.stack import given, read
from lottery_assets_tests.e2e.postgres import HERE, Postgres
from lottery_assets_tests.orchestration.alerts.conftest import Inbox

REGION, CLUSTER = "eu-west-1", "lottery"
ARTIFACTS, LANDING, LOGS = "lottery-artifacts", "lottery-landing", "lottery-logs"
SALES = "lottery_sales.csv.gz"
DATABASE_SECRET = "lottery/database"
DIGEST = "sha256:" + "5" * 64
ROLES = ("daemon", "webserver")


@dataclass
class Stack:
    """`port`: of the webserver; `url`: its address in alerts; `definitions`: revision of each role's task."""

    inbox: Inbox
    port: int
    url: str
    network: dict[str, Any]
    definitions: dict[str, str]

    def start(self, role: str) -> str:
        """A service with one task; its id."""
        started = boto3.client("ecs").run_task(
            cluster=CLUSTER,
            taskDefinition=self.definitions[role],
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": self.network},
        )
        return started["tasks"][0]["taskArn"].rpartition("/")[2]


def build(database: Postgres, port: int) -> Stack:
    """Whatever the tasks need. Buckets are empty, and every alert goes to a queue."""
    template = Template(
        read(ROOT / "deploy" / "template.yaml"),
        given(ROOT / "deploy" / "parameters" / "staging.json") | {"ImageUri": f"lottery@{DIGEST}"},
    )
    network = _network()
    boto3.client("ecs").create_cluster(clusterName=CLUSTER)
    for bucket in (ARTIFACTS, LANDING, LOGS):
        boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    inbox = Inbox()
    made = {
        "Database.Endpoint.Address": HERE,
        "Database.Endpoint.Port": str(database.port),
        "DatabaseSecret": store_secret(DATABASE_SECRET, database.secret),
        "ArtifactsBucket": ARTIFACTS,
        "LandingBucket": LANDING,
        "LogsBucket": LOGS,
        "AlertsTopic": inbox.topic,
    }
    for name in template.of("Logs::LogGroup"):
        boto3.client("logs").create_log_group(logGroupName=made.setdefault(name, f"/lottery/{name}"))
    definitions = {}
    for role in ("run", *ROLES):
        name = f"{role.title()}TaskDefinition"
        definitions[role] = made[name] = _registered(template.of("ECS::TaskDefinition")[name], made, port)
    return Stack(inbox, port, f"https://{template.parameters['DomainName']}", network, definitions)


def store_secret(name: str, value: str) -> str:
    return boto3.client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"]


def _network() -> dict[str, Any]:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName="lottery", Description="tasks")["GroupId"]
    return {"subnets": [subnet], "securityGroups": [group], "assignPublicIp": "DISABLED"}


def _registered(properties: Mapping[str, Any], made: Mapping[str, str], port: int) -> str:
    """The task as the template has it; roles and volumes are nobody's business here."""
    [container] = properties["ContainerDefinitions"]
    log = container["LogConfiguration"]["Options"]
    here = {"/app/": f"{ROOT}/", "0.0.0.0": HERE, "3000": str(port)}  # noqa: S104 - what it is replaced by is the loopback
    command = [here.get(word, word).replace("/app/", here["/app/"]) for word in container.get("Command", [])]
    whole = {
        "name": container["Name"],
        "image": container["Image"],
        "essential": True,
        "command": command[command.index("--") + 1 :] if command[:1] == ["tini"] else command,  # tini is the image's
        "environment": [
            {"name": its["Name"], "value": its["Value"]} for its in container["Environment"] if its["Value"] != ""
        ],
        "secrets": [{"name": its["Name"], "valueFrom": its["ValueFrom"]} for its in container["Secrets"]],
        "logConfiguration": {"logDriver": "awslogs", "options": log},
    }
    if check := container.get("HealthCheck"):
        words = [word.replace(":3000/", f":{port}/") for word in check["Command"]]
        whole["healthCheck"] = {"command": words, "interval": check["Interval"]}
    return boto3.client("ecs").register_task_definition(
        family=properties["Family"],
        networkMode=properties["NetworkMode"],
        requiresCompatibilities=properties["RequiresCompatibilities"],
        cpu=properties["Cpu"],
        memory=properties["Memory"],
        containerDefinitions=[_with(made, whole)],
    )["taskDefinition"]["taskDefinitionArn"]


def _with(made: Mapping[str, str], node: Any) -> Any:
    """What the template names, by what was made. A name of something that was not is a KeyError."""
    if isinstance(node, str):
        return re.sub(r"\$\{([^}]+)\}", lambda its: made[its[1]], node)
    if isinstance(node, list):
        return [_with(made, its) for its in node]
    return {key: _with(made, value) for key, value in node.items()} if isinstance(node, dict) else node
