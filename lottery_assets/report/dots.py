"""Dot plots as SVG that stands inside a page: one line a policy, one faint dot a game, the mean bold, the worst game ringed.

Text stays text, and colours are the page's own (`PAINT`), so that one picture serves light and dark. The same dots give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lottery_assets.report.figures import BLUE, GREY, ORANGE
from lottery_assets.report.svg import canvas, drawing, inline

WIDTH, LINE, HEAD, FOOT = 400, 23, 20, 36
"""Points: of a chart, of one policy's line, above the lines and below them."""
LEFT, RIGHT = 98, 128
"""Points that names and figures take."""
TICKS = (0, 0.5, 1, 2, 5, 10, 25, 50, 100, 200, 500, 1000)
PAINT = {BLUE: "--dot", ORANGE: "--worst", GREY: "--quiet"}
"""What is drawn in a colour has that of the page's variable."""


@dataclass(frozen=True)
class Line:
    """One policy: a value a game, their mean and the worst, in the unit of the axis; `figures`: as they are written beside."""

    policy: str
    games: Sequence[float]
    mean: float
    worst: float
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """What every chart of one kind shares. `rooted`: stretched towards zero, so that 0.1 and 1 are told apart where another is 60."""

    label: str
    columns: tuple[str, ...]
    lowest: float
    highest: float
    rooted: bool = True


def dot_plot(lines: Sequence[Line], axis: Axis, name: str) -> str:
    """An `<svg>` element. `name` keeps its inner names apart from those of the page's other charts."""
    height = HEAD + LINE * len(lines) + FOOT
    with drawing(name):
        chart = canvas(WIDTH, height)
        axes = chart.add_axes((LEFT / WIDTH, FOOT / height, (WIDTH - LEFT - RIGHT) / WIDTH, 1 - (FOOT + HEAD) / height))
        _frame(axes, axis, len(lines))
        for row, line in enumerate(lines):
            _draw(axes, row, line)
        return inline(chart, PAINT)


def _frame(axes: Any, axis: Axis, many: int) -> None:
    axes.patch.set_visible(False)
    axes.spines[:].set_visible(False)
    if axis.rooted:
        axes.set_xscale("function", functions=(_root, _square))
        axes.set_xticks(_ticks(axis.lowest, axis.highest))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.minorticks_off()
    axes.set_xlim(axis.lowest, axis.highest)
    axes.set_ylim(many - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(axis="x", color=GREY, alpha=0.25, lw=0.7)
    axes.tick_params(length=0, labelsize=10, labelcolor=GREY)
    axes.set_xlabel(axis.label, color=GREY, fontsize=10)
    for place, name in zip(_columns(axis.columns), axis.columns, strict=True):
        axes.annotate(
            name,
            (1, 1),
            (place, 5),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            va="bottom",
            color=GREY,
            fontsize=10,
        )


def _draw(axes: Any, row: int, line: Line) -> None:
    axes.axhline(row, color=GREY, alpha=0.25, lw=0.7)
    axes.plot(line.games, [row] * len(line.games), "o", color=BLUE, alpha=0.4, ms=6, mew=0, clip_on=False)
    axes.plot([line.worst], [row], "o", mfc="none", mec=ORANGE, mew=1.4, ms=8, clip_on=False)
    axes.plot([line.mean], [row], "D", color=BLUE, ms=7, mew=0, clip_on=False)
    at = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points", "va": "center_baseline"}
    axes.annotate(line.policy, (0, row), (-LEFT, 0), ha="left", annotation_clip=False, **at)
    for number, (place, figure) in enumerate(zip(_columns(line.figures), line.figures, strict=True)):
        weight = "normal" if number else "bold"
        axes.annotate(figure, (1, row), (place, 0), ha="right", weight=weight, annotation_clip=False, **at)


def _columns(figures: Sequence[str]) -> np.ndarray:
    """Right ends of the columns of figures, in points from the axis."""
    return np.linspace(RIGHT / len(figures) + 6, RIGHT, len(figures))


def _root(value: Any) -> Any:
    return np.sign(value) * np.sqrt(np.abs(value))


def _square(value: Any) -> Any:
    return np.sign(value) * np.square(value)


def _ticks(lowest: float, highest: float) -> list[float]:
    """As many as stand apart."""
    kept: list[float] = []
    room = (_root(highest) - _root(lowest)) / 10
    for value in sorted({*TICKS, *(-tick for tick in TICKS)}, key=abs):
        if lowest <= value <= highest and all(abs(_root(value) - _root(other)) >= room for other in kept):
            kept.append(value)
    return sorted(kept)
