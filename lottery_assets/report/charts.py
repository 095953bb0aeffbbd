"""The pictures of a recommendation's page that look at the coming week: net revenue with the rules beneath it, and tickets by jackpot.

Drawn for a width that a telephone shows without making letters unreadable. Lines differ in style and points in shape as well as in colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lottery_assets.report.choices import Choices, called
from lottery_assets.report.figures import BLUE, GREY, ORANGE
from lottery_assets.report.svg import canvas, drawing, inline
from lottery_assets.report.units import tick

GREEN, SKY, AMBER, PINK, BLACK = "#009E73", "#56B4E9", "#E69F00", "#CC79A7", "#1b1d21"
WIDTH, HEIGHT = 400, 225
"""Points: of a chart."""
LEFT, RIGHT, TOP, BOTTOM = 44, 10, 22, 34
"""Points between the frame and the edges."""
LANE = 22
"""Points: of a rule's line below the curve."""
ERAS = ((BLUE, "o"), (AMBER, "^"), (PINK, "s"), ("#999999", "x"))
"""Colour and shape of the points of an era, the newest first."""


@dataclass(frozen=True)
class Curve:
    """The chart, and where in its coordinates [points] the curve lies at each jackpot looked at: `marks` [n, 2]; `span`: top and foot."""

    svg: str
    marks: list[tuple[float, float]]
    span: tuple[float, float]


def net_revenue(of: Choices, chosen: float, currency: str, alt: str) -> Curve:
    """Net revenue with its band; where every rule holds it is shaded, and each rule has a line that says where it breaks."""
    rules, jackpots = of.holds, of.jackpots
    foot = BOTTOM + 8 + LANE * len(rules)
    height = HEIGHT + 32 + LANE * len(rules)
    with drawing("curve"):
        figure = canvas(WIDTH, height)
        axes = _axes(figure, height, foot=foot, top=TOP + 12)
        _shade(axes, jackpots, of.keeps_every_rule)
        axes.fill_between(jackpots, *of.net_80, color=BLUE, alpha=0.16, lw=0, label="80 % band")
        axes.plot(jackpots, of.net, "--", color=GREY, lw=1.2, label="breaks a rule")
        kept = np.where(of.keeps_every_rule, of.net, np.nan)
        axes.plot(jackpots, kept, color=BLUE, lw=2.4, marker="." if np.isfinite(kept).sum() < 3 else "")
        axes.lines[-1].set_label("keeps every rule")
        axes.axvline(chosen, color=ORANGE, lw=1.6, ls="-.")
        axes.plot([chosen], [of.net[of.at(chosen)]], "D", color=ORANGE, ms=7, mec="white", label="recommended")
        axes.set_xlim(*_widened(jackpots))
        axes.tick_params(labelbottom=False)
        axes.set_ylim(*_worth_seeing(of))
        titled(axes, f"net revenue, {currency} million", above=20)
        keyed(axes)
        _lanes(figure, height, foot, jackpots, rules, chosen, currency)
        marks = [
            (float(x), float(height - y)) for x, y in axes.transData.transform(np.column_stack([jackpots, of.net]))
        ]
        return Curve(inline(figure, alt=alt), marks, (TOP + 12, height - BOTTOM))


def _worth_seeing(of: Choices) -> tuple[float, float]:
    """Ends of the upright axis: the curve, and of its band as much as leaves the curve's own rise and fall to be seen."""
    low, high = float(of.net.min()), float(of.net.max())
    most = 1.2 * max(high - low, 0.25 * max(abs(low), abs(high)))
    return max(float(of.net_80[0].min()), low - most) - 0.05 * most, min(
        float(of.net_80[1].max()), high + most
    ) + 0.05 * most


def _shade(axes: Any, jackpots: np.ndarray, kept: np.ndarray) -> None:
    for first, last in _stretches(jackpots, kept):
        axes.axvspan(first, last, color=GREEN, alpha=0.13, lw=0)


def _lanes(
    figure: Any,
    height: float,
    foot: float,
    jackpots: np.ndarray,
    rules: dict[str, np.ndarray],
    chosen: float,
    currency: str,
) -> None:
    axes = _axes(figure, height, foot=BOTTOM, top=height - foot + 8)
    axes.spines["left"].set_visible(False)
    for row, (rule, held) in enumerate(rules.items()):
        for first, last in _stretches(jackpots, held):
            axes.broken_barh([(first, last - first)], (row + 0.6, 0.34), facecolor=GREEN, alpha=0.35, lw=0)
        for first, last in _stretches(jackpots, ~held):
            axes.broken_barh(
                [(first, last - first)], (row + 0.6, 0.34), facecolor="white", edgecolor=ORANGE, hatch="//////", lw=0.8
            )
        axes.annotate(
            called(rule) + ("" if held.all() else " breaks where hatched"),
            (0, row + 0.54),
            xycoords=axes.get_yaxis_transform(),
            va="bottom",
            fontsize=9,
            color=BLACK,
            bbox={"facecolor": "white", "alpha": 0.85, "lw": 0, "pad": 0.4},
        )
    axes.axvline(chosen, color=ORANGE, lw=1.6, ls="-.")
    axes.set_yticks([])
    axes.set_ylim(len(rules), 0)
    axes.set_xlim(*_widened(jackpots))
    axes.set_xlabel(f"jackpot, {currency} million", fontsize=10, color=GREY)


