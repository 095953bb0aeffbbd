"""Groups open what flows and nothing else; subnets lie apart, tasks and database where nobody comes in."""

import ipaddress
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from lottery_assets_tests.deploy.rules.stack import Stack, named

EVERYWHERE = ("0.0.0.0/0", "::/0")


def ingress(stack: Stack) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """(group, rule) of every rule, wherever it is written."""
    for name, group in stack.of("EC2::SecurityGroup").items():
        yield from ((name, rule) for rule in group.get("SecurityGroupIngress", []))
    for rule in stack.of("EC2::SecurityGroupIngress").values():
        yield named(rule["GroupId"]), rule


def source(rule: dict[str, Any]) -> str | None:
    return named(rule["SourceSecurityGroupId"]) if "SourceSecurityGroupId" in rule else rule.get("CidrIp")


def only_what_flows_comes_in(stack: Stack) -> Iterator[str]:
    clients = stack.parameters["ClientCidr"]
    flows = {
        ("LoadBalancerSecurityGroup", clients, 443),
        ("WebserverSecurityGroup", "LoadBalancerSecurityGroup", 3000),
        ("DatabaseSecurityGroup", "WebserverSecurityGroup", 5432),
        ("DatabaseSecurityGroup", "DaemonSecurityGroup", 5432),
        ("EndpointSecurityGroup", "WebserverSecurityGroup", 443),
        ("EndpointSecurityGroup", "DaemonSecurityGroup", 443),
    }
    for group, rule in ingress(stack):
        opened = (group, source(rule), rule.get("FromPort"))
        if rule["IpProtocol"] != "tcp" or rule.get("FromPort") != rule.get("ToPort") or opened not in flows:
            yield f"{group} lets {source(rule)} in at {rule.get('FromPort')}-{rule.get('ToPort')}; nothing flows there"


def nothing_is_open_to_everybody(stack: Stack) -> Iterator[str]:
    for group, rule in ingress(stack):
        if {rule.get("CidrIp"), rule.get("CidrIpv6")} & set(EVERYWHERE):
            yield f"{group} is open to everybody"


def groups_send_only_what_they_say(stack: Stack) -> Iterator[str]:
    for name, group in stack.of("EC2::SecurityGroup").items():
        if not group.get("SecurityGroupEgress"):
            yield f"{name} has no egress of its own, so it is given all of it"
        for rule in group.get("SecurityGroupEgress", []):
            if rule.get("CidrIp") in EVERYWHERE and (rule.get("FromPort"), rule.get("ToPort")) != (443, 443):
                yield f"{name} may send to everybody at {rule.get('FromPort')}-{rule.get('ToPort')}"


def subnets_lie_apart(stack: Stack) -> Iterator[str]:
    blocks = {name: ipaddress.ip_network(its["CidrBlock"]) for name, its in stack.of("EC2::Subnet").items()}
    for (one, its), (other, others) in combinations(blocks.items(), 2):
        if its.overlaps(others):
            yield f"{one} and {other} overlap"
    clients = ipaddress.ip_network(stack.parameters["ClientCidr"])
    if clients.overlaps(ipaddress.ip_network(stack.parameters["VpcCidr"])):
        yield f"clients come from {clients}, which overlaps the VPC: no route leads back to them"


def private_subnets_are_in_two_zones(stack: Stack) -> Iterator[str]:
    for what, subnets in (
        ("the load balancer", stack.of("ElasticLoadBalancingV2::LoadBalancer")["LoadBalancer"]["Subnets"]),
        ("the database", stack.of("RDS::DBSubnetGroup")["DatabaseSubnets"]["SubnetIds"]),
    ):
        if len({stack.one(its).get("AvailabilityZone") for its in subnets}) < 2:
            yield f"{what} needs subnets in two zones"


def routes(stack: Stack, subnet: Any) -> tuple[str | None, list[dict[str, Any]]]:
    """Route table of a subnet and what is in it."""
    of = stack.of("EC2::SubnetRouteTableAssociation").values()
    table = next((named(its["RouteTableId"]) for its in of if its["SubnetId"] == subnet), None)
    return table, [its for its in stack.of("EC2::Route").values() if named(its["RouteTableId"]) == table]


def tasks_have_no_address_of_their_own(stack: Stack) -> Iterator[str]:
    for name, service in stack.of("ECS::Service").items():
        if service["NetworkConfiguration"]["AwsvpcConfiguration"].get("AssignPublicIp") != "DISABLED":
            yield f"{name} gives its tasks public addresses"
    for name, subnet in stack.of("EC2::Subnet").items():
        if subnet.get("MapPublicIpOnLaunch"):
            yield f"{name} gives public addresses"


def nothing_leads_from_the_internet_to_tasks_or_database(stack: Stack) -> Iterator[str]:
    subnets = [*stack.of("RDS::DBSubnetGroup")["DatabaseSubnets"]["SubnetIds"]]
    for service in stack.of("ECS::Service").values():
        subnets += service["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"]
    for subnet in sorted(set(subnets)):
        if any("GatewayId" in route for route in routes(stack, subnet)[1]):
            yield f"{named(subnet)} has a route from the internet"
    for subnet in stack.of("RDS::DBSubnetGroup")["DatabaseSubnets"]["SubnetIds"]:
        if routes(stack, subnet)[1]:
            yield f"{named(subnet)} of the database has a way out"


RULES = (
    only_what_flows_comes_in,
    nothing_is_open_to_everybody,
    groups_send_only_what_they_say,
    subnets_lie_apart,
    private_subnets_are_in_two_zones,
    tasks_have_no_address_of_their_own,
    nothing_leads_from_the_internet_to_tasks_or_database,
)
