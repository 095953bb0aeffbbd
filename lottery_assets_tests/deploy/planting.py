"""Planting a fault in a copy of a template.

A place is `Resource/key/key`, below the resource's properties, or below the resource itself with `Resource!/key`; `[Name=x]` is the
item of a list that has it.
"""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

Template = dict[str, Any]
Edit = Callable[[Template], object]


@dataclass(frozen=True)
class Fault:
    """`by`: a rule of cfn-lint (E3002) or of ours (its name)."""

    what: str
    by: str
    edit: Edit = field(repr=False)
    parameters: dict[str, str] = field(default_factory=dict)

    def planted(self, template: Template) -> Template:
        """A copy of the template that has it."""
        copy = deepcopy(template)
        self.edit(copy)
        assert copy != template, f"{self.what}: nothing was changed"
        return copy


def excerpt(template: Template, whole: Template) -> Template:
    """Of a template that was changed: the resources that were, and all that they name. Linters take their time over a whole one."""
    kept: set[str] = set()
    more = {name for name, its in template["Resources"].items() if its != whole["Resources"].get(name)}
    while more:
        kept |= more
        words = set(re.findall(r"\w+", json.dumps([template["Resources"][name] for name in more])))
        more = words & template["Resources"].keys() - kept
    resources = {name: its for name, its in template["Resources"].items() if name in kept}
    return {key: its for key, its in template.items() if key not in ("Outputs", "Rules")} | {"Resources": resources}


def _walk(template: Template, place: str) -> tuple[Any, Any]:
    """The container and the key that a place names."""
    head, *keys = re.findall(r"\[[^\]]+\]|[^/]+", place)
    node: Any = template["Resources"][head.rstrip("!")]
    node = node if head.endswith("!") else node.setdefault("Properties", {})
    for key in keys[:-1]:
        node = node[_key(node, key)]
    return node, _key(node, keys[-1])


def _key(node: Any, key: str) -> Any:
    if not isinstance(node, list):
        return key
    if key.isdigit():
        return int(key)
    name, value = key.strip("[]").split("=", 1)
    return next(index for index, its in enumerate(node) if its.get(name) == value)


def put(place: str, value: Any) -> Edit:
    def edit(template: Template) -> None:
        node, key = _walk(template, place)
        node[key] = value

    return edit


def drop(place: str) -> Edit:
    def edit(template: Template) -> None:
        node, key = _walk(template, place)
        del node[key]

    return edit


def add(place: str, value: Any) -> Edit:
    def edit(template: Template) -> None:
        node, key = _walk(template, place)
        node[key].append(value)

    return edit


def without(resource: str) -> Edit:
    return lambda template: template["Resources"].pop(resource)


def renamed(place: str, new: str) -> Edit:
    def edit(template: Template) -> None:
        node, key = _walk(template, place)
        node[new] = node.pop(key)

    return edit


def both(*edits: Edit) -> Edit:
    return lambda template: [edit(template) for edit in edits]
