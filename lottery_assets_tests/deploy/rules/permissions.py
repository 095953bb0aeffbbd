"""What each role may do: what its task needs, and nothing that it does not."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import yaml

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.rules.stack import Stack, listed, named, read
from lottery_assets_tests.deploy.rules.tasks import RUN, definitions, environment, secrets

WITHOUT_RESOURCE = {
    *("ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ec2:DescribeNetworkInterfaces"),
    *("sagemaker:ListModelPackageGroups", "sagemaker:ListModelPackages"),
}
"""Actions for which IAM knows no resource."""
BOUNDARY = "arn:aws:iam::111111111111:policy/lottery-boundary"
ACCOUNT = "eu-west-1:111111111111"
RUN_TASK = f"arn:aws:ecs:{ACCOUNT}:task-definition/lottery-run:7"
TASK = f"arn:aws:ecs:{ACCOUNT}:task/${{Cluster}}/0123"
CASH = ("lottery/brazil/cash", "lottery/pool/cash")
"""The names that configs/README.md gives as examples; a country's own is built like them."""


def statements(role: dict[str, Any]) -> list[dict[str, Any]]:
    return [its for policy in role.get("Policies", []) for its in policy["PolicyDocument"]["Statement"]]


def may(role: dict[str, Any], action: str, resource: str) -> bool:
    """Whether any statement allows it; conditions are looked at elsewhere."""
    return any(
        its["Effect"] == "Allow"
        and any(fnmatchcase(action, allowed) for allowed in listed(its["Action"]))
        and any(resource == allowed or fnmatchcase(resource, allowed) for allowed in listed(its["Resource"]))
        for its in statements(role)
    )


def configured() -> set[str]:
    """Names of the secrets that hold cash, as the configurations have them."""
    documents = [yaml.safe_load(path.read_text()) for path in (ROOT / "configs").glob("*.yaml")]
    return {its["available_cash_secret_name"] for its in documents if "available_cash_secret_name" in its}


def needs(stack: Stack) -> Iterator[tuple[str, str, str]]:
    """(role, action, resource) of whatever a task does."""
    run, landing, artifacts, logs = "RunRole", "${LandingBucket.Arn}", "${ArtifactsBucket.Arn}", "${LogsBucket.Arn}"
    for bucket in (landing, artifacts, logs):
        yield from ((role, "s3:ListBucket", bucket) for role in (run, "DaemonRole"))
        yield from ((role, "s3:GetObject", f"{bucket}/week.json") for role in (run, "DaemonRole"))
    for bucket in (artifacts, logs):
        yield run, "s3:PutObject", f"{bucket}/week.json"
    for name in {*CASH, *configured()}:
        yield run, "secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{ACCOUNT}:secret:{name}-AbCdEf"
    if environment(definitions(stack)[RUN][1])["LOTTERY_MODEL_REGISTRY"] == "sagemaker":
        group, package = (
            f"arn:aws:sagemaker:{ACCOUNT}:{kind}/lottery-brazil" for kind in ("model-package-group", "model-package")
        )
        yield run, "sagemaker:CreateModelPackageGroup", group
        yield run, "sagemaker:CreateModelPackage", group
        yield run, "sagemaker:CreateModelPackage", f"{package}/7"
        yield run, "sagemaker:ListModelPackageGroups", "*"
        yield run, "sagemaker:ListModelPackages", "*"
    yield "DaemonRole", "s3:PutObject", f"{logs}/tick.json"
    yield "DaemonRole", "ecs:RunTask", RUN_TASK
    yield "DaemonRole", "ecs:TagResource", TASK
    yield "DaemonRole", "logs:GetLogEvents", "${RunLogs.Arn}"
    yield "DaemonRole", "ec2:DescribeNetworkInterfaces", "*"
    yield "DaemonRole", "sns:Publish", "${AlertsTopic}"
    if "slack" in environment(definitions(stack)["DaemonTaskDefinition"][1])["LOTTERY_ALERTS"]:
        yield "DaemonRole", "secretsmanager:GetSecretValue", "${SlackSecret}"
    yield "WebserverRole", "s3:ListBucket", logs
    yield "WebserverRole", "s3:GetObject", f"{logs}/run.out"
    for role in ("WebserverRole", "DaemonRole"):
        yield role, "ecs:DescribeTaskDefinition", "*"
        yield role, "ecs:DescribeTasks", TASK
        yield role, "ecs:StopTask", TASK
    for role in ("WebserverRole", "DaemonRole", run):
        yield role, "kms:Decrypt", "${Key.Arn}"
    for role in ("DaemonRole", run):
        yield role, "kms:GenerateDataKey", "${Key.Arn}"


