"""Decisions of people, told."""

from collections.abc import Iterator, Sequence
from typing import Literal

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from lottery_assets.jackpot.recommendation import Rule
from lottery_assets.signoff import Kept, LookedBack, SignOff

COLUMNS: tuple[tuple[str, Literal["left", "right"]], ...] = (
    ("week", "left"),
    ("advice", "right"),
    ("announced", "right"),
    ("by", "left"),
    ("tickets", "right"),
    ("won", "right"),
    ("net", "right"),
    ("cost or gain", "right"),
)
LEGEND = (
    "jackpots and net revenue in millions, tickets in millions; by: whose decision stands; ~: prizes are estimated; cost or gain: net revenue that the "
    "model of that week expected of the announced jackpot beyond the recommended one, in that week alone, and its 80 % band; ?: not known"
)


def decision_told(kept: Kept) -> Group:
    """One decision: what is announced, which rules it breaks, what it costs or earns, and where it is recorded."""
    its = kept.sign_off
    done = "announced" if its.decision == "without_advice" else its.decision
    said = f"{its.country}, week of {its.week_start}: {its.currency} {its.jackpot:,.10g} million, {done} by {its.by}"
    lines = [Text(said, style="bold")]
    if its.not_recommended:
        lines.append(Text(f"nothing was recommended: {its.not_recommended.splitlines()[0]}"))
    if its.decision != "approved":
        lines.append(Text(_worth(its)))
        lines += [Text(_broken(rule), style="red") for rule in its.rules if not rule.holds]
        if not its.broken:
            lines.append(Text("every rule holds"))
    return Group(*lines, Text(str(kept.path)))


def _worth(its: SignOff) -> str:
    if its.recommended_jackpot is None or its.expected_difference is None or its.difference_80 is None:
        return f"expected net revenue of the week is {its.expected_net_revenue:,.4g} million"
    low, high = its.difference_80
    return (
        f"recommended were {its.recommended_jackpot:,.10g}; this earns {its.expected_difference:+,.3g} million beside that, in "
        f"expectation and in this week alone (80 %: {low:+,.3g} to {high:+,.3g})"
    )


def standing_decision(its: SignOff) -> str:
    """In a line."""
    if its.decision == "approved":
        return f"approved by {its.by}"
    despite = f", despite {', '.join(its.broken)}" if its.broken else ""
    instead = "without a recommendation" if its.decision == "without_advice" else "instead"
    return f"{its.currency} {its.jackpot:,.10g} million {instead}, by {its.by}{despite}: {its.reason}"


def decisions_table(found: Sequence[LookedBack]) -> Group:
    """A line a week; below, what people said who announced something else, and what it cost or earned together."""
    grid = Table(
        title="Recommendations and what came of them",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for name, side in COLUMNS:
        grid.add_column(name, no_wrap=name != "by", justify=side)
    for country in dict.fromkeys(its.country for its in found):
        grid.add_row(Text(country, style="bold"))
        for its in found:
            if its.country == country:
                grid.add_row(*_week(its))
        grid.add_section()
    return Group(grid, *map(Text, _sums(found)), *map(Text, _said(found)), Text(LEGEND, style="dim"))


def _week(its: LookedBack) -> list[Text]:
    announced = "" if its.announced_jackpot is None else f"{its.announced_jackpot:,.10g}"
    return [
        Text(f"{its.week_start}"),
        Text("none" if its.recommended_jackpot is None else f"{its.recommended_jackpot:,.10g}"),
        Text(announced, style="bold" if its.deviates else ""),
        Text(its.by or "nobody"),
        Text("" if its.tickets_sold is None else f"{its.tickets_sold / 1e6:,.2f}"),
        Text("" if its.jackpot_won is None else "yes" if its.jackpot_won else "no"),
        Text("" if its.net_revenue is None else f"{its.net_revenue:,.1f}" + ("~" if its.prizes_estimated else "")),
        Text(_cost(its)),
    ]


def _cost(its: LookedBack) -> str:
    if its.expected_difference is None or its.difference_80 is None:
        return "?" if its.note else ""
    if not its.deviates:
        return "0"
    low, high = its.difference_80
    return f"{its.expected_difference:+,.3g}\n{low:+,.3g} to {high:+,.3g}"


def _sums(found: Sequence[LookedBack]) -> Iterator[str]:
    for country in dict.fromkeys(its.country for its in found):
        off = [its for its in found if its.country == country and its.deviates]
        known = [its.expected_difference for its in off if its.expected_difference is not None]
        if known:
            weeks = "1 week" if len(known) == 1 else f"{len(known)} weeks"
            left = f"; of {len(off) - len(known)} more it is not known" if len(off) > len(known) else ""
            yield f"{country}: another jackpot than the recommended one earned {off[0].currency} {sum(known):+,.3g} million in {weeks}, in expectation{left}"


def _said(found: Sequence[LookedBack]) -> Iterator[str]:
    for its in found:
        where = f"{its.country}, {its.week_start}"
        if its.decision in ("overridden", "without_advice"):
            despite = f", despite {', '.join(its.broken)}" if its.broken else ""
            yield f"{where}: {its.decided_jackpot:,.10g} decided by {its.by}{despite}: {its.reason}"
        if its.decided_late and its.decided_at:
            yield f"{where}: decided on {its.decided_at.date()}, after the week had begun"
        if its.announced_otherwise:
            yield f"{where}: {its.announced_jackpot:,.10g} announced, and {its.decided_jackpot:,.10g} decided"
        if its.note:
            yield f"{where}: {its.note}"


def _broken(rule: Rule) -> str:
    return f"despite {rule.rule}: {rule.value:.6g} against a limit of {rule.limit:.6g} {rule.unit}"
