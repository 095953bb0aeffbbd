"""A template as CloudFormation sees it with given parameters: conditions decided, functions worked out, references as text.

What exists only after deployment stays a name: `${Database}` for a reference, `${Database.Endpoint.Address}` for an attribute.
"""

import ipaddress
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

NOTHING = object()
PSEUDO = {
    "AWS::AccountId": "111111111111",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::StackName": "lottery",
    "AWS::NoValue": NOTHING,
}


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms; dates stay text."""


def _tag(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = node.value.split(".", 1) if name == "GetAtt" else node.value
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _tag)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> dict[str, Any]:
    """The template in its long form, as JSON would have it."""
    return yaml.load(path.read_text(), _Loader)  # noqa: S506 - a SafeLoader


def given(path: Path) -> dict[str, str]:
    """A file of parameters."""
    return {its["ParameterKey"]: its["ParameterValue"] for its in json.loads(path.read_text())}


class Stack:
    """The resources that exist, with everything in them worked out."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        self._template = template
        defaults = {name: str(its["Default"]) for name, its in template["Parameters"].items() if "Default" in its}
        self.parameters = defaults | parameters
        self.resources: dict[str, dict[str, Any]] = {
            name: {key: self._worked_out(value) for key, value in its.items()}
            for name, its in template["Resources"].items()
            if self._holds(its.get("Condition"))
        }

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties of every resource of a type, by its name in the template."""
        return {
            name: its.get("Properties", {}) for name, its in self.resources.items() if its["Type"] == f"AWS::{kind}"
        }

    def one(self, reference: Any) -> dict[str, Any]:
        """Properties of what a reference or attribute names; empty where it names nothing."""
        return self.resources.get(named(reference) or "", {}).get("Properties", {})

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(self._worked_out(self._template["Conditions"][condition]))

    def _worked_out(self, node: Any) -> Any:
        if isinstance(node, list):
            return [its for its in map(self._worked_out, node) if its is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(function, argument)] = node.items()
            if function == "Ref":
                return self._reference(argument)
            if function == "Condition" and isinstance(argument, str):
                return self._holds(argument)
            if function.startswith("Fn::"):
                return getattr(self, "_" + function[4:].lower())(argument)
        worked_out = {key: self._worked_out(value) for key, value in node.items()}
        return {key: value for key, value in worked_out.items() if value is not NOTHING}

    def _reference(self, name: str) -> Any:
        if name in PSEUDO:
            return PSEUDO[name]
        return self.parameters.get(name, f"${{{name}}}")

    def _getatt(self, argument: list[str]) -> str:
        return f"${{{'.'.join(argument)}}}"

    def _sub(self, argument: Any) -> str:
        text, more = argument if isinstance(argument, list) else (argument, {})
        return re.sub(r"\$\{([^}]+)\}", lambda its: str(more.get(its[1]) or self._reference(its[1])), text)

    def _if(self, argument: list[Any]) -> Any:
        return self._worked_out(argument[1] if self._holds(argument[0]) else argument[2])

    def _equals(self, argument: list[Any]) -> bool:
        first, second = map(self._worked_out, argument)
        return first == second

    def _and(self, argument: list[Any]) -> bool:
        return all(map(self._worked_out, argument))

    def _not(self, argument: list[Any]) -> bool:
        return not self._worked_out(argument[0])

    def _findinmap(self, argument: list[Any]) -> Any:
        table, first, second = map(self._worked_out, argument)
        return self._template["Mappings"][table][first][second]

    def _select(self, argument: list[Any]) -> Any:
        index, among = map(self._worked_out, argument)
        return among[int(index)]

    def _getazs(self, _: Any) -> list[str]:
        return ["eu-west-1a", "eu-west-1b", "eu-west-1c"]

    def _cidr(self, argument: list[Any]) -> list[str]:
        block, count, bits = map(self._worked_out, argument)
        parts = ipaddress.ip_network(block).subnets(new_prefix=32 - int(bits))
        return [str(its) for its, _ in zip(parts, range(int(count)), strict=False)]


def named(reference: Any) -> str | None:
    """Name of the resource that a text refers to, if to one and nothing else."""
    found = re.fullmatch(r"\$\{(\w+)(?:\.[\w.]+)?\}", str(reference))
    return found[1] if found else None


def listed(value: Any) -> list[Any]:
    """What may be written as one or as a list of it."""
    return value if isinstance(value, list) else [] if value is None else [value]
