"""deploy/bootstrap.yaml: who may deploy, what deploy/release.sh needs for it, and what nobody who deploys can do."""

import json
import re
from typing import Any

import pytest

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.rules.permissions import statements
from lottery_assets_tests.deploy.rules.stack import Stack, given, listed, read

MAKES = {
    "AWS::CloudWatch::Alarm": "cloudwatch:PutMetricAlarm",
    "AWS::EC2::EIP": "ec2:AllocateAddress",
    "AWS::EC2::InternetGateway": "ec2:CreateInternetGateway",
    "AWS::EC2::NatGateway": "ec2:CreateNatGateway",
    "AWS::EC2::Route": "ec2:CreateRoute",
    "AWS::EC2::RouteTable": "ec2:CreateRouteTable",
    "AWS::EC2::SecurityGroup": "ec2:CreateSecurityGroup",
    "AWS::EC2::SecurityGroupIngress": "ec2:AuthorizeSecurityGroupIngress",
    "AWS::EC2::Subnet": "ec2:CreateSubnet",
    "AWS::EC2::SubnetRouteTableAssociation": "ec2:AssociateRouteTable",
    "AWS::EC2::VPC": "ec2:CreateVpc",
    "AWS::EC2::VPCEndpoint": "ec2:CreateVpcEndpoint",
    "AWS::EC2::VPCGatewayAttachment": "ec2:AttachInternetGateway",
    "AWS::ECS::Cluster": "ecs:CreateCluster",
    "AWS::ECS::Service": "ecs:CreateService",
    "AWS::ECS::TaskDefinition": "ecs:RegisterTaskDefinition",
    "AWS::ElasticLoadBalancingV2::Listener": "elasticloadbalancing:CreateListener",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "elasticloadbalancing:CreateLoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "elasticloadbalancing:CreateTargetGroup",
    "AWS::IAM::Role": "iam:CreateRole",
    "AWS::KMS::Alias": "kms:CreateAlias",
    "AWS::KMS::Key": "kms:CreateKey",
    "AWS::Logs::LogGroup": "logs:CreateLogGroup",
    "AWS::Logs::MetricFilter": "logs:PutMetricFilter",
    "AWS::RDS::DBInstance": "rds:CreateDBInstance",
    "AWS::RDS::DBParameterGroup": "rds:CreateDBParameterGroup",
    "AWS::RDS::DBSubnetGroup": "rds:CreateDBSubnetGroup",
    "AWS::Route53::RecordSet": "route53:ChangeResourceRecordSets",
    "AWS::S3::Bucket": "s3:CreateBucket",
    "AWS::S3::BucketPolicy": "s3:PutBucketPolicy",
    "AWS::SNS::Subscription": "sns:Subscribe",
    "AWS::SNS::Topic": "sns:CreateTopic",
    "AWS::SNS::TopicPolicy": "sns:SetTopicAttributes",
    "AWS::SQS::Queue": "sqs:CreateQueue",
    "AWS::SQS::QueuePolicy": "sqs:SetQueueAttributes",
    "AWS::SecretsManager::Secret": "secretsmanager:CreateSecret",
}
WAITS = {
    "image-scan-complete": "ecr:DescribeImageScanFindings",
    "services-stable": "ecs:DescribeServices",
    "target-in-service": "elasticloadbalancing:DescribeTargetHealth",
}
BEHIND = {
    "ecr get-login-password": {"ecr:GetAuthorizationToken"},
    "docker push": {
        "ecr:BatchCheckLayerAvailability",
        "ecr:InitiateLayerUpload",
        "ecr:UploadLayerPart",
        "ecr:CompleteLayerUpload",
        "ecr:PutImage",
    },
    "skopeo copy": {"ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"},
    "cloudformation deploy": {
        "cloudformation:CreateChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:DescribeStacks",
        "cloudformation:ExecuteChangeSet",
        "iam:PassRole",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    },
}
"""What commands ask for that is not in their name."""
WITHOUT_RESOURCE = {"ecr:GetAuthorizationToken", "ecs:ListTasks", "elasticloadbalancing:DescribeTargetHealth"}


def account(environment: str) -> Stack:
    named = {"EnvironmentName": environment, "GitHubRepository": "org/repo", "OtherAccountId": "222222222222"}
    return Stack(read(ROOT / "deploy" / "bootstrap.yaml"), named)


@pytest.fixture(params=["staging", "production"])
def environment(request) -> str:
    return request.param


@pytest.fixture
def stack(environment) -> Stack:
    return account(environment)


def role(stack: Stack, name: str) -> dict[str, Any]:
    return stack.of("IAM::Role")[name]


def actions(its: dict[str, Any]) -> set[str]:
    return {action for one in statements(its) if one["Effect"] == "Allow" for action in listed(one["Action"])}


def asked_for_by_the_release() -> set[str]:
    text = (ROOT / "deploy" / "release.sh").read_text()
    asked = {action for command, its in BEHIND.items() if command in text for action in its}
    for service, command in re.findall(r"\baws (ecr|ecs|cloudformation|elbv2) (?!wait)([a-z-]+)", text):
        if f"{service} {command}" not in BEHIND:
            asked.add(f"{service}:{''.join(part.capitalize() for part in command.split('-'))}")
    return asked | {WAITS[what] for what in re.findall(r"\baws \w+ wait ([a-z-]+)", text)}


def test_only_a_workflow_of_this_environment_may_deploy(stack, environment):
    [trust] = role(stack, "DeployRole")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": f"repo:org/repo:environment:{environment}",
        }
    }


