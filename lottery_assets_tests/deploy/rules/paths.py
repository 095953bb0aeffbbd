"""What must talk to each other can: out of one group, into the other, along a route."""

from collections.abc import Iterator
from typing import Any

from lottery_assets_tests.deploy.rules.network import EVERYWHERE, ingress, routes, source
from lottery_assets_tests.deploy.rules.stack import Stack, named

NEEDED = ("ecr.api", "ecr.dkr", "logs", "secretsmanager", "ecs", "ec2", "sns")
"""What tasks and the agent of Fargate ask of AWS, S3 apart."""


def groups_of(stack: Stack, service: str) -> list[str | None]:
    its = stack.of("ECS::Service")[service]["NetworkConfiguration"]["AwsvpcConfiguration"]
    return [named(group) for group in its["SecurityGroups"]]


def _sends(stack: Stack, group: str | None, port: int) -> list[dict[str, Any]]:
    rules = stack.of("EC2::SecurityGroup").get(group or "", {}).get("SecurityGroupEgress", [])
    return [rule for rule in rules if rule.get("FromPort") == port == rule.get("ToPort")]


def _connected(stack: Stack, sender: str | None, receiver: str | None, port: int) -> Iterator[str]:
    if receiver not in {named(rule.get("DestinationSecurityGroupId")) for rule in _sends(stack, sender, port)}:
        yield f"{sender} may not send to {receiver} at {port}"
    if (receiver, sender, port) not in {(group, source(rule), rule.get("FromPort")) for group, rule in ingress(stack)}:
        yield f"{receiver} lets nothing in from {sender} at {port}"


def tasks_reach_the_database(stack: Stack) -> Iterator[str]:
    """Runs too: they are launched in the daemon's network."""
    database = stack.of("RDS::DBInstance")["Database"]
    for service in stack.of("ECS::Service"):
        for group in groups_of(stack, service):
            for target in database["VPCSecurityGroups"]:
                yield from _connected(stack, group, named(target), int(database.get("Port", 5432)))


def the_load_balancer_reaches_the_webserver(stack: Stack) -> Iterator[str]:
    balancer = stack.of("ElasticLoadBalancingV2::LoadBalancer")["LoadBalancer"]
    port = stack.of("ElasticLoadBalancingV2::TargetGroup")["TargetGroup"]["Port"]
    for sender in balancer["SecurityGroups"]:
        for group in groups_of(stack, "WebserverService"):
            yield from _connected(stack, named(sender), group, port)


def people_reach_the_load_balancer(stack: Stack) -> Iterator[str]:
    for listener in stack.of("ElasticLoadBalancingV2::Listener").values():
        groups = [named(its) for its in stack.one(listener["LoadBalancerArn"])["SecurityGroups"]]
        clients = stack.parameters["ClientCidr"]
        if (clients, listener["Port"]) not in {
            (source(rule), rule["FromPort"]) for group, rule in ingress(stack) if group in groups
        }:
            yield f"{clients} cannot reach the load balancer at {listener['Port']}"


def _leads_to_the_internet(stack: Stack, route: dict[str, Any]) -> bool:
    attached = stack.of("EC2::VPCGatewayAttachment").values()
    return route.get("DestinationCidrBlock") in EVERYWHERE and any(
        its.get("InternetGatewayId") == route.get("GatewayId") for its in attached
    )


def the_load_balancer_reaches_the_identity_provider(stack: Stack) -> Iterator[str]:
    for its in stack.of("ElasticLoadBalancingV2::LoadBalancer").values() if stack.parameters["OidcIssuer"] else ():
        for group in its["SecurityGroups"]:
            if not any(rule.get("CidrIp") in EVERYWHERE for rule in _sends(stack, named(group), 443)):
                yield f"{named(group)} may not send to the identity provider"


def tasks_reach_aws_through_nat(stack: Stack) -> Iterator[str]:
    if stack.parameters["Egress"] != "nat":
        return
    for service, its in stack.of("ECS::Service").items():
        for group in groups_of(stack, service):
            if not any(rule.get("CidrIp") in EVERYWHERE for rule in _sends(stack, group, 443)):
                yield f"{group} of {service} may not send to AWS"
        for subnet in its["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"]:
            out = [route for route in routes(stack, subnet)[1] if route["DestinationCidrBlock"] in EVERYWHERE]
            gateway = stack.one(out[0].get("NatGatewayId")) if out else {}
            if not gateway:
                yield f"{named(subnet)} of {service} has no route to a NAT gateway"
            elif not any(_leads_to_the_internet(stack, route) for route in routes(stack, gateway["SubnetId"])[1]):
                yield f"the NAT gateway of {named(subnet)} has no route to the internet"


def tasks_reach_aws_through_endpoints(stack: Stack) -> Iterator[str]:
    if stack.parameters["Egress"] != "endpoints":
        return
    endpoints = {
        its["ServiceName"].removeprefix("com.amazonaws.eu-west-1."): its
        for its in stack.of("EC2::VPCEndpoint").values()
    }
    sagemaker = ("sagemaker.api",) if stack.parameters["ModelRegistry"] == "sagemaker" else ()
    for name in (*NEEDED, *sagemaker):
        if name not in endpoints:
            yield f"there is no endpoint for {name}"
    for name, endpoint in endpoints.items():
        if endpoint["VpcEndpointType"] == "Interface" and not endpoint.get("PrivateDnsEnabled"):
            yield f"the endpoint for {name} does not answer to the service's own name"
    for service in stack.of("ECS::Service"):
        for group in groups_of(stack, service):
            for target in {
                named(its) for name in NEEDED for its in endpoints.get(name, {}).get("SecurityGroupIds", [])
            }:
                yield from _connected(stack, group, target, 443)
            if not any("DestinationPrefixListId" in rule for rule in _sends(stack, group, 443)):
                yield f"{group} of {service} may not send to S3"


def s3_is_reached_inside_of_aws(stack: Stack) -> Iterator[str]:
    tables = {
        named(table)
        for its in stack.of("EC2::VPCEndpoint").values()
        if its["ServiceName"].endswith(".s3")
        for table in its.get("RouteTableIds", [])
    }
    for service, its in stack.of("ECS::Service").items():
        for subnet in its["NetworkConfiguration"]["AwsvpcConfiguration"]["Subnets"]:
            if routes(stack, subnet)[0] not in tables:
                yield f"{named(subnet)} of {service} has no route to the endpoint of S3"


RULES = (
    tasks_reach_the_database,
    the_load_balancer_reaches_the_webserver,
    people_reach_the_load_balancer,
    the_load_balancer_reaches_the_identity_provider,
    tasks_reach_aws_through_nat,
    tasks_reach_aws_through_endpoints,
    s3_is_reached_inside_of_aws,
)
