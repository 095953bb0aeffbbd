"""deploy/README.md says what is there: parameters, alarms, outputs, commands and their options, and what it costs."""

import re
import shlex
import subprocess
from collections.abc import Sequence
from itertools import takewhile

import botocore.session
import jmespath
import pytest
from botocore import xform_name

from benchmarks import costs
from lottery_assets_tests.conftest import ROOT
from lottery_assets_tests.deploy.rules.stack import read

DEPLOY = ROOT / "deploy"
RUNBOOK = (DEPLOY / "README.md").read_text()
TEMPLATE, BOOTSTRAP = read(DEPLOY / "template.yaml"), read(DEPLOY / "bootstrap.yaml")
SHELL = re.findall(r"^ *```bash\n(.*?)^ *```", RUNBOOK, re.S | re.M)
INLINE = re.findall(r"`([^`\n]+)`", re.sub(r"^ *```.*?^ *```", "", RUNBOOK, flags=re.S | re.M))

OF_EVERY_COMMAND = {"output", "query", "region", "no-paginate", "max-items"}
MADE_BY_THE_CLI = {"s3 cp", "s3 ls", "s3 sync", "cloudformation deploy", "logs tail"}
"""Commands that are no operation of the service."""
OPTIONS = {
    "cloudformation deploy": {"stack-name", "template-file", "capabilities", "parameter-overrides"},
    "s3 ls": {"recursive"},
    "logs tail": {"since", "follow", "filter-pattern"},
}


def rows(title: str) -> dict[str, list[str]]:
    """Of the first table below a heading: what its first cell names in code -> its other cells."""
    lines = RUNBOOK.split(f"\n## {title}\n")[1].splitlines()
    after = lines[next(i for i, line in enumerate(lines) if line.startswith("|")) + 2 :]
    table = [line.strip("|").split("|") for line in takewhile(lambda its: its.startswith("|"), after)]
    return {cells[0].strip("` "): [cell.strip() for cell in cells[1:]] for cells in table}


def commands(program: str) -> list[str]:
    """Every call of a program, in blocks and in sentences, on one line."""
    text = "\n".join([*(block.replace("\\\n", " ") for block in SHELL), *INLINE])
    return re.findall(rf"(?<![\w/.-]){re.escape(program)} [a-z][^\n]*", text)


