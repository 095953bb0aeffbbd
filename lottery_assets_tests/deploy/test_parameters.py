"""deploy/parameters and the outputs: what deploy/release.sh hands to CloudFormation and asks of it."""

import json
import re

import pytest

from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.rules.stack import given, read

FILES = sorted((ROOT / "deploy" / "parameters").glob("*.json"))


@pytest.fixture(scope="module")
def declared():
    return read(ROOT / "deploy" / "template.yaml")["Parameters"]


def test_there_is_a_file_for_each_environment(declared):
    assert [path.stem for path in FILES] == sorted(declared["EnvironmentName"]["AllowedValues"])
    assert [given(path)["EnvironmentName"] for path in FILES] == [path.stem for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_gives_what_has_no_default_and_the_release_gives_the_image(path, declared):
    needed = {name for name, its in declared.items() if "Default" not in its}
    assert needed - given(path).keys() == {"ImageUri"}
    assert given(path).keys() - declared.keys() == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_is_one_that_the_template_takes(path, declared):
    for name, value in given(path).items():
        its = declared[name]
        assert str(value) in map(str, its.get("AllowedValues", [value])), name
        assert re.fullmatch(its.get("AllowedPattern", ".*"), value), name
        if its["Type"] == "Number":
            assert its.get("MinValue", 0) <= int(value) <= its.get("MaxValue", 10**6), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_parameter_is_given_once(path):
    names = [its["ParameterKey"] for its in json.loads(path.read_text())]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("address", ["0.0.0.0/0", "10.0.0.0/0", "::/0", "1.2.3.4/7"])
def test_the_ui_cannot_be_opened_to_everybody(address, declared):
    assert not re.fullmatch(declared["ClientCidr"]["AllowedPattern"], address)


def test_an_image_is_given_by_digest(declared):
    assert not re.fullmatch(declared["ImageUri"]["AllowedPattern"], "1.dkr.ecr.eu-west-1.amazonaws.com/lottery:latest")


def test_the_release_finds_the_outputs_that_it_asks_for():
    asked = set(re.findall(r"\$\(output (\w+)\)", (ROOT / "deploy" / "release.sh").read_text()))
    assert asked
    assert asked <= read(ROOT / "deploy" / "template.yaml")["Outputs"].keys()


def test_the_release_may_make_roles_without_names_alone():
    template = read(ROOT / "deploy" / "template.yaml")
    assert "--capabilities CAPABILITY_IAM " in (ROOT / "deploy" / "release.sh").read_text()
    for name, its in template["Resources"].items():
        assert not {"RoleName", "PolicyName", "ManagedPolicyName"} & its.get("Properties", {}).keys(), name
    assert "Transform" not in template
