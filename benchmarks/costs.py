"""What a month costs: sizes as the template and its parameters have them, times list prices that are typed here.

Nothing is fetched: prices are an assumption, and so is whatever stands under `Use`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.timing import markdown
from lottery_assets_tests.deploy.rules.stack import Stack, given, read

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
MEASURED = re.compile(r"^\| lottery recommend brazil \| ([\d.]+) \|", re.M)

REGION, AS_OF = "eu-central-1", "November 2026"
HOURS = 730
WEEKS = 365.25 / 12 / 7
"""In a month, both."""


@dataclass(frozen=True)
class Prices:
    """List prices without tax in US dollars, on demand, in REGION; typed from public lists, AS_OF."""

    vcpu_hour: float = 0.04656
    memory_gb_hour: float = 0.00511
    nat_hour: float = 0.052
    nat_gb: float = 0.052
    address_hour: float = 0.005
    endpoint_hour: float = 0.012
    endpoint_gb: float = 0.01
    load_balancer_hour: float = 0.027
    load_balancer_unit_hour: float = 0.008
    database_storage_gb: float = 0.137
    key: float = 1.0
    secret: float = 0.40
    alarm: float = 0.10
    metric: float = 0.30
    logs_gb: float = 0.63
    s3_gb: float = 0.0245
    images_gb: float = 0.10


DATABASE_HOUR = {"db.t4g.micro": 0.019, "db.t4g.small": 0.037, "db.t4g.medium": 0.075, "db.m7g.large": 0.205}
"""In one zone; a second one doubles it, and the storage."""


@dataclass(frozen=True)
class Use:
    """What no template says."""

    start_seconds: float = 60
    """From the launch of a task to the first line of its code: the image is fetched anew each time."""
    slower: float = 3
    """A Fargate processor, S3 and Postgres beside the laptop on which a run was measured."""
    traffic_gb: float = 5
    """A month through the NAT gateway or the endpoints, without S3, which has its own way."""
    load_balancer_units: float = 0.1
    logs_gb: float = 0.5
    """Of webserver and daemon, a month."""
    logs_of_run_mb: float = 0.1
    record_mb: float = 1.5
    """A country's week in the buckets, its intermediate results and earlier versions included."""
    years: float = 10
    """For which records lie there."""
    images_gb: float = 5


PRICES, USE = Prices(), Use()
Line = tuple[str, str, float]
"""(part, what the template says of it, dollars a month)."""


def table() -> str:
    """One row a part, one column a way to run it."""
    columns = {
        "staging, 10 countries": month("staging", 10),
        "production, 10": month("production", 10),
        "production, 50": month("production", 50),
        "production, 50, endpoints": month("production", 50, ENDPOINTS),
    }
    production = columns["production, 50"]
    rows = [
        [part, said, *(f"{_of(lines, part):.2f}" for lines in columns.values())] for part, said, _ in production
    ] + [["**a month**", "", *(f"**{total(lines):.0f}**" for lines in columns.values())]]
    return markdown(
        f"US dollars a month in {REGION}, list prices as of {AS_OF}",
        ["part", "for production, 50 countries", *columns],
        rows,
    )


ENDPOINTS = {"Egress": "endpoints", "S3PrefixListId": "pl-0", "SlackChannel": "", "OidcIssuer": ""}


def month(environment: str, countries: int, changed: Mapping[str, str] | None = None) -> list[Line]:
    """What the stack costs in a month with so many countries. `changed`: parameters other than the environment's file has them."""
    parameters = given(DEPLOY / "parameters" / f"{environment}.json") | dict(changed or {})
    stack = Stack(read(DEPLOY / "template.yaml"), {"ImageUri": "lottery@sha256:0", **parameters})
    return [*_services(stack), _runs(stack, countries), *_database(stack), _egress(stack), *_rest(stack, countries)]


def total(lines: list[Line]) -> float:
    """Dollars a month."""
    return sum(dollars for _, _, dollars in lines)


