"""The scorecard of a simulation as a table, one line a policy in each world."""

from collections.abc import Mapping

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from lottery_assets.simulation.scorecard import Score

Scorecard = Mapping[str, Mapping[str, Score]]


def scorecard_table(found: Scorecard) -> Group:
    """Regret, the paired difference, broken rules, cash, bands and time."""
    grid = Table(
        title="Policies in worlds whose demand is known", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for name in ("world", "policy"):
        grid.add_column(name, no_wrap=True)
    for name in ("regret %", "worst", "ahead %", "broken", "cash %", "80 %", "s"):
        grid.add_column(name, justify="right", no_wrap=True)
    for world, policies in found.items():
        for number, (policy, score) in enumerate(policies.items()):
            grid.add_row(Text("" if number else world), policy, *cells(score))
        grid.add_section()
    legend = (
        "regret: what the policy earns less than a planner who knows the demand, mean over the seeds +- its standard error; worst: of one seed;\n"
        "ahead: net revenue above the first pipeline's on the same seeds; broken: weeks of all seeds with a rule broken by the true demand; cash: plans in which\n"
        "it fell below the buffer; 80 %: share of weeks inside the band; s: seconds a decision"
    )
    return Group(grid, Text(legend, style="dim"))


def cells(score: Score) -> list[str]:
    """One policy's figures as text: shares in percent."""
    return [
        _with_error(score.regret, score.regret_standard_error),
        _percent(score.worst_regret),
        _with_error(score.ahead_of_first_pipeline, score.ahead_standard_error),
        str(score.rule_violations),
        f"{100 * score.cash_breaches:.1f}",
        _percent(score.coverage_80),
        "-" if score.seconds is None else f"{score.seconds:.2f}",
    ]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f}"


def _with_error(value: float | None, error: float | None) -> str:
    return _percent(value) + ("" if error is None else f" +- {100 * error:.2f}")
