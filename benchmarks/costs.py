"""What a month on AWS costs, from deploy/template.yaml, the parameters of an environment and a table of list prices.

An estimate for a decision, not a bill: no taxes, discounts or free tiers, and the assumptions below.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.timing import markdown
from lottery_assets_tests.deploy.rules.stack import Stack, given, read

DEPLOY = Path(__file__).parents[1] / "deploy"
MEASURED = re.compile(r"^\| lottery recommend brazil \| ([\d.]+) \|", re.M)
COUNTRIES = (10, 50)

# The only place with prices: USD, on demand, eu-west-1 (Ireland), as AWS's price pages had them in 2025; an assumption to be checked
# at https://calculator.aws before anybody signs for it.
VCPU_HOUR, GB_HOUR = 0.04048, 0.004445  # Fargate, Linux on x86
NAT_HOUR, NAT_GB, ADDRESS_HOUR = 0.048, 0.048, 0.005
ENDPOINT_HOUR = 0.011  # interface endpoint, each zone
BALANCER_HOUR, BALANCER_UNIT_HOUR = 0.0252, 0.008
DATABASE_HOUR = {"db.t4g.micro": 0.017, "db.t4g.small": 0.035, "db.t4g.medium": 0.07, "db.m7g.large": 0.185}
DATABASE_GB_MONTH = 0.127  # gp3
BUCKET_GB_MONTH, PUT = 0.023, 0.0054 / 1000
LOGS_GB, LOGS_GB_MONTH = 0.57, 0.03
ALARM, METRIC, KEY, SECRET = 0.10, 0.30, 1.00, 0.40  # each, a month
REGISTRY_GB_MONTH = 0.10

# Assumptions
HOURS, WEEKS = 730, 52 / 12  # of a month
START_SECONDS = (
    60  # of a run's task, from the pull of the image, which is there anew each time, to the first line of code
)
SLOWER = 3  # Fargate's processor, S3 and Postgres beside the machine on which a run was measured
RERUNS = 1.2  # runs for each that the schedule starts: mended input, retries
RUN_GB, RUN_PUTS, RUN_LOGS_GB = 0.005, 60, 0.001  # objects and lines that a run writes
YEARS = 2  # of artifacts that are there already
SERVICES_LOGS_GB = 2  # lines of webserver and daemon
NAT_TRAFFIC_GB = 5  # layers and objects come by S3's endpoint, which is free of charge
IMAGES_GB = 10

Costs = Mapping[str, float]


def run_seconds() -> float:
    """Paid for one country's run: the start of its task, and the time that benchmarks/README.md has of it, carried over to Fargate."""
    measured = MEASURED.search(Path(__file__).with_name("README.md").read_text(encoding="utf-8"))
    assert measured, (
        "benchmarks/README.md has no time of `lottery recommend brazil`: python -m benchmarks weekly --write"
    )
    return START_SECONDS + SLOWER * float(measured[1])


def month(stack: Stack, countries: int, waiting: float = 0) -> Costs:
    """USD a month, by part. `waiting`: seconds that a run takes longer."""
    runs = countries * WEEKS * RERUNS
    database = stack.of("RDS::DBInstance")["Database"]
    zones = 2 if str(database["MultiAZ"]) == "true" else 1
    endpoints = [its for its in stack.of("EC2::VPCEndpoint").values() if its["VpcEndpointType"] == "Interface"]
    nats = len(stack.of("EC2::NatGateway"))
    stored = runs * 12 * YEARS * RUN_GB
    secrets = len(stack.of("SecretsManager::Secret")) + countries
    return {
        "webserver and daemon": HOURS * sum(_task(stack, name) for name in ("Webserver", "Daemon")),
        "runs": runs * (run_seconds() + waiting) / 3600 * _task(stack, "Run"),
        "database": zones
        * (HOURS * DATABASE_HOUR[database["DBInstanceClass"]] + int(database["AllocatedStorage"]) * DATABASE_GB_MONTH),
        "way out (NAT or endpoints)": nats * (HOURS * (NAT_HOUR + ADDRESS_HOUR) + NAT_TRAFFIC_GB * NAT_GB)
        + HOURS * ENDPOINT_HOUR * sum(len(its["SubnetIds"]) for its in endpoints),
        "load balancer": HOURS * (BALANCER_HOUR + 0.1 * BALANCER_UNIT_HOUR),
        "buckets and registry": stored * BUCKET_GB_MONTH + runs * RUN_PUTS * PUT + IMAGES_GB * REGISTRY_GB_MONTH,
        "logs": (SERVICES_LOGS_GB + runs * RUN_LOGS_GB) * (LOGS_GB + 12 * LOGS_GB_MONTH),
        "alarms, key, secrets": len(stack.of("CloudWatch::Alarm")) * ALARM + METRIC + KEY + secrets * SECRET,
    }


def _task(stack: Stack, role: str) -> float:
    """An hour of a task."""
    its = stack.of("ECS::TaskDefinition")[f"{role}TaskDefinition"]
    return int(its["Cpu"]) / 1024 * VCPU_HOUR + int(its["Memory"]) / 1024 * GB_HOUR


def stack(environment: str, **changes: str) -> Stack:
    """The template with an environment's parameters."""
    image = {"ImageUri": "lottery@sha256:" + "0" * 64}
    parameters = given(DEPLOY / "parameters" / f"{environment}.json") | image | changes
    return Stack(read(DEPLOY / "template.yaml"), parameters)


def table() -> str:
    """USD a month, one column an environment and number of countries."""
    closed = stack("production", Egress="endpoints", S3PrefixListId="pl-0")
    columns = {
        f"staging, {COUNTRIES[0]} countries": month(stack("staging"), COUNTRIES[0]),
        **{f"production, {many}": month(stack("production"), many) for many in COUNTRIES},
        f"production without NAT, {COUNTRIES[-1]}": month(closed, COUNTRIES[-1]),
    }
    parts = next(iter(columns.values()))
    rows: list[list[object]] = [[part, *(f"{its[part]:.2f}" for its in columns.values())] for part in parts]
    rows.append(["**together**", *(f"**{sum(its.values()):.0f}**" for its in columns.values())])
    return markdown("A month on AWS, USD (list prices of eu-west-1, 2025)", ["part", *columns], rows)
