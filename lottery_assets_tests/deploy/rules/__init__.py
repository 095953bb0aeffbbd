"""What must hold of deploy/template.yaml beyond CloudFormation's own schema, which linters know: pure functions from a stack to complaints."""

from collections.abc import Callable, Iterator

from lottery_assets_tests.deploy.rules import alarms, names, network, paths, permissions, storage, tasks, ui
from lottery_assets_tests.deploy.rules.stack import Stack

Rule = Callable[[Stack], Iterator[str]]
RULES: tuple[Rule, ...] = (
    *network.RULES,
    *paths.RULES,
    *tasks.RULES,
    *ui.RULES,
    *names.RULES,
    *permissions.RULES,
    *storage.RULES,
    *alarms.RULES,
)


def complaints(stack: Stack) -> list[str]:
    """Of every rule, each with the rule's name before it."""
    return [f"{rule.__name__}: {complaint}" for rule in RULES for complaint in rule(stack)]
