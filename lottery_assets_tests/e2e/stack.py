"""What the CloudFormation stack would have made, made in the emulated account: network, cluster, log group, buckets, secrets, topic, tasks."""

import json
from dataclasses import dataclass
from typing import Any

import boto3

from lottery_assets_tests.e2e.postgres import DATABASE, HERE, USER, Postgres
from lottery_assets_tests.orchestration.alerts.conftest import Inbox

REGION = "eu-west-1"
CLUSTER, FAMILY = "lottery", "lottery"
ARTIFACTS, LANDING, LOGS = "lottery-artifacts", "lottery-landing", "lottery-logs"
DATABASE_SECRET = "lottery/database"
DIGEST = "sha256:" + "5" * 64
ROLES = {"daemon": ["dagster-daemon", "run"], "webserver": ["dagster-webserver", "-h", HERE, "-p"]}


@dataclass
class Stack:
    """`port`: of the webserver; `definitions`: revision of each role's task."""

    inbox: Inbox
    port: int
    network: dict[str, Any]
    definitions: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.port}"

    def start(self, role: str) -> str:
        """A service with one task; its id."""
        started = boto3.client("ecs").run_task(
            cluster=CLUSTER,
            taskDefinition=self.definitions[role],
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": self.network},
        )
        return started["tasks"][0]["taskArn"].rpartition("/")[2]


def build(postgres: Postgres, configs: str, port: int) -> Stack:
    """Whatever the tasks need. Buckets are empty, and every alert goes to a queue."""
    network = _network()
    boto3.client("ecs").create_cluster(clusterName=CLUSTER)
    boto3.client("logs").create_log_group(logGroupName="/lottery")
    for bucket in (ARTIFACTS, LANDING, LOGS):
        boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    secret = store_secret(DATABASE_SECRET, json.dumps({"username": USER, "password": postgres.password}))
    inbox = Inbox()
    everywhere = {
        "AWS_REGION": REGION,
        "DAGSTER_POSTGRES_HOST": HERE,
        "DAGSTER_POSTGRES_PORT": str(postgres.port),
        "DAGSTER_POSTGRES_DB": DATABASE,
        "DAGSTER_POSTGRES_USER": USER,
        "DAGSTER_LOG_BUCKET": LOGS,
        "LOTTERY_CONFIGS": configs,
        "LOTTERY_DATA": f"s3://{LANDING}/sales.csv",
        "LOTTERY_ARTIFACTS": f"s3://{ARTIFACTS}/artifacts",
        "LOTTERY_ALERTS": "log,sns",
        "LOTTERY_SNS_TOPIC_ARN": inbox.topic,
        "LOTTERY_UI_URL": f"http://{HERE}:{port}",
    }
    definitions = {"run": _task("run", None, everywhere, secret)}
    services = everywhere | {"DAGSTER_RUN_TASK_DEFINITION": definitions["run"]}
    for role, command in ROLES.items():
        whole = [*command, str(port)] if role == "webserver" else command
        definitions[role] = _task(role, whole, services, secret)
    return Stack(inbox, port, network, definitions)


def store_secret(name: str, value: str) -> str:
    return boto3.client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"]


def _network() -> dict[str, Any]:
    ec2 = boto3.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName="lottery", Description="tasks")["GroupId"]
    return {"subnets": [subnet], "securityGroups": [group], "assignPublicIp": "DISABLED"}


def _task(role: str, command: list[str] | None, environment: dict[str, str], secret: str) -> str:
    container = {
        "name": role,
        "image": f"lottery@{DIGEST}",
        "essential": True,
        "command": command or [],
        "environment": [{"name": name, "value": value} for name, value in environment.items()],
        "secrets": [{"name": "DAGSTER_POSTGRES_PASSWORD", "valueFrom": f"{secret}:password::"}],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {"awslogs-group": "/lottery", "awslogs-region": REGION, "awslogs-stream-prefix": role},
        },
    }
    made = boto3.client("ecs").register_task_definition(
        family=f"{FAMILY}-{role}",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="1024",
        memory="4096",
        containerDefinitions=[container],
    )
    return made["taskDefinition"]["taskDefinitionArn"]
