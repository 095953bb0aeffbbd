"""What Amazon SageMaker Model Registry knows of the versions, and what people change there."""

import boto3
import pytest
from botocore.client import BaseClient

from lottery_assets.audit.models import champion, rollback
from lottery_assets.complaints import BadInput
from lottery_assets.orchestration.model_homes import model_home
from lottery_assets.orchestration.sagemaker import SageMakerHome, group_name
from lottery_assets_tests.audit.models.fits import NOW, recommended, register
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.rules.permissions import statements
from lottery_assets_tests.deploy.rules.stack import Stack, given, listed, read


@pytest.fixture
def home(bucket) -> SageMakerHome:
    home = model_home("sagemaker", None, f"{bucket}/artifacts")
    assert isinstance(home, SageMakerHome)
    return home


def packages() -> list[dict]:
    listed = boto3.client("sagemaker").list_model_packages(ModelPackageGroupName="lottery-atlantis")
    return sorted(listed["ModelPackageSummaryList"], key=lambda its: its["ModelPackageVersion"])


def test_a_version_is_a_package_whose_approval_is_its_stage(home):
    version = register(home, 1)
    register(home, 2, passed=False)
    approved, rejected = packages()
    assert approved["ModelApprovalStatus"] == "Approved"
    assert rejected["ModelApprovalStatus"] == "Rejected"
    described = boto3.client("sagemaker").describe_model_package(ModelPackageName=approved["ModelPackageArn"])
    card = described["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"]
    assert card == f"s3://lottery/artifacts/models/atlantis/versions/2025-01-13-{version.version}/card.json"
    assert described["CustomerMetadataProperties"]["data_version"] == "data"


def test_whom_people_reject_in_the_console_is_not_champion(home):
    first = register(home, 1)
    register(home, 2)
    boto3.client("sagemaker").update_model_package(
        ModelPackageArn=packages()[1]["ModelPackageArn"], ModelApprovalStatus="Rejected"
    )
    assert champion(SageMakerHome(str(home.root)), "atlantis") == first


def test_a_fit_that_people_rejected_in_the_console_does_not_recommend_when_its_week_is_run_again(home):
    first = recommended(home, 88).standing.version
    assert recommended(home, 89).standing.challenger is None
    boto3.client("sagemaker").update_model_package(
        ModelPackageArn=packages()[1]["ModelPackageArn"], ModelApprovalStatus="Rejected"
    )
    its = recommended(SageMakerHome(str(home.root)), 89).standing
    assert (its.version, its.why) == (first, ("people rejected it in the model registry",))


def test_a_rollback_rejects_the_package_and_says_why(home):
    register(home, 1)
    register(home, 2)
    rollback(home, "atlantis", reason="prices were wrong", by="Ada", at=NOW)
    assert [its["ModelApprovalStatus"] for its in packages()] == ["Approved", "Rejected"]
    described = boto3.client("sagemaker").describe_model_package(ModelPackageName=packages()[1]["ModelPackageArn"])
    assert described["ApprovalDescription"] == "rollback by Ada: prices were wrong"


def test_packages_of_others_are_left_alone(home):
    version = register(home, 1)
    boto3.client("sagemaker").create_model_package(
        ModelPackageGroupName="lottery-atlantis", ModelPackageDescription="somebody's experiment"
    )
    assert SageMakerHome(str(home.root)).versions("atlantis") == [version]


def test_a_country_has_a_name_that_sagemaker_takes():
    assert group_name("hong_kong") == "lottery-hong-kong"


def test_a_registry_that_does_not_answer_is_told_with_the_way_out(home, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", "http://127.0.0.1:9")
    with pytest.raises(BadInput, match="LOTTERY_MODEL_REGISTRY=folder"):
        home.versions("atlantis")


@pytest.fixture
def calls(monkeypatch) -> set[str]:
    """What SageMaker is asked, as IAM names it."""
    asked: set[str] = set()
    make = BaseClient._make_api_call

    def noted(client, operation, arguments):
        if client.meta.service_model.service_name == "sagemaker":
            asked.add(f"sagemaker:{operation}")
        return make(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return asked


def test_the_stack_lets_a_run_ask_what_it_asks_and_nothing_else(home, calls):
    for weeks in (88, 89):
        recommended(home, weeks)
    parameters = given(ROOT / "deploy/parameters/staging.json") | {"ModelRegistry": "sagemaker"}
    role = Stack(read(ROOT / "deploy/template.yaml"), parameters).of("IAM::Role")["RunRole"]
    allowed = {action for its in statements(role) for action in listed(its["Action"])}
    assert {action for action in allowed if action.startswith("sagemaker:")} == calls
    rollback(home, "atlantis", reason="prices were wrong", by="Ada", at=NOW)
    assert calls - allowed == {"sagemaker:UpdateModelPackage"}