def roles_may_do_what_their_tasks_do(stack: Stack) -> Iterator[str]:
    roles = stack.of("IAM::Role")
    for role, action, resource in needs(stack):
        if not may(roles[role], action, resource):
            yield f"{role} may not {action} {resource}"


def tasks_are_started_with_all_they_name(stack: Stack) -> Iterator[str]:
    for name, (task, container) in definitions(stack).items():
        role = stack.one(task.get("ExecutionRoleArn"))
        if not role:
            yield f"{name} has no execution role: ECS can neither pull nor log"
            continue
        for secret in {value.split(":")[0] for value in secrets(container).values()}:
            if not may(role, "secretsmanager:GetSecretValue", secret):
                yield f"{name}: its execution role may not read {secret}"
            if not may(role, "kms:Decrypt", stack.one(secret).get("KmsKeyId", "")):
                yield f"{name}: its execution role may not decrypt {secret}"
        group = named(container["LogConfiguration"]["Options"]["awslogs-group"])
        for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
            if not may(role, action, f"${{{group}.Arn}}"):
                yield f"{name}: its execution role may not {action}"
        repository = f"arn:aws:ecr:{ACCOUNT}:repository/lottery"
        for action in ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"):
            if not may(role, action, repository):
                yield f"{name}: its execution role may not {action}"
        if not may(role, "ecr:GetAuthorizationToken", "*"):
            yield f"{name}: its execution role may not log in to the registry"


def every_task_has_a_role_of_its_own(stack: Stack) -> Iterator[str]:
    roles = [named(task.get("TaskRoleArn")) for task, _ in definitions(stack).values()]
    execution = {named(task.get("ExecutionRoleArn")) for task, _ in definitions(stack).values()}
    if len({*roles} - execution - {None}) != len(roles):
        yield f"tasks share roles, or have ECS's own: {roles}"


def nothing_is_allowed_by_wildcard(stack: Stack) -> Iterator[str]:
    for name, role in stack.of("IAM::Role").items():
        if role.get("ManagedPolicyArns"):
            yield f"{name} has policies that others write"
        for its in statements(role):
            if broad := [action for action in listed(its["Action"]) if "*" in action]:
                yield f"{name} may {', '.join(broad)}"
            if "*" in listed(its["Resource"]) and (rest := set(listed(its["Action"])) - WITHOUT_RESOURCE):
                yield f"{name} may {', '.join(sorted(rest))} on everything"
            if "NotAction" in its or "NotResource" in its:
                yield f"{name} is allowed whatever is not named"


def roles_pass_on_exactly_the_two_of_a_run(stack: Stack) -> Iterator[str]:
    run = stack.of("ECS::TaskDefinition")[RUN]
    expected = {run.get("ExecutionRoleArn"), run.get("TaskRoleArn")}
    passing = [
        (name, its)
        for name, role in stack.of("IAM::Role").items()
        for its in statements(role)
        if "iam:PassRole" in listed(its["Action"])
    ]
    if [name for name, _ in passing] != ["DaemonRole"]:
        yield f"roles are passed on by {[name for name, _ in passing]}; the daemon alone starts runs"
    for name, its in passing:
        if set(listed(its["Resource"])) != expected:
            yield f"{name} passes on {listed(its['Resource'])}, not exactly {sorted(map(str, expected))}"
        if its.get("Condition") != {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}:
            yield f"{name} may pass roles on to others than tasks"


