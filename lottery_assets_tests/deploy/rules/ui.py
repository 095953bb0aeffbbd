"""The way to the UI: an internal load balancer that speaks TLS alone, and finds the webserver's port and health."""

from collections.abc import Iterator

from lottery_assets_tests.deploy.rules.stack import Stack, named


def the_load_balancer_is_internal(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("ElasticLoadBalancingV2::LoadBalancer").items():
        if its.get("Scheme") != "internal":
            yield f"{name} faces the internet"
        attributes = {one["Key"]: one["Value"] for one in its.get("LoadBalancerAttributes", [])}
        if attributes.get("access_logs.s3.enabled") != "true":
            yield f"{name} does not write down who asked for what"


def listeners_speak_tls_alone(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("ElasticLoadBalancingV2::Listener").items():
        if (its["Protocol"], its["Port"]) != ("HTTPS", 443) or not its.get("Certificates"):
            yield f"{name} speaks {its['Protocol']} at {its['Port']}"
        if "TLS13" not in its.get("SslPolicy", ""):
            yield f"{name} takes old versions of TLS"


def who_opens_the_ui_signs_in_where_asked(stack: Stack) -> Iterator[str]:
    for name, its in stack.of("ElasticLoadBalancingV2::Listener").items():
        actions = [action["Type"] for action in its["DefaultActions"]]
        asked = ["authenticate-oidc"] if stack.parameters["OidcIssuer"] else []
        if actions != [*asked, "forward"]:
            yield f"{name} does {' and '.join(actions)}, not {' and '.join([*asked, 'forward'])}"
        for action in its["DefaultActions"]:
            secret = action.get("AuthenticateOidcConfig", {}).get("ClientSecret", "{{resolve:secretsmanager:")
            if not secret.startswith("{{resolve:secretsmanager:"):
                yield f"{name}: the client's secret is in the template"


def the_load_balancer_finds_the_webserver(stack: Stack) -> Iterator[str]:
    targets = stack.of("ElasticLoadBalancingV2::TargetGroup")
    forwarded = {
        named(action.get("TargetGroupArn"))
        for its in stack.of("ElasticLoadBalancingV2::Listener").values()
        for action in its["DefaultActions"]
    }
    for name, its in targets.items():
        if its.get("TargetType") != "ip":
            yield f"{name}: tasks of Fargate are targets by address, not {its.get('TargetType', 'instance')}"
        if (its.get("HealthCheckPath"), its.get("Matcher")) != ("/server_info", {"HttpCode": "200"}):
            yield f"{name} asks {its.get('HealthCheckPath')} whether the webserver is well, not /server_info"
        if name not in forwarded:
            yield f"no listener forwards to {name}"
    for name, service in stack.of("ECS::Service").items():
        for its in service.get("LoadBalancers", []):
            containers = stack.one(service["TaskDefinition"])["ContainerDefinitions"]
            ports = {one["Name"]: [p["ContainerPort"] for p in one.get("PortMappings", [])] for one in containers}
            if its["ContainerPort"] not in ports.get(its["ContainerName"], []):
                yield f"{name} forwards to {its['ContainerName']}:{its['ContainerPort']}, which no container listens on"
            if stack.one(its["TargetGroupArn"]).get("Port") != its["ContainerPort"]:
                yield f"{name}: the target group asks at another port than the container's"
            command = containers[0].get("Command", [])
            if str(its["ContainerPort"]) not in command or "0.0.0.0" not in command:  # noqa: S104 - inside of a container
                yield f"{name}: the webserver listens elsewhere"
    if not any(its.get("LoadBalancers") for its in stack.of("ECS::Service").values()):
        yield "no service is behind the load balancer"


RULES = (
    the_load_balancer_is_internal,
    listeners_speak_tls_alone,
    who_opens_the_ui_signs_in_where_asked,
    the_load_balancer_finds_the_webserver,
)
