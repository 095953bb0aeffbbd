"""Alarms that can ring: about a metric that somebody writes, to a topic that takes them, and when nothing is heard any more."""

import json
import re
from collections.abc import Iterator

from lottery_assets.orchestration.alerts.sensors import heartbeat
from lottery_assets_tests.deploy.rules.stack import Stack, listed, named
from lottery_assets_tests.deploy.rules.tasks import definitions

WATCHED = {
    ("Lottery", "CountriesOverdue"): ("Maximum", "GreaterThanThreshold", 0),
    ("AWS/ECS", "CPUUtilization"): ("SampleCount", "LessThanThreshold", 1),
    ("AWS/ApplicationELB", "HealthyHostCount"): ("Minimum", "LessThanThreshold", 1),
    ("AWS/RDS", "FreeStorageSpace"): ("Minimum", "LessThanThreshold", 2 * 1024**3),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): ("Maximum", "GreaterThanThreshold", 0),
}
MEASURES = {
    "ClusterName": "AWS::ECS::Cluster",
    "ServiceName": "AWS::ECS::Service",
    "LoadBalancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "TargetGroup": "AWS::ElasticLoadBalancingV2::TargetGroup",
    "DBInstanceIdentifier": "AWS::RDS::DBInstance",
    "QueueName": "AWS::SQS::Queue",
}
DIMENSIONS = {
    "Lottery": set(),
    "AWS/ECS": {"ClusterName", "ServiceName"},
    "AWS/ApplicationELB": {"LoadBalancer", "TargetGroup"},
    "AWS/RDS": {"DBInstanceIdentifier"},
    "AWS/SQS": {"QueueName"},
}
HOUR, DAY = 3600, 86400


def what_matters_is_watched(stack: Stack) -> Iterator[str]:
    alarms = {(its["Namespace"], its["MetricName"]): its for its in stack.of("CloudWatch::Alarm").values()}
    for (namespace, metric), when in WATCHED.items():
        its = alarms.get((namespace, metric))
        if its is None:
            yield f"nobody watches {namespace} {metric}"
        elif (its.get("Statistic"), its["ComparisonOperator"], its.get("Threshold")) != when:
            yield f"the alarm of {metric} rings when all is well, or never"


def alarms_are_heard(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("CloudWatch::Alarm").items():
        topics = its.get("AlarmActions", [])
        if not topics or its.get("OKActions") != topics or its.get("ActionsEnabled") is False:
            yield f"{name} does not tell people when it rings and when it ends"
        for topic in topics:
            if not _lets_in(stack, topic):
                yield f"{name}: {named(topic)} takes nothing from CloudWatch"
            if not any(one["TopicArn"] == topic for one in stack.of("SNS::Subscription").values()):
                yield f"{name}: nobody listens to {named(topic)}"


def _lets_in(stack: Stack, topic: str) -> bool:
    return any(
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
        and topic in listed(statement["Resource"])
        and statement.get("Action") == "sns:Publish"
        for policy in stack.of("SNS::TopicPolicy").values()
        if topic in policy["Topics"]
        for statement in policy["PolicyDocument"]["Statement"]
    )


def silence_is_an_alarm(stack: Stack) -> Iterator[str]:
    """An idle queue alone reports nothing while all is well."""
    for name, its in stack.of("CloudWatch::Alarm").items():
        if its.get("TreatMissingData") != ("notBreaching" if its["Namespace"] == "AWS/SQS" else "breaching"):
            yield f"{name} takes silence for {its.get('TreatMissingData', 'missing')}"


def alarms_measure_what_is_there(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("CloudWatch::Alarm").items():
        dimensions = {one["Name"]: one["Value"] for one in its.get("Dimensions", [])}
        if dimensions.keys() != DIMENSIONS.get(its["Namespace"]):
            yield f"{name}: {its['Namespace']} has no metric by {sorted(dimensions)}"
        for dimension, value in dimensions.items():
            if stack.resources.get(named(value) or "", {}).get("Type") != MEASURES.get(dimension):
                yield f"{name} measures {dimension} {value}, which the stack does not make"


def alarms_look_back_no_further_than_they_can(stack: Stack) -> Iterator[str]:
    """AWS: seven days, and one day where a period is shorter than an hour."""
    for name, its in stack.of("CloudWatch::Alarm").items():
        if its["Period"] * its["EvaluationPeriods"] > (7 * DAY if its["Period"] >= HOUR else DAY):
            yield f"{name} looks back further than an alarm can"


def the_daemons_heartbeat_is_heard(stack: Stack) -> Iterator[str]:
    said = json.loads(heartbeat(due=9, overdue=2))
    container = definitions(stack)["DaemonTaskDefinition"][1]
    filters = stack.of("Logs::MetricFilter")
    written = {
        (one["MetricNamespace"], one["MetricName"]) for its in filters.values() for one in its["MetricTransformations"]
    }
    for name, its in stack.of("CloudWatch::Alarm").items():
        if not its["Namespace"].startswith("AWS/") and (its["Namespace"], its["MetricName"]) not in written:
            yield f"{name}: nobody writes {its['Namespace']} {its['MetricName']}"
    for name, its in filters.items():
        if its["LogGroupName"] != container["LogConfiguration"]["Options"]["awslogs-group"]:
            yield f"{name} listens to another log than the daemon's"
        pattern = re.fullmatch(r'\{ \$\.(\w+) = "(\w+)" \}', its["FilterPattern"])
        if not pattern or said.get(pattern[1]) != pattern[2]:
            yield f"{name} does not know the line {json.dumps(said)}"
        for one in its["MetricTransformations"]:
            if said.get(one["MetricValue"].removeprefix("$.")) != 2:
                yield f"{name} takes {one['MetricValue']} for the number of countries that are late"


def what_is_not_taken_is_kept(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("SNS::Subscription").items():
        queue = its.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        allowed = [
            statement
            for policy in stack.of("SQS::QueuePolicy").values()
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Allow"
            and statement["Principal"] == {"Service": "sns.amazonaws.com"}
            and statement["Resource"] == queue
            and statement.get("Action") == "sqs:SendMessage"
            and named(queue) in map(named, policy.get("Queues", []))
            and its["TopicArn"] in listed(statement.get("Condition", {}).get("ArnEquals", {}).get("aws:SourceArn"))
        ]
        if not allowed:
            yield f"{name}: what its subscriber does not take is lost"


def messages_travel_by_tls_alone(stack: Stack) -> Iterator[str]:
    kinds = (("SNS::TopicPolicy", "Topics", "sns:Publish"), ("SQS::QueuePolicy", "Queues", "sqs:SendMessage"))
    guarded = set()
    for kind, way, action in kinds:
        for policy in stack.of(kind).values():
            for its in policy["PolicyDocument"]["Statement"]:
                plain = its["Effect"] == "Deny" and its.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
                if plain and (its.get("Principal"), its.get("Action")) == ("*", action):
                    guarded |= {named(its.get("Resource"))} & set(map(named, policy.get(way, [])))
    for name in sorted((stack.of("SNS::Topic").keys() | stack.of("SQS::Queue").keys()) - guarded):
        yield f"{name} takes messages without TLS"


RULES = (
    messages_travel_by_tls_alone,
    what_matters_is_watched,
    alarms_are_heard,
    silence_is_an_alarm,
    alarms_measure_what_is_there,
    alarms_look_back_no_further_than_they_can,
    the_daemons_heartbeat_is_heard,
    what_is_not_taken_is_kept,
)
