"""Pictures for the UI, as PNG small enough for Dagster's event log.

matplotlib's object interface only: no pyplot, no global state, no display.
"""

import io
from typing import Any

import numpy as np
import pandas as pd

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#666666"  # Okabe and Ito: told apart by the colour-blind


def sales_forecast(frame: pd.DataFrame, title: str) -> bytes:
    """Tickets sold against the model's fit.

    `frame`: week_start, tickets_sold, mean, lower_80, upper_80 [tickets], one row a week.
    """
    figure, axes = _canvas(title)
    weeks, million = frame["week_start"].to_numpy(), 1e6
    axes.fill_between(
        weeks, frame["lower_80"] / million, frame["upper_80"] / million, color=BLUE, alpha=0.2, lw=0, label="80 % band"
    )
    axes.plot(weeks, frame["mean"] / million, color=BLUE, lw=1.2, label="model")
    axes.plot(weeks, frame["tickets_sold"] / million, ".", color=ORANGE, ms=4, label="sold")
    axes.set_ylabel("tickets a week [millions]")
    axes.set_yscale("log")  # special draws sell many times an ordinary week
    axes.legend(frameon=False, fontsize=8)
    return _png(figure)


def demand_curve(
    jackpots: np.ndarray, mean: np.ndarray, band: tuple[np.ndarray, np.ndarray], sold: pd.DataFrame
) -> bytes:
    """Expected tickets and their 80 % band at jackpots [millions], [G] each, over the weeks sold.

    `sold`: week_start, jackpot [millions], tickets_sold [tickets], one row a week; the last two years stand out.
    """
    figure, axes = _canvas("Tickets by jackpot, coming week")
    recent = sold["week_start"] > sold["week_start"].max() - pd.Timedelta(weeks=104)
    for weeks, color, label in ((~recent, "#BBBBBB", "sold before"), (recent, ORANGE, "sold, last two years")):
        axes.plot(sold["jackpot"][weeks], sold["tickets_sold"][weeks] / 1e6, ".", color=color, ms=3, label=label)
    axes.fill_between(jackpots, band[0] / 1e6, band[1] / 1e6, color=BLUE, alpha=0.2, lw=0, label="80 % band")
    axes.plot(jackpots, mean / 1e6, color=BLUE, lw=1.5, label="expected")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("jackpot [millions]")
    axes.set_ylabel("tickets a week [millions]")
    axes.legend(frameon=False, fontsize=8)
    return _png(figure)


def net_revenue_curve(
    jackpots: np.ndarray,
    net: np.ndarray,
    band: tuple[np.ndarray, np.ndarray],
    feasible: np.ndarray,
    chosen: float,
    currency: str,
) -> bytes:
    """Expected net revenue [millions] over the admissible jackpots [millions], [G] each; where a rule fails it is dashed."""
    figure, axes = _canvas("Expected net revenue by jackpot")
    axes.fill_between(jackpots, *band, color=BLUE, alpha=0.15, lw=0, label="80 % band")
    axes.plot(jackpots, net, "--", color=GREY, lw=1, label="breaks a rule")
    axes.plot(jackpots, np.where(feasible, net, np.nan), color=BLUE, lw=2, label="keeps every rule")
    axes.axvline(chosen, color=ORANGE, lw=1.5, label=f"announced: {chosen:.10g}")
    axes.set_xlabel(f"jackpot [millions of {currency}]")
    axes.set_ylabel(f"net revenue [millions of {currency}]")
    axes.legend(frameon=False, fontsize=8)
    return _png(figure)


def trends(weeks: pd.DataFrame) -> bytes:
    """Small pictures, one a column, over the weeks of the index; each has a scale of its own."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.figure import Figure

    rows = -(-len(weeks.columns) // 3)
    figure = Figure(figsize=(11, 1.8 * rows), layout="constrained")
    for place, name in enumerate(weeks.columns, start=1):
        axes = figure.add_subplot(rows, 3, place)
        axes.plot(weeks.index, weeks[name], "o-", color=BLUE, lw=1.2, ms=2.5)
        axes.set_title(name, fontsize=11, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=9)
        locator = AutoDateLocator(maxticks=4)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.xaxis.get_offset_text().set_fontsize(9)
        axes.ticklabel_format(axis="y", useOffset=False)
    return _png(figure)


def _canvas(title: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure  # half a second, paid only where a picture is drawn

    figure = Figure(figsize=(7, 3.2))
    axes = figure.add_axes((0.1, 0.15, 0.88, 0.75))
    axes.set_title(title, fontsize=10, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def _png(figure: Any) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=64, metadata={"Software": None})
    return buffer.getvalue()
