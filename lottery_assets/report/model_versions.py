"""Versions of a country's model as people read them on the terminal."""

from collections.abc import Iterator, Sequence

from rich import box
from rich.table import Table

from lottery_assets.audit.models import Decision, ModelCard, Stage

SHOWN = 12
"""Versions a country in the table."""


def versions_table(country: str, versions: Sequence[tuple[ModelCard, Stage]]) -> Table:
    """The newest `SHOWN` versions of one country."""
    grid = Table(
        *("version", "stage", "until", "WAPE", "80 %", "elasticity"),
        title=country,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        caption="until: last week learnt; WAPE, 80 %: error and weeks inside the band, one week ahead, last two years",
        caption_justify="left",
    )
    for card, stage in versions[:SHOWN]:
        its = card.calibration
        grid.add_row(
            card.version.short,
            stage,
            f"{card.version.trained_until}",
            "" if its.wape is None else f"{its.wape:.1%}",
            f"{its.inside_80}/{its.weeks}",
            f"{card.elasticity.mean:.2f} +- {card.elasticity.sd:.2f}",
        )
    return grid


def failures(versions: Sequence[tuple[ModelCard, Stage]]) -> Iterator[str]:
    """Why those of them that a gate refused were."""
    for card, _ in versions[:SHOWN]:
        if card.verdict.why:
            yield f"{card.version.short} failed: {'; '.join(card.verdict.why)}"


def decision_told(its: Decision) -> str:
    """What people decided about the champion."""
    before = f"in place of {its.replaced.short}" if its.replaced else "where there was none"
    return (
        f"{its.champion.country}: {its.champion.short} is champion {before}, from fits until {its.since} on, until one of a later week "
        f"passes the gates against it ({its.kind} by {its.by}, {its.at:%Y-%m-%d %H:%M}: {its.reason})"
    )
