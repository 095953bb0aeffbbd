"""Back-tests as a table: the model beside what it has to beat, with and without the weeks of special draws."""

from collections.abc import Mapping
from statistics import mean

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from lottery_assets.demand import Scores


def backtest_table(scores: Mapping[str, Scores]) -> Group:
    """One line a country, and their mean."""
    grid = Table(title="One week ahead: WAPE in %", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    grid.add_column("country", no_wrap=True)
    for name in ("weeks", "model", "ridge", "first", "naive", "80 %", "95 %"):
        grid.add_column(name, justify="right", no_wrap=True)
    for country, score in scores.items():
        grid.add_row(Text(country), str(score.weeks), *_cells([score]))
    if len(scores) > 1:
        grid.add_section()
        grid.add_row("mean", "", *_cells(list(scores.values())))
    legend = "in brackets: weeks without a special draw; ridge: a careful rolling ridge; first: the first pipeline;\n"
    return Group(grid, Text(legend + "naive: last week's sales; 80 %: share of weeks inside the band", style="dim"))


def _cells(scores: list[Scores]) -> list[str]:
    def percent(field: str) -> str:
        known = [value for score in scores if (value := getattr(score, field)) is not None]
        return f"{100 * mean(known):.1f}" if known else "-"

    plain = [percent(field) for field in ("baseline_wape", "naive_wape", "coverage_80", "coverage_95")]
    beside = [f"{percent(field)} ({percent(f'{field}_without_specials')})" for field in ("wape", "ridge_wape")]
    return [*beside, *plain]
