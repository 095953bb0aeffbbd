"""Past decisions as a table: three figures a country, and what each can and cannot say. No figure stands for all of them."""

from collections.abc import Mapping

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from lottery_assets.simulation.hindsight import Hindsight
from lottery_assets.simulation.off_policy import Comparison, DoublyRobust

LEGEND = (
    "model: what the model expects of the recommended jackpot beyond the announced one, with an 80 % band for what its curve may be. "
    "It marks its own work: where such jackpots were never announced, nothing has tested it.",
    "near: only weeks whose recommendation lay within 10 % of the announced jackpot. What they earned beside what was expected tests "
    "the model there; the difference is small because the jackpots are alike. It says nothing of the other weeks.",
    "doubly robust: the model's difference corrected by what weeks near the recommendation earned, +- its standard error. "
    "null: there are too few such weeks.",
)


def decisions_table(found: Mapping[str, Hindsight]) -> Group:
    """Three lines a country."""
    grid = Table(
        title="Recommended beside announced jackpot: net revenue in millions",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    grid.add_column("country", no_wrap=True)
    grid.add_column("figure", no_wrap=True)
    grid.add_column("recommended less announced, a week")
    for country, its in found.items():
        grid.add_row(Text(country), "weeks", _weeks(its))
        grid.add_row(its.currency, "model", _compared(its.model))
        grid.add_row("", "near", _near(its.near))
        grid.add_row("", "doubly robust", _robust(its.doubly_robust))
        grid.add_section()
    limits = next(iter(found.values())).limits if found else ()
    return Group(grid, Text("\n".join([*LEGEND, *limits]), style="dim"))


def _weeks(its: Hindsight) -> str:
    left_out = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in its.left_out.items())
    broken = ", ".join(f"{rule} in {count}" for rule, count in its.announced_breaks.items())
    said = [f"{its.weeks} compared", f"left out: {left_out}" if left_out else ""]
    said += [f"announced breaks {broken}"] if broken else []
    return "; ".join(filter(None, said))


def _compared(its: Comparison) -> str:
    if its.difference is None or its.band_80 is None:
        return "no week"
    low, high = its.band_80
    beside = "" if its.surprise_se is None else f" +- {its.surprise_se:.3g}"
    return (
        f"{its.difference:+.3g} (80 %: {low:+.3g} to {high:+.3g});\n"
        f"announced expected {its.expected:.4g}, earned {its.earned:.4g}{beside}"
    )


def _near(its: Comparison) -> str:
    weeks = "1 week" if its.weeks == 1 else f"{its.weeks} weeks"
    return f"{weeks} ({its.share:.0%}): {_compared(its)}" if its.weeks else "no week"


def _robust(its: DoublyRobust) -> str:
    if its.difference is None or its.standard_error is None:
        return f"null; {its.says}"
    return f"{its.difference:+.3g} +- {its.standard_error:.2g}; {its.says}"