def words(call: str) -> list[str]:
    """Of one call: up to the next one."""
    call = re.sub(r"\$\((?:[^()]|\([^()]*\))*\)", "VALUE", call)
    lexer = shlex.shlex(call, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    found: list[str] = []
    try:
        for word in lexer:
            if re.fullmatch(r"[();<>|&]+", word):
                break
            found.append(word)
    except ValueError:  # a quotation that goes on in the next line
        pass
    return found


AWS = sorted({tuple(words(its)) for its in commands("aws")})


def test_every_parameter_is_explained_and_no_other():
    told = rows("Parameters")
    assert list(told) == list(TEMPLATE["Parameters"])
    assert [name for name, (_, what) in told.items() if not what] == []


def test_a_parameters_default_is_the_templates():
    told = {name: default.strip("`") for name, (default, _) in rows("Parameters").items()}
    assert told == {name: str(its.get("Default", "")) for name, its in TEMPLATE["Parameters"].items()}


def test_every_alarm_has_its_meaning_and_its_remedy():
    alarms = [name for name, its in TEMPLATE["Resources"].items() if its["Type"] == "AWS::CloudWatch::Alarm"]
    told = rows("Alarms")
    assert sorted(told) == sorted(alarms)
    assert [name for name, (means, do) in told.items() if not means or "`" not in do] == []


@pytest.mark.parametrize("script", ["deploy/release.sh", "deploy/image.sh"])
def test_every_command_of_a_script_is_one_it_has(script):
    [line] = re.findall(r"^  ([a-z |]+)\) \"\$1\"", (ROOT / script).read_text(), re.M)
    named = {its.split()[1] for its in commands(script)}
    assert named
    assert named - set(line.split(" | ")) == set()


def test_every_output_that_is_asked_for_is_one_of_the_stack():
    asked = re.findall(r"\$\(output (\w+)\)|^ *output (\w+) lottery-bootstrap", "\n".join([*SHELL, *INLINE]), re.M)
    of_stack, of_bootstrap = ({name for name in names if name} for names in zip(*asked, strict=True))
    assert of_stack
    assert of_stack - TEMPLATE["Outputs"].keys() == set()
    assert of_bootstrap - BOOTSTRAP["Outputs"].keys() == set()


def test_the_bootstrap_is_given_parameters_that_it_has():
    [call] = [its for its in AWS if "deploy/bootstrap.yaml" in its]
    given = {its.split("=")[0] for its in call[call.index("--parameter-overrides") + 1 :]}
    needed = {name for name, its in BOOTSTRAP["Parameters"].items() if "Default" not in its}
    assert needed <= given <= BOOTSTRAP["Parameters"].keys()


def test_every_variable_that_the_workflow_reads_is_set_on_github():
    read_there = set(re.findall(r"vars\.(\w+)", (ROOT / ".github" / "workflows" / "deploy.yml").read_text()))
    assert {its.split()[3] for its in commands("gh") if its.startswith("gh variable set")} == read_there


def test_every_secret_of_the_stack_is_explained():
    of_stack = {
        its["Properties"]["Name"]
        for its in TEMPLATE["Resources"].values()
        if its["Type"] == "AWS::SecretsManager::Secret"
    }
    assert of_stack - rows("Secrets").keys() == set()


@pytest.mark.parametrize("block", SHELL, ids=lambda block: block.strip()[:40])
def test_a_block_of_shell_can_be_read_by_one(block):
    done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
    assert done.stderr == ""


@pytest.fixture(scope="module")
def services() -> botocore.session.Session:
    return botocore.session.get_session()


@pytest.mark.parametrize("call", AWS, ids=" ".join)
def test_a_command_of_aws_is_one_with_these_options(services, call):
    assert unknown(services, call) == []


@pytest.mark.parametrize("query", sorted({call[call.index("--query") + 1] for call in AWS if "--query" in call}))
def test_a_query_can_be_read(query):
    jmespath.compile(query)


@pytest.mark.parametrize(
    "call",
    [
        "aws rds modify-db-instanse --db-instance-identifier x",
        "aws rds modify-db-instance --instance x",
        "aws s3 ls --recursively",
        "aws nothing at-all",
    ],
)
def test_a_misspelt_command_is_noticed(services, call):
    assert unknown(services, call.split())


def unknown(services: botocore.session.Session, call: Sequence[str]) -> list[str]:
    """What of a command neither the service nor the command line knows."""
    _, service, operation, *rest = call
    options = {re.match(r"[a-z-]*", its[2:])[0] for its in rest if its.startswith("--")}
    if f"{service} {operation}" in MADE_BY_THE_CLI:
        return sorted(options - OPTIONS.get(f"{service} {operation}", set()) - OF_EVERY_COMMAND)
    service = "s3" if service == "s3api" else service
    if service not in services.get_available_services():
        return [service]
    model = services.get_service_model(service)
    if operation == "wait":
        waiters = {xform_name(name, "-") for name in services.get_waiter_model(service).waiter_names}
        return [] if rest[0] in waiters else [rest[0]]
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in operations:
        return [operation]
    members = {xform_name(name, "-") for name in model.operation_model(operations[operation]).input_shape.members}
    known = members | {f"no-{name}" for name in members} | OF_EVERY_COMMAND
    return sorted(options - known)


def test_every_size_of_database_has_its_price():
    assert costs.DATABASE_HOUR.keys() == set(TEMPLATE["Parameters"]["DatabaseClass"]["AllowedValues"])
