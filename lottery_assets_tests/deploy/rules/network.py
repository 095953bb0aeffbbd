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


def everything_is_in_one_network(stack: Stack) -> Iterator[str]:
    for name, its in stack.resources.items():
        if its.get("Properties", {}).get("VpcId", "${Vpc}") != "${Vpc}":
            yield f"{name} is in another network"
    vpc = stack.of("EC2::VPC")["Vpc"]
    if not (vpc.get("EnableDnsSupport") and vpc.get("EnableDnsHostnames")):
        yield "names of endpoints and of the database are not found"


def interfaces(stack: Stack) -> dict[str, dict[str, Any]]:
    """Endpoints that have addresses in subnets."""
    endpoints = stack.of("EC2::VPCEndpoint")
    return {name: its for name, its in endpoints.items() if its["VpcEndpointType"] == "Interface"}


def everything_has_a_group_of_its_own(stack: Stack) -> Iterator[str]:
    balancers, services = stack.of("ElasticLoadBalancingV2::LoadBalancer"), stack.of("ECS::Service")
    having = {name: its.get("VPCSecurityGroups") for name, its in stack.of("RDS::DBInstance").items()}
    having |= {name: its.get("SecurityGroups") for name, its in balancers.items()}
    having |= {name: its.get("SecurityGroupIds") for name, its in interfaces(stack).items()}
    for name, its in services.items():
        having[name] = its["NetworkConfiguration"]["AwsvpcConfiguration"].get("SecurityGroups")
    for name, groups in having.items():
        if not groups or any(named(its) not in stack.of("EC2::SecurityGroup") for its in groups):
            yield f"{name} has no group of its own, so it has the network's"


def subnets_lie_apart(stack: Stack) -> Iterator[str]:
    blocks = {name: ipaddress.ip_network(its["CidrBlock"]) for name, its in stack.of("EC2::Subnet").items()}
    for (one, its), (other, others) in combinations(blocks.items(), 2):
        if its.overlaps(others):
            yield f"{one} and {other} overlap"
    clients = ipaddress.ip_network(stack.parameters["ClientCidr"])
    if clients.overlaps(ipaddress.ip_network(stack.parameters["VpcCidr"])):
        yield f"clients come from {clients}, which overlaps the VPC: no route leads back to them"


def private_subnets_are_in_two_zones(stack: Stack) -> Iterator[str]:
    services = stack.of("ECS::Service").items()
    for what, subnets in (
        *((name, its["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"]) for name, its in services),
        *((name, its.get("SubnetIds", [])) for name, its in interfaces(stack).items()),
        ("the load balancer", stack.of("ElasticLoadBalancingV2::LoadBalancer")["LoadBalancer"]["Subnets"]),
        ("the database", stack.of("RDS::DBSubnetGroup")["DatabaseSubnets"]["SubnetIds"]),
    ):
        if len({stack.one(its).get("AvailabilityZone") for its in subnets}) < 2:
            yield f"{what} is not in two zones"


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
    everything_is_in_one_network,
    everything_has_a_group_of_its_own,
    only_what_flows_comes_in,
    nothing_is_open_to_everybody,
    groups_send_only_what_they_say,
    subnets_lie_apart,
    private_subnets_are_in_two_zones,
    tasks_have_no_address_of_their_own,
    nothing_leads_from_the_internet_to_tasks_or_database,
)
