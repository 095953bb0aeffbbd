"""Why a jackpot, on the screen: the sentence, the rules with their prices, what else there was, and what would change the answer."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lottery_assets.jackpot.recommendation import Rule
from lottery_assets.report import in_words
from lottery_assets.report.outcomes import Outcome
from lottery_assets.weekly import Recommendation

INPUTS = {
    "demand": "demand",
    "price": "ticket price",
    "odds": "chance of a ticket",
    "cash": "cash",
    "floor": "payout ratio floor",
}


def explanation(outcome: Outcome) -> Group:
    """One country's reasons, or why it has no answer."""
    r = outcome.recommendation
    if r is None:
        return Group(
            Text(f"{outcome.country}: {outcome.status.replace('_', ' ')}", style="bold red"), Text(outcome.reason or "")
        )
    head = Text(f"{r.country}, week of {r.week_start}", style="bold")
    return Group(
        head, Text(r.reasons.sentence), _rules(r), _alternatives(r), _plan(r), _unmoved(r), *_warnings(r), Text()
    )


def _table(title: str, *columns: str) -> Table:
    grid = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    grid.add_column(columns[0], no_wrap=True)
    for name in columns[1:]:
        grid.add_column(name, justify="right", no_wrap=True)
    return grid


def _rules(r: Recommendation) -> RenderableType:
    grid = _table("Rules in the coming week", "rule", "value", "limit", "slack", "relief", "unit")
    for rule in r.rules:
        binds = _relief(rule) if rule.price is not None else "binds" if rule.binding else ""
        unit = rule.unit.replace("fraction ", "")
        grid.add_row(rule.rule, f"{rule.value:,.5g}", f"{rule.limit:,.5g}", f"{rule.slack:,.4g}", binds, unit)
    legend = (
        "relief: millions that a looser rule would earn over the plan, by the million or by\nthe point of the ratio"
    )
    return Group(grid, Text(legend, style="dim"))


def _relief(rule: Rule) -> str:
    """A ratio's price is that of the whole of sales: for people, of a hundredth."""
    price = rule.price or 0.0
    return f"{price / 100:,.4g} a point" if rule.unit.startswith("fraction") else f"{price:,.4g}"


def _alternatives(r: Recommendation) -> RenderableType:
    grid = _table("Next best", "jackpot", "net revenue of the week", "over the plan")
    for other, beside in zip(r.alternatives, in_words.over_the_plan(r), strict=True):
        grid.add_row(f"{other.jackpot:,.10g}", f"{other.expected_net_revenue:,.2f}", beside)
    return grid


def _plan(r: Recommendation) -> RenderableType:
    depends = any(week.if_won is not None for week in r.plan)
    grid = _table("Plan", "week", "jackpot", *(("if won before", "if not") if depends else ()), "net revenue", "ratio")
    for week in r.plan:
        after = [f"{jackpot:,.10g}" if jackpot is not None else "" for jackpot in (week.if_won, week.if_not_won)]
        cells = [f"{week.expected_net_revenue:,.2f}", f"{week.payout_ratio_12m:.2%}"]
        grid.add_row(str(week.week_start), f"{week.jackpot:,.10g}", *(after if depends else ()), *cells)
    return grid


def _unmoved(r: Recommendation) -> RenderableType:
    grid = _table("The answer stays the same", "while", "from", "to")
    for found in r.reasons.unmoved:
        ends = (_percent(found.low), _percent(found.high))
        grid.add_row(INPUTS.get(found.input, found.input), *ends)
    return Group(grid, Text("tried up to 10 % either way, to 2.5 %: 0.0 where the first step changes it", style="dim"))


def _percent(times: float) -> str:
    return f"{100 * (times - 1):+.1f} %"


def _warnings(r: Recommendation) -> list[RenderableType]:
    return [Text(f"{warning.code}: {warning.message}", style="yellow") for warning in r.warnings]
