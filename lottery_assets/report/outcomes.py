"""What came of each country's week, as the table on the screen and as the rows of `--json`."""

from typing import Literal

from pydantic import BaseModel, ConfigDict
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from lottery_assets.weekly import Recommendation

Status = Literal["recommended", "no_recommendation", "bad_input"]


class Outcome(BaseModel):
    """One country's answer, or why it has none."""

    model_config = ConfigDict(frozen=True)

    country: str
    status: Status
    reason: str | None = None
    recommendation: Recommendation | None = None
    folder: str | None = None
    """Where the full answer lies."""

    def as_row(self) -> dict[str, object]:
        """The row of `lottery recommend --json`."""
        return self.model_dump(mode="json", include={"country", "status", "reason", "recommendation"})


def exit_code(statuses: list[Status]) -> int:
    """0 all have an answer; 2 bad input alone left none with one; 3 anything between."""
    if all(status == "recommended" for status in statuses) and statuses:
        return 0
    return 2 if all(status == "bad_input" for status in statuses) else 3


def table(outcomes: list[Outcome]) -> Group:
    """One line a country: jackpot and what it earns; below it, which rules bind and where the full answers lie."""
    grid = Table(title="Jackpot to announce", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("country", "week"):
        grid.add_column(name, no_wrap=True)
    for name in ("jackpot", "net revenue", "80 % band", "falls"):
        grid.add_column(name, justify="right", no_wrap=True)
    for outcome in outcomes:
        if outcome.recommendation is None:
            grid.add_row(Text(outcome.country), "", Text(outcome.status.replace("_", " "), style="bold red"))
        else:
            grid.add_row(Text(outcome.country), *_cells(outcome.recommendation))
    units = Text(
        "jackpot and net revenue in millions; falls: chance that the jackpot is won; the\n"
        "band leaves out the rarest tenths, the mean does not; binds: holds the plan\n"
        "back, in this week or a later one; lottery explain COUNTRY has the reasons",
        style="dim",
    )
    answered = [outcome for outcome in outcomes if outcome.recommendation]
    return Group(grid, *([units] if answered else []), *map(_where, answered), *_pooled(outcomes))


def _cells(r: Recommendation) -> list[Text]:
    low, high = r.net_revenue_80
    return [
        Text(str(r.week_start)),
        Text(f"{r.currency} {r.jackpot:,.10g}", style="bold"),
        Text(f"{r.expected_net_revenue:,.2f}"),
        Text(f"{low:,.1f} to {high:,.1f}"),
        Text(f"{r.chance_jackpot_falls:.1%}"),
    ]


def _where(outcome: Outcome) -> Text:
    rules = outcome.recommendation.rules if outcome.recommendation else ()
    binding = [rule.rule for rule in rules if rule.binding]
    said = f"{', '.join(binding)} bind{'s' if len(binding) == 1 else ''}" if binding else "no rule binds"
    warnings = len(outcome.recommendation.warnings) if outcome.recommendation else 0
    warned = f"; {warnings} warning{'s' if warnings > 1 else ''}" if warnings else ""
    return Text(f"{outcome.country}: {said}{warned}; {outcome.folder}", overflow="fold")


def _pooled(outcomes: list[Outcome]) -> list[Text]:
    """What sharing a treasury did: who gave up what, who was missing; each said once."""
    said = (w.message for o in outcomes if o.recommendation for w in o.recommendation.warnings if w.code in POOLED)
    return [Text(message, overflow="fold") for message in dict.fromkeys(said)]


POOLED = ("treasury_gave_up", "treasury_member_missing", "treasury_weeks_differ")
