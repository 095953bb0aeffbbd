"""The pictures of a recommendation's page that run over weeks: forecast against actual, the payout ratio, the plan."""

from typing import Any

import numpy as np
import pandas as pd

from lottery_assets.jackpot.recommendation import PlannedWeek
from lottery_assets.report.charts import (
    AMBER,
    BLACK,
    GREEN,
    HEIGHT,
    LEFT,
    RIGHT,
    SKY,
    TOP,
    WIDTH,
    dressed,
    keyed,
    plain_log,
    titled,
)
from lottery_assets.report.figures import BLUE, GREY, ORANGE
from lottery_assets.report.ratio import Ratio
from lottery_assets.report.svg import canvas, drawing, inline

FOOT = 22


def forecasts(frame: pd.DataFrame, alt: str) -> str:
    """Tickets sold against what was forecast one week ahead; `frame` as `demand.fitted` has it."""
    with drawing("forecasts"):
        figure = canvas(WIDTH, HEIGHT)
        axes = _panel(figure, HEIGHT)
        weeks, million = frame["week_start"].to_numpy(), 1e6
        axes.fill_between(weeks, frame["lower_80"] / million, frame["upper_80"] / million, color=BLUE, alpha=0.2, lw=0)
        axes.plot(weeks, frame["mean"] / million, color=BLUE, lw=1.6, label="forecast, 80 % band")
        axes.plot(weeks, frame["tickets_sold"] / million, "o", color=ORANGE, ms=3, mew=0, label="sold")
        special = frame[frame["special"] > 0]
        if len(special):
            axes.plot(
                special["week_start"].to_numpy(),
                special["tickets_sold"] / million,
                "D",
                mfc="none",
                mec=BLACK,
                ms=6,
                mew=1,
                label="special draw",
            )
        axes.set_yscale("log")
        plain_log(axes.yaxis)
        _dated(axes)
        titled(axes, "tickets a week, millions")
        keyed(axes)
        return inline(figure, alt=alt)


def payout_ratio(its: Ratio, currency: str, alt: str) -> str:
    """The 52-week ratio so far and as planned between its bounds; beneath, the prizes that each planned week drops from it."""
    with drawing("ratio"):
        figure = canvas(WIDTH, HEIGHT + 54)
        low = 70 if its.rolls_off else 0
        axes = _panel(figure, HEIGHT + 54, FOOT + (low + 40 if low else 0))
        axes.plot(its.past_weeks, 100 * its.past, color=BLUE, lw=1.8, label="so far")
        planned = np.r_[its.past_weeks[-1:], its.planned_weeks], 100 * np.r_[its.past[-1:], its.planned]
        axes.plot(*planned, "--", color=GREEN, lw=1.8, marker="o", ms=3, label="planned")
        axes.axhline(100 * its.floor, color=ORANGE, lw=1.4, ls="-.", label="floor")
        if its.ceiling is not None:
            axes.axhline(100 * its.ceiling, color=BLACK, lw=1.2, ls=":", label="ceiling")
        axes.margins(y=0.12)
        _dated(axes)
        titled(axes, "prizes in % of sales, 52 weeks")
        keyed(axes)
        if low:
            _rolling_off(figure, its, low, currency)
        return inline(figure, alt=alt)


def _rolling_off(figure: Any, its: Ratio, low: float, currency: str) -> None:
    axes = _panel(figure, HEIGHT + 54, FOOT, HEIGHT + 54 - FOOT - low)
    place = np.arange(len(its.planned_weeks))
    axes.bar(place, its.dropped_prizes, 0.62, color=AMBER, label="rolls off")
    axes.plot(
        place,
        its.dropped_sales * its.past[-1],
        "_",
        color=BLACK,
        ms=14,
        mew=1.6,
        label="leaves the ratio as it is",
    )
    _named(axes, its.planned_weeks)
    axes.set_ylim(0, 1.35 * max(float(its.dropped_prizes.max()), float((its.dropped_sales * its.past[-1]).max()), 1e-9))
    titled(axes, f"prizes, {currency} million")
    keyed(axes)


def plan(announced: pd.DataFrame, weeks: tuple[PlannedWeek, ...], currency: str, alt: str) -> str:
    """Jackpots planned after those announced. `announced`: week_start, jackpot_announced [millions]."""
    with drawing("plan"):
        depends = any(week.if_won is not None for week in weeks)
        height = HEIGHT + (12 if depends else 0)
        figure = canvas(WIDTH, height)
        axes = _panel(figure, height, top=TOP + (12 if depends else 0))
        monday = [np.datetime64(week.week_start) for week in weeks]
        jackpots = [week.jackpot for week in weeks]
        axes.plot(
            announced["week_start"].to_numpy(),
            announced["jackpot_announced"],
            "o-",
            color=GREY,
            ms=3,
            lw=1,
            label="announced",
        )
        axes.plot(monday, jackpots, "s--", color=BLUE, ms=4.5, lw=1.2, label="planned")
        for label, shape, given in (("if won", "v", "if_won"), ("if not", "^", "if_not_won")):
            known = [
                (day, getattr(week, given))
                for day, week in zip(monday, weeks, strict=True)
                if getattr(week, given) is not None
            ]
            if known:
                axes.plot(
                    *zip(*known, strict=True), shape, mfc="none", mec=SKY if shape == "v" else AMBER, ms=6, label=label
                )
        axes.plot(monday[:1], jackpots[:1], "D", color=ORANGE, ms=8, mec="white", label="recommended")
        axes.set_ylim(bottom=0)
        axes.margins(y=0.15)
        _dated(axes)
        titled(axes, f"jackpot, {currency} million")
        keyed(axes, 3)
        return inline(figure, alt=alt)


def _panel(figure: Any, height: float, foot: float = FOOT, top: float = TOP) -> Any:
    axes = figure.add_axes(
        (LEFT / WIDTH, foot / height, (WIDTH - LEFT - RIGHT) / WIDTH, (height - foot - top) / height)
    )
    dressed(axes)
    return axes


def _dated(axes: Any) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=4, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))


def _named(axes: Any, weeks: np.ndarray) -> None:
    """A tick at every other week or so, by its day."""
    every = max(1, -(-len(weeks) // 6))
    axes.set_xticks(range(0, len(weeks), every), [f"{pd.Timestamp(week):%d %b}" for week in weeks[::every]])