def the_daemon_starts_runs_and_nothing_else(stack: Stack) -> Iterator[str]:
    family = stack.of("ECS::TaskDefinition")[RUN]["Family"]
    for name, role in stack.of("IAM::Role").items():
        for its in statements(role):
            made = {"StringEquals": {"ecs:CreateAction": "RunTask"}}
            if "ecs:TagResource" in listed(its["Action"]) and its.get("Condition") != made:
                yield f"{name} may rename what runs"
            if "ecs:RunTask" not in listed(its["Action"]):
                continue
            if name != "DaemonRole" or listed(its["Resource"]) != [f"arn:aws:ecs:{ACCOUNT}:task-definition/{family}:*"]:
                yield f"{name} may run {listed(its['Resource'])}; runs are of the family {family}"
            if its.get("Condition") != {"ArnEquals": {"ecs:cluster": "${Cluster.Arn}"}}:
                yield f"{name} may run tasks on any cluster"


def runs_delete_nothing(stack: Stack) -> Iterator[str]:
    for name, role in stack.of("IAM::Role").items():
        for its in statements(role):
            if wrong := [a for a in listed(its["Action"]) if a.startswith(("s3:Delete", "s3:Bypass", "s3:PutBucket"))]:
                yield f"{name} may {', '.join(wrong)}; what is published stays"


def runs_approve_no_model(stack: Stack) -> Iterator[str]:
    for name, role in stack.of("IAM::Role").items():
        allowed = {action for its in statements(role) for action in listed(its["Action"])}
        if wrong := {action for action in allowed if action.startswith(("sagemaker:Update", "sagemaker:Delete"))}:
            yield f"{name} may {', '.join(sorted(wrong))}; which model is champion is for people"
        if stack.parameters["ModelRegistry"] == "folder" and any(its.startswith("sagemaker:") for its in allowed):
            yield f"{name} may ask SageMaker, which knows no model"


def tasks_alone_have_the_roles(stack: Stack) -> Iterator[str]:
    for name, role in stack.of("IAM::Role").items():
        if [its.get("Action") for its in role["AssumeRolePolicyDocument"]["Statement"]] != ["sts:AssumeRole"]:
            yield f"{name} cannot be taken by a task"
        for its in role["AssumeRolePolicyDocument"]["Statement"]:
            if its["Principal"] != {"Service": "ecs-tasks.amazonaws.com"}:
                yield f"{name} can be taken by {its['Principal']}"
            if its.get("Condition") != {"StringEquals": {"aws:SourceAccount": "111111111111"}}:
                yield f"{name} can be taken for tasks of other accounts"


def roles_stay_inside_the_boundary(stack: Stack) -> Iterator[str]:
    bootstrap = read(ROOT / "deploy" / "bootstrap.yaml")
    document = bootstrap["Resources"]["Boundary"]["Properties"]["PolicyDocument"]
    inside = {action for its in document["Statement"] for action in listed(its["Action"])}
    for name, role in stack.of("IAM::Role").items():
        if role.get("PermissionsBoundary") != BOUNDARY:
            yield f"{name} has no boundary; CloudFormation may not make it"
        if outside := {action for its in statements(role) for action in listed(its["Action"])} - inside:
            yield f"{name} is given {', '.join(sorted(outside))}, which the boundary of deploy/bootstrap.yaml takes away"


RULES = (
    roles_may_do_what_their_tasks_do,
    tasks_are_started_with_all_they_name,
    every_task_has_a_role_of_its_own,
    nothing_is_allowed_by_wildcard,
    roles_pass_on_exactly_the_two_of_a_run,
    the_daemon_starts_runs_and_nothing_else,
    runs_delete_nothing,
    runs_approve_no_model,
    tasks_alone_have_the_roles,
    roles_stay_inside_the_boundary,
)
