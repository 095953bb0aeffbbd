"""deploy/template.yaml: CloudFormation's schema, our own rules, and faults that one of the two must notice."""

import json
from collections import Counter
from typing import Any

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.faults import ENDPOINTS, FOUND_BY_CFN_LINT, FOUND_BY_OUR_RULES, OIDC, SAGEMAKER
from lottery_assets_tests.deploy.linters import findings
from lottery_assets_tests.deploy.planting import Fault, excerpt
from lottery_assets_tests.deploy.rules import RULES, complaints
from lottery_assets_tests.deploy.rules.stack import Stack, given, read

IMAGE = {"ImageUri": f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/lottery@sha256:{'0' * 64}"}
STAGING, PRODUCTION = (given(ROOT / "deploy" / "parameters" / f"{name}.json") for name in ("staging", "production"))


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return read(ROOT / "deploy" / "template.yaml")


def test_cfn_lint_finds_nothing():
    assert findings("cfn-lint", "deploy/template.yaml", "deploy/bootstrap.yaml") == ""


@pytest.mark.parametrize(
    "parameters",
    [
        STAGING,
        PRODUCTION,
        PRODUCTION | ENDPOINTS,
        PRODUCTION | ENDPOINTS | SAGEMAKER,
        PRODUCTION | SAGEMAKER,
        PRODUCTION | OIDC | {"SlackChannel": "#lottery", "HostedZoneId": "Z0"},
        STAGING | {"RunSize": "medium", "DatabaseSnapshot": "lottery-snapshot-database-1"},
        STAGING | {"RunSize": "large", "AlertsEmail": "prices@example.com"},
    ],
    ids=[
        "staging",
        "production",
        "endpoints",
        "endpoints and SageMaker",
        "SageMaker",
        "sign-in and Slack",
        "restored, larger runs",
        "largest runs",
    ],
)
def test_our_rules_find_nothing(template, parameters):
    assert complaints(Stack(template, parameters | IMAGE)) == []


@pytest.mark.parametrize("fault", FOUND_BY_OUR_RULES, ids=lambda fault: fault.what)
def test_a_fault_is_noticed_by_our_rules(template, fault: Fault):
    noticed = complaints(Stack(fault.planted(template), PRODUCTION | fault.parameters | IMAGE))
    assert fault.by in {its.split(":")[0] for its in noticed}, noticed


@pytest.mark.parametrize("fault", FOUND_BY_CFN_LINT, ids=lambda fault: fault.what)
def test_a_fault_is_noticed_by_cfn_lint(template, fault: Fault):
    noticed = lint(json.dumps(excerpt(fault.planted(template), template)), config=ManualArgs(regions=["eu-west-1"]))
    assert fault.by in {its.rule.id for its in noticed}, noticed


def test_every_rule_has_a_fault_to_notice():
    named = {fault.by for fault in FOUND_BY_OUR_RULES}
    assert {rule.__name__ for rule in RULES} - named == set()


def test_no_fault_is_planted_twice():
    assert [
        what for what, times in Counter(its.what for its in FOUND_BY_CFN_LINT + FOUND_BY_OUR_RULES).items() if times > 1
    ] == []
