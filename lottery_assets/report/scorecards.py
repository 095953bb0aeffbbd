"""The scorecard of a simulation as a table for the terminal, one block a world, and the words for its figures."""

from collections.abc import Mapping

from rich.console import Group
from rich.table import Table
from rich.text import Text

from lottery_assets.simulation.scorecard import Score

Scorecard = Mapping[str, Mapping[str, Score]]

HEADER = ("policy", "regret %", "worst", "ahead %", "broken", "cash", "80 %", "s")
WIDTH = 80
LEGEND = (
    "regret: net revenue below a planner's who knows the demand; worst: of one seed; ahead: of first_pipeline, same seeds; "
    "±: standard error; broken: weeks with a rule broken; cash: % of plans in which it fell below the buffer; "
    "80 %: weeks inside the band, in %; s: seconds a decision"
)


def scorecard_table(found: Scorecard) -> Group:
    """Regret, the paired difference, broken rules, cash, bands and time, in 80 columns."""
    blocks = {world: [[f" {policy}", *cells(score)] for policy, score in row.items()] for world, row in found.items()}
    lines = [list(HEADER), *(line for block in blocks.values() for line in block)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    title = Text("Policies in worlds whose demand is known\n", style="italic")
    parts: list[Table | Text] = [title, _grid(widths, [list(HEADER)]), Text("─" * WIDTH, overflow="crop", no_wrap=True)]
    for world, block in blocks.items():
        parts += [Text(world, style="bold", overflow="fold"), _grid(widths, block)]
    return Group(*parts, Text(f"\n{LEGEND}", style="dim"))


def _grid(widths: list[int], lines: list[list[str]]) -> Table:
    """Columns as wide as told, figures to the right."""
    gap = 2 if sum(widths) + 2 * (len(widths) - 1) <= WIDTH else 1
    grid = Table.grid(padding=(0, gap, 0, 0))
    for number, width in enumerate(widths):
        grid.add_column(min_width=width, justify="right" if number else "left", no_wrap=True)
    for line in lines:
        grid.add_row(*map(Text, line))
    return grid


def cells(score: Score) -> list[str]:
    """One policy's figures as text: shares in percent."""
    return [
        with_error(score.regret, score.regret_standard_error),
        percent(score.worst_regret),
        with_error(score.ahead_of_first_pipeline, score.ahead_standard_error),
        str(score.rule_violations),
        f"{100 * score.cash_breaches:.1f}",
        percent(score.coverage_80),
        "-" if score.seconds is None else f"{score.seconds:.2f}",
    ]


def percent(value: float | None) -> str:
    """A share in percent; "-" where there is none."""
    return "-" if value is None else number(100 * value)


def with_error(value: float | None, error: float | None) -> str:
    """A share and its standard error in percent."""
    return percent(value) + ("" if error is None else f" ±{100 * error:.2f}")


def number(value: float) -> str:
    """Two decimals, and no minus before a zero."""
    return f"{value:.2f}".replace("-0.00", "0.00")
