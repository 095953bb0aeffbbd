"""What a recommendation's page shows, in words: its pictures for those who do not see them, and what other jackpots would do to the plan."""

import numpy as np

from lottery_assets.demand import SalesModel
from lottery_assets.jackpot import Recommendation, would_lose
from lottery_assets.report import units
from lottery_assets.report.choices import Choices
from lottery_assets.report.ratio import Ratio
from lottery_assets.report.units import Units


def demand(r: Recommendation, apart: str) -> str:
    """Tickets at the recommended jackpot; `apart`: what tells the eras of the points apart."""
    low, high = r.tickets_80
    return (
        f"Tickets against jackpot: at {units.exact(r.jackpot)} million {units.count(r.expected_tickets)} tickets are expected, "
        f"80 % band {units.count(low)} to {units.count(high)}; points are past weeks without a special draw, {apart}."
    )


def curve(r: Recommendation, of: Choices, unit: Units) -> str:
    """Net revenue by jackpot: its ends, its top, and where every rule holds."""
    kept = of.jackpots[of.keeps_every_rule]
    span = (
        f"every rule holds between {units.exact(kept.min())} and {units.exact(kept.max())} million"
        if len(kept)
        else "no jackpot keeps every rule"
    )
    best = int(np.argmax(of.net))
    return (
        f"Expected net revenue by jackpot: {unit.amount(of.net[0])} million at {units.exact(of.jackpots[0])}, highest with {unit.amount(of.net[best])} at "
        f"{units.exact(of.jackpots[best])}, {unit.amount(of.net[-1])} at {units.exact(of.jackpots[-1])}; {span}; {units.exact(r.jackpot)} is recommended. "
        "The table below has the figures."
    )


def over_the_plan(r: Recommendation) -> list[str]:
    """What the plan would earn less with each of the alternatives, or that it would break a rule."""
    breaks_ahead = any(warning.code == "rule_breaks_ahead" for warning in r.warnings)
    return [would_lose(other.loss, r.expected_sales, breaks_ahead) for other in r.alternatives]


def forecasts(model: SalesModel) -> str:
    """How far forecasts were off."""
    c = model.calibration
    off = f"the forecasts were off by {units.percent(c.wape)} of what was sold, and " if c.wape is not None else ""
    return f"Forecast against actual tickets over {c.weeks} weeks: {off}{c.inside_80} weeks lay inside the 80 % band."


def payout_ratio(its: Ratio) -> str:
    """The ratio now, with the coming week and at the end of the plan, and its bounds."""
    ceiling = f" and ceiling {units.percent(its.ceiling, 2)}" if its.ceiling is not None else ""
    now = units.percent(its.past[-1], 2) if len(its.past) else "unknown"
    return (
        f"52-week payout ratio: {now} after the last week sold, {units.percent(its.planned[0], 2)} expected with the coming one and "
        f"{units.percent(its.planned[-1], 2)} at the end of the plan; floor {units.percent(its.floor, 2)}{ceiling}."
    )


def plan(r: Recommendation) -> str:
    """The planned jackpots."""
    planned = ", ".join(units.exact(week.jackpot) for week in r.plan)
    return f"Jackpots planned from {r.plan[0].week_start} on, in millions: {planned}; before them those announced."