def seconds_of_run() -> float:
    """Billed for one country's run: the time measured in benchmarks/README.md, carried over to Fargate, and the start of its task."""
    measured = MEASURED.search((ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8"))
    assert measured, (
        "benchmarks/README.md has no time of `lottery recommend brazil`; python -m benchmarks weekly --write"
    )
    return USE.start_seconds + USE.slower * float(measured[1])


def _of(lines: list[Line], part: str) -> float:
    return sum(dollars for name, _, dollars in lines if name == part)


def _task_hour(definition: Mapping[str, str]) -> tuple[str, float]:
    vcpu, memory = int(definition["Cpu"]) / 1024, int(definition["Memory"]) / 1024
    return f"{vcpu:g} vCPU, {memory:g} GB", vcpu * PRICES.vcpu_hour + memory * PRICES.memory_gb_hour


def _services(stack: Stack) -> list[Line]:
    lines = []
    for service in stack.of("ECS::Service").values():
        definition = stack.one(service["TaskDefinition"])
        size, hour = _task_hour(definition)
        name = definition["Family"].removeprefix("lottery-")
        lines.append((name, f"{service['DesiredCount']} task of {size}", int(service["DesiredCount"]) * HOURS * hour))
    return lines


def _runs(stack: Stack, countries: int) -> Line:
    [definition] = [its for its in stack.of("ECS::TaskDefinition").values() if its["Family"] == "lottery-run"]
    size, hour = _task_hour(definition)
    seconds = seconds_of_run()
    return "runs", f"{countries} a week, {seconds:.0f} s of {size}", countries * WEEKS * seconds / 3600 * hour


def _database(stack: Stack) -> list[Line]:
    [its] = stack.of("RDS::DBInstance").values()
    zones = 2 if str(its["MultiAZ"]) == "true" else 1
    storage = int(its["AllocatedStorage"])
    where = "two zones" if zones == 2 else "one zone"
    return [
        ("database", f"{its['DBInstanceClass']}, {where}", zones * HOURS * DATABASE_HOUR[its["DBInstanceClass"]]),
        ("its storage", f"{storage} GB, {where}", zones * storage * PRICES.database_storage_gb),
    ]


def _egress(stack: Stack) -> Line:
    gateways, addresses = len(stack.of("EC2::NatGateway")), len(stack.of("EC2::EIP"))
    interfaces = sum(
        len(its["SubnetIds"]) for its in stack.of("EC2::VPCEndpoint").values() if its["VpcEndpointType"] == "Interface"
    )
    fixed = gateways * PRICES.nat_hour + addresses * PRICES.address_hour + interfaces * PRICES.endpoint_hour
    gb = PRICES.nat_gb if gateways else PRICES.endpoint_gb
    said = f"{gateways} NAT gateway, {addresses} address" if gateways else f"{interfaces} interfaces of endpoints"
    return "way out", said, HOURS * fixed + USE.traffic_gb * gb


def _rest(stack: Stack, countries: int) -> list[Line]:
    balancers, keys = len(stack.of("ElasticLoadBalancingV2::LoadBalancer")), len(stack.of("KMS::Key"))
    secrets = len(stack.of("SecretsManager::Secret")) + countries
    alarms, metrics = len(stack.of("CloudWatch::Alarm")), len(stack.of("Logs::MetricFilter"))
    logs = USE.logs_gb + countries * WEEKS * USE.logs_of_run_mb / 1024
    records = countries * WEEKS * 12 * USE.years * USE.record_mb / 1024
    units = PRICES.load_balancer_hour + USE.load_balancer_units * PRICES.load_balancer_unit_hour
    return [
        ("load balancer", f"{balancers}", balancers * HOURS * units),
        ("key", f"{keys}", keys * PRICES.key),
        ("secrets", f"{secrets}, one a country for its cash", secrets * PRICES.secret),
        ("alarms", f"{alarms}, and {metrics} metric", alarms * PRICES.alarm + metrics * PRICES.metric),
        ("logs", f"{logs:.1f} GB", logs * PRICES.logs_gb),
        ("records", f"{records:.1f} GB after {USE.years:g} years", records * PRICES.s3_gb),
        ("images", f"{USE.images_gb:g} GB", USE.images_gb * PRICES.images_gb),
    ]