def test_who_deploys_may_do_what_the_release_asks_for_and_no_more(stack):
    assert actions(role(stack, "DeployRole")) == asked_for_by_the_release()


def test_who_deploys_reaches_what_is_called_lottery_and_one_stack(stack):
    for its in statements(role(stack, "DeployRole")):
        for resource in listed(its["Resource"]):
            assert "lottery" in resource or "${" in resource or set(listed(its["Action"])) <= WITHOUT_RESOURCE, its
    [change] = [
        its for its in statements(role(stack, "DeployRole")) if "cloudformation:CreateChangeSet" in its["Action"]
    ]
    assert change["Condition"] == {"ArnEquals": {"cloudformation:RoleArn": "${CloudFormationRole.Arn}"}}
    [passing] = [its for its in statements(role(stack, "DeployRole")) if "iam:PassRole" in its["Action"]]
    assert passing["Resource"] == "${CloudFormationRole.Arn}"
    assert passing["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}


def test_production_takes_images_from_staging_and_staging_from_nobody():
    staging, production = account("staging"), account("production")
    theirs = "arn:aws:ecr:eu-west-1:222222222222:repository/lottery"
    assert theirs in json.dumps(statements(role(production, "DeployRole")))
    assert theirs not in json.dumps(statements(role(staging, "DeployRole")))
    [pull] = staging.of("ECR::Repository")["Repository"]["RepositoryPolicyText"]["Statement"]
    assert pull["Condition"] == {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/lottery-deploy"}}
    assert not [action for action in pull["Action"] if "Put" in action or "Upload" in action]
    assert "RepositoryPolicyText" not in production.of("ECR::Repository")["Repository"]


def test_images_that_have_a_name_are_never_changed_and_never_expire(stack):
    its = stack.of("ECR::Repository")["Repository"]
    assert its["ImageTagMutability"] == "IMMUTABLE"
    assert its["ImageScanningConfiguration"] == {"ScanOnPush": True}
    rules = json.loads(its["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert [rule["selection"]["tagStatus"] for rule in rules] == ["untagged"]


def test_cloudformation_may_make_every_type_of_the_template(stack):
    """A type that is new in the template needs a line here and its actions in the role."""
    template = read(ROOT / "deploy" / "template.yaml")
    types = {its["Type"] for its in template["Resources"].values()}
    assert {MAKES[kind] for kind in types} - actions(role(stack, "CloudFormationRole")) == set()


def test_cloudformation_makes_no_role_without_the_boundary_and_touches_none_that_deploys(stack):
    its = statements(role(stack, "CloudFormationRole"))
    [makes] = [one for one in its if "iam:CreateRole" in one["Action"]]
    assert makes["Condition"] == {"ArnEquals": {"iam:PermissionsBoundary": "${Boundary}"}}
    assert {"iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"} <= set(makes["Action"])
    rest = {action for one in its if one is not makes and one["Effect"] == "Allow" for action in listed(one["Action"])}
    changing = {action for action in rest if re.match("iam:(Attach|Put|Create)", action)}
    assert changing == {"iam:CreateServiceLinkedRole"}
    [never] = [one for one in its if one.get("Sid") == "NeverWhatDeploys"]
    assert (never["Effect"], never["Action"]) == ("Deny", "iam:*")
    assert [resource.split("/")[1] for resource in never["Resource"]] == ["lottery-deploy", "lottery-cloudformation"]


def test_cloudformation_does_what_has_no_name_in_one_region_alone(stack):
    for its in statements(role(stack, "CloudFormationRole")):
        if (
            "*" in listed(its["Resource"])
            and its["Effect"] == "Allow"
            and its["Action"] != "secretsmanager:GetRandomPassword"
        ):
            assert {"aws:RequestedRegion", "kms:ViaService"} & its["Condition"]["StringEquals"].keys(), its["Sid"]


def test_cloudformation_reads_no_cash(stack):
    readable = [
        resource.split("secret:")[1]
        for its in statements(role(stack, "CloudFormationRole"))
        if "secretsmanager:GetSecretValue" in its["Action"]
        for resource in its["Resource"]
    ]
    assert readable == [f"lottery/{name}-??????" for name in ("database", "slack", "oidc")]


def test_policies_are_no_longer_than_iam_takes(stack):
    """10,240 characters for what stands in a role, 6,144 for the boundary."""

    def length(document: Any) -> int:
        return len(re.sub(r"\s", "", json.dumps(document)))

    parameters = given(ROOT / "deploy" / "parameters" / "production.json")
    template = Stack(read(ROOT / "deploy" / "template.yaml"), parameters)
    for its in [*stack.of("IAM::Role").values(), *template.of("IAM::Role").values()]:
        assert sum(length(policy["PolicyDocument"]) for policy in its["Policies"]) < 9500
    assert length(stack.of("IAM::ManagedPolicy")["Boundary"]["PolicyDocument"]) < 5500


def test_the_names_that_the_release_uses_are_made_here(stack):
    text = (ROOT / "deploy" / "release.sh").read_text()
    assert "repository=lottery stack=lottery" in text
    assert stack.of("ECR::Repository")["Repository"]["RepositoryName"] == "lottery"
    assert role(stack, "CloudFormationRole")["RoleName"] == "lottery-cloudformation"
    assert stack.of("S3::Bucket")["Templates"]["BucketName"] == "lottery-templates-111111111111-eu-west-1"
    assert '"lottery-templates-$account-$AWS_REGION"' in text
