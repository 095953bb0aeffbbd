"""Names that others rely on: deploy/bootstrap.yaml limits roles by them, the code looks secrets up by them."""

from collections.abc import Iterator

from lottery_assets_tests.deploy.rules.stack import Stack, named
from lottery_assets_tests.deploy.rules.tasks import definitions, environment


def names_are_those_that_bootstrap_allows(stack: Stack) -> Iterator[str]:
    for kind, key, start in (
        ("ECS::Cluster", "ClusterName", "lottery"),
        ("ECS::TaskDefinition", "Family", "lottery-"),
        ("Logs::LogGroup", "LogGroupName", "/lottery/"),
        ("SecretsManager::Secret", "Name", "lottery/"),
        ("KMS::Alias", "AliasName", "alias/lottery"),
    ):
        for name, its in stack.of(kind).items():
            if not str(its.get(key)).startswith(start):
                yield f"{name} is called {its.get(key)}; deploy/bootstrap.yaml allows what begins with {start}"
    if not any(named(its.get("TargetKeyId")) == "Key" for its in stack.of("KMS::Alias").values()):
        yield "the key has no alias, by which the boundary knows it"


def secrets_are_where_the_code_looks(stack: Stack) -> Iterator[str]:
    daemon = environment(definitions(stack)["DaemonTaskDefinition"][1])
    names = {its.get("Name") for its in stack.of("SecretsManager::Secret").values()}
    if "slack" in daemon["LOTTERY_ALERTS"]:
        if daemon.get("LOTTERY_SLACK_TOKEN_SECRET_NAME") not in names:
            yield f"the token of Slack is looked for in {daemon.get('LOTTERY_SLACK_TOKEN_SECRET_NAME')}"
        if daemon.get("LOTTERY_SLACK_CHANNEL") != stack.parameters["SlackChannel"]:
            yield "alerts go to another channel than SlackChannel"
    elif stack.parameters["SlackChannel"]:
        yield "SlackChannel is set, and no alert goes there"
    if not stack.of("SecretsManager::Secret")["DatabaseSecret"]["GenerateSecretString"].get("ExcludePunctuation"):
        yield "RDS refuses some punctuation in a password"


def the_ui_has_its_address(stack: Stack) -> Iterator[str]:
    domain, zone = stack.parameters["DomainName"], stack.parameters["HostedZoneId"]
    said = environment(definitions(stack)["DaemonTaskDefinition"][1]).get("LOTTERY_UI_URL")
    if said != f"https://{domain}":
        yield f"alerts link to {said}"
    target = {"DNSName": "${LoadBalancer.DNSName}", "HostedZoneId": "${LoadBalancer.CanonicalHostedZoneID}"}
    record = {"HostedZoneId": zone, "Name": domain, "Type": "A", "AliasTarget": target}
    if zone and record not in stack.of("Route53::RecordSet").values():
        yield f"{domain} does not lead to the load balancer"


RULES = (names_are_those_that_bootstrap_allows, secrets_are_where_the_code_looks, the_ui_has_its_address)
