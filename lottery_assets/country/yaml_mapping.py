"""YAML text to a mapping, safely: no code, no key twice, and no word or number that means something else than it says.

Scalars are read by YAML 1.2's rules: `NO` is Norway and not false, `1e-7` is a number, `012` and `1:30` are not.
"""

import re
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

Problem = tuple[str | None, str]
"""The key at fault, and the message without the file's name."""


class UnreadableError(Exception):
    """No mapping could be read; the message is without the file's name."""


def mapping(text: str) -> tuple[dict[str, Any], list[Problem]]:
    """The document's mapping, and the keys in it that are given twice or without a value.

    Raises UnreadableError with the line where it is no mapping at all.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise UnreadableError("the file is empty; copy another country's file and change it")
        if not isinstance(node, MappingNode):
            kind = {"SequenceNode": "a list", "ScalarNode": "a single value"}.get(type(node).__name__, "something else")
            raise UnreadableError(f"the file holds {kind} and no mapping; write lines such as `currency: BRL`")
        problems = [*_twice(node), *_empty(node)]
        return {str(key): value for key, value in loader.construct_document(node).items()}, problems
    except yaml.reader.ReaderError as error:
        raise UnreadableError(f"character {error.character!r} is not allowed in YAML; take it out") from None
    except yaml.MarkedYAMLError as error:
        raise UnreadableError(_where(error)) from None
    except (ValueError, RecursionError, TypeError) as error:
        raise UnreadableError(f"cannot be read as YAML: {error}") from None


class _Loader(yaml.SafeLoader):
    """SafeLoader whose plain words and numbers follow the core schema of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - the name is PyYAML's


def _resolver(tag: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})\Z"), list(first))


_resolver("bool", "true|True|TRUE|false|False|FALSE", "tTfF")
_resolver("null", "~|null|Null|NULL|", "~nN")
_Loader.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile(r"\Z"))]
_resolver("int", r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]{3})*)", "-+0123456789")
_resolver(
    "float",
    r"[-+]?(?:(?:0|[1-9][0-9]*(?:_[0-9]{3})*)?\.[0-9]+|(?:0|[1-9][0-9]*(?:_[0-9]{3})*)\.?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
    "-+.0123456789",
)
_resolver("merge", "<<", "<")


def _twice(node: MappingNode) -> list[Problem]:
    first: dict[str, int] = {}
    problems: list[Problem] = []
    for key, _ in node.value:
        name, line = str(key.value), _line(key)
        if isinstance(key, ScalarNode) and name in first:
            problems.append((name, f"{name} stands in line {first[name]} and again in line {line}; keep one"))
        first.setdefault(name, line)
    return problems


def _empty(node: MappingNode) -> list[Problem]:
    """Keys without a value: a value that was forgotten is not the default."""
    return [
        (str(key.value), f"{key.value} is empty in line {_line(key)}; give it a value, or take the line out")
        for key, value in node.value
        if value.tag == "tag:yaml.org,2002:null"
    ]


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _where(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = f"line {mark.line + 1}" if mark is not None else "somewhere"
    problem = error.problem or error.context or "cannot be read"
    remedy = "; indent with blanks, not tabs" if "'\\t'" in problem else ""
    remedy = "; write each key as `key: value`, with a blank after the colon" if "':'" in problem else remedy
    return f"{line} is not YAML: {problem}{remedy}"