def demand(
    of: Choices,
    band: tuple[np.ndarray, np.ndarray],
    sold: Sequence[tuple[str, pd.DataFrame]],
    chosen: float,
    currency: str,
    alt: str,
) -> str:
    """Expected tickets of the coming week and their 80 % band [n, tickets] over the weeks sold.

    `sold`: name of an era and its weeks (columns jackpot [millions], tickets_sold), the newest first.
    """
    with drawing("demand"):
        figure = canvas(WIDTH, HEIGHT + 24)
        axes = _axes(figure, HEIGHT + 24, top=TOP + 24)
        for (name, weeks), (colour, shape) in reversed(list(zip(sold, ERAS, strict=False))):
            style = {"color": colour, "ms": 3.4, "alpha": 0.75, "mew": 0.8 if shape == "x" else 0}
            axes.plot(weeks["jackpot"], weeks["tickets_sold"] / 1e6, shape, label=name, **style)
        axes.fill_between(of.jackpots, band[0] / 1e6, band[1] / 1e6, color=GREEN, alpha=0.25, lw=0)
        axes.plot(of.jackpots, of.tickets / 1e6, color=GREEN, lw=2.2, label="expected, 80 % band")
        axes.axvline(chosen, color=ORANGE, lw=1.6, ls="-.", label="recommended")
        axes.set_xscale("log")
        axes.set_yscale("log")
        plain_log(axes.xaxis)
        plain_log(axes.yaxis)
        axes.set_xlabel(f"jackpot, {currency} million", fontsize=10, color=GREY)
        titled(axes, "tickets a week, millions")
        keyed(axes, 2, newest_first=True)
        return inline(figure, alt=alt)


def plain_log(axis: Any) -> None:
    """Ticks of a logarithmic axis at 1, 2 and 5, as plain numbers."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=9))
    axis.set_major_formatter(tick)
    axis.set_minor_formatter(NullFormatter())


def titled(axes: Any, text: str, above: float = 8) -> None:
    """What the upright axis shows stands above it, where it needs no turned head."""
    axes.annotate(
        text, (0, 1), (-LEFT + 4, above), xycoords="axes fraction", textcoords="offset points", fontsize=10, color=GREY
    )


def _axes(figure: Any, height: float, foot: float = BOTTOM, top: float = TOP) -> Any:
    axes = figure.add_axes(
        (LEFT / WIDTH, foot / height, (WIDTH - LEFT - RIGHT) / WIDTH, (height - foot - top) / height)
    )
    dressed(axes)
    return axes


def dressed(axes: Any) -> None:
    """The look that all charts share."""
    axes.patch.set_visible(False)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[:].set_color("#9aa0a8")
    axes.tick_params(labelsize=10, length=3, color="#9aa0a8", labelcolor="#333333")
    axes.grid(axis="y", color=GREY, alpha=0.18, lw=0.7)
    axes.xaxis.set_major_formatter(tick)
    axes.yaxis.set_major_formatter(tick)


def keyed(axes: Any, columns: int = 4, newest_first: bool = False) -> None:
    """What is drawn how, above the picture to the right, where it hides nothing."""
    drawn = zip(*axes.get_legend_handles_labels(), strict=True)
    handles, labels = zip(*(reversed(list(drawn)) if newest_first else drawn), strict=True)
    axes.legend(
        handles,
        labels,
        frameon=False,
        fontsize=8.5,
        ncols=columns,
        loc="lower right",
        bbox_to_anchor=(1.02, 0.97),
        borderaxespad=0.3,
        handletextpad=0.4,
        columnspacing=0.9,
        handlelength=1.7,
    )


def _stretches(jackpots: np.ndarray, where: np.ndarray) -> list[tuple[float, float]]:
    """From where to where it is so; each jackpot stands for the half way to its neighbours."""
    low, high = _widened(jackpots)
    edges = np.r_[low, (jackpots[1:] + jackpots[:-1]) / 2, high]
    turns = np.flatnonzero(np.diff(np.r_[False, where, False].astype(int)))
    return [(float(edges[begins]), float(edges[ends])) for begins, ends in turns.reshape(-1, 2)]


def _widened(jackpots: np.ndarray) -> tuple[float, float]:
    """The ends of the axis: half a step beyond the outermost jackpots."""
    if len(jackpots) == 1:
        return 0.9 * float(jackpots[0]), 1.1 * float(jackpots[0])
    return float(1.5 * jackpots[0] - 0.5 * jackpots[1]), float(1.5 * jackpots[-1] - 0.5 * jackpots[-2])
