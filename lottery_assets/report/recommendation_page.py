"""The page that is read and signed: one recommendation, its reasons, its pictures and where it came from, in one file.

A function of its arguments alone: the record, what it was decided from, and its provenance. Every figure is written here; the page's
script only chooses between them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lottery_assets import sales
from lottery_assets.audit import Provenance
from lottery_assets.demand import fitted
from lottery_assets.jackpot import PENDING, Recommendation
from lottery_assets.jackpot.treasury.pool import RULE as TREASURY
from lottery_assets.report import charts, in_words, timelines, units
from lottery_assets.report.choices import Choices, called
from lottery_assets.report.eras import Eras, eras
from lottery_assets.report.explanations import INPUTS
from lottery_assets.report.pages import styled
from lottery_assets.report.ratio import ratio
from lottery_assets.report.units import Units
from lottery_assets.weekly import Case

ANNOUNCED = 26
"""Weeks before the plan that its picture shows."""
LEARNT_FROM = 520
"""Weeks of which points are drawn."""
ROWS = 25
"""Lines of the curve's table, besides those that matter."""
FIRST_OF_ALL = {
    PENDING: "Not the final jackpot.",
    "experiment": "An experiment.",
    "treasury_gave_up": "Not what this country would announce by itself.",
    "treasury_member_missing": "A country is missing.",
}
"""Warnings that change what the jackpot is, each with a word for people: they stand above everything else."""


@dataclass(frozen=True)
class Bar:
    """One rule at the recommended jackpot; `room`: its slack as a share of what fills its bar, 0 to 1."""

    name: str
    phrase: str
    value: str
    limit: str
    slack: str
    room: float
    state: str


def recommendation_page(its: Case, r: Recommendation, of: Choices, provenance: Provenance) -> str:
    """HTML. `of`: the choices that `r` was taken from, the recommended jackpot and its alternatives among them."""
    unit = Units.of(r.currency, of.net)
    chosen = of.at(r.jackpot)
    curve = charts.net_revenue(of, r.jackpot, r.currency, in_words.curve(r, of, unit))
    points = [_point(r, of, unit, place) for place in range(len(of.jackpots))]
    marks = [[round(x, 1), round(y, 1)] for x, y in curve.marks]
    past = sales.history(its.weekly)
    sold, ratios, fit = _sold(past, r.currency), ratio(its.weekly, r.plan, its.config), fitted(its.table)
    return styled(
        "recommendation.html",
        "recommendation.js",
        r=r,
        game=its.config.game,
        unit=unit,
        u=units,
        change=_change(r, past, unit),
        rules=_bars(r, of, unit),
        urgent=[(FIRST_OF_ALL[w.code], w) for w in r.warnings if w.code in FIRST_OF_ALL],
        warnings=[w for w in r.warnings if w.code not in FIRST_OF_ALL],
        curve=curve.svg,
        points=points,
        chosen=chosen,
        table=_thinned(r, of),
        others=list(zip(r.alternatives, in_words.over_the_plan(r), strict=True)),
        data={"chosen": chosen, "points": points, "marks": marks, "span": [round(y, 1) for y in curve.span]},
        demand=_demand(its, r, of, sold),
        apart=sold.apart,
        forecasts=timelines.forecasts(fit, in_words.forecasts(its.model)) if len(fit) else None,
        ratio=timelines.payout_ratio(ratios, r.currency, in_words.payout_ratio(ratios)) if len(ratios.past) else None,
        ratios=ratios,
        ceiling=ratios.ceiling is not None,
        plan=timelines.plan(past.tail(ANNOUNCED), r.plan, r.currency, in_words.plan(r)),
        depends=any(week.if_won is not None for week in r.plan),
        model=its.model,
        inputs=INPUTS,
        provenance=provenance,
        shared=of.treasury is not None,
    )


def _change(r: Recommendation, past: pd.DataFrame, unit: Units) -> dict[str, str]:
    last = past.iloc[-1]
    before = float(last["jackpot_announced"])
    won = {1.0: ", which was won", 0.0: ", which was not won"}.get(float(last["jackpot_won"]), "")
    return {
        "by": units.moved(r.jackpot, before),
        "since": f"{unit.prize(before)} was announced for {last['week_start']:%Y-%m-%d}{won}",
    }


def _bars(r: Recommendation, of: Choices, unit: Units) -> list[Bar]:
    full = _full(of)
    return [
        Bar(
            name=rule.rule,
            phrase=called(rule.rule),
            value=unit.limited(rule.value, rule.unit),
            limit=unit.limited(rule.limit, rule.unit),
            slack=unit.room(rule.slack, rule.unit),
            room=min(max(rule.slack, 0.0) / max(full.get(rule.rule, 0.0), 1e-12), 1.0),
            state="broken" if not rule.holds else "binds" if rule.binding else "holds",
        )
        for rule in r.rules
    ]


def _full(of: Choices) -> dict[str, float]:
    """The slack that fills each bar: of a ratio, all that the regulator leaves between its bounds; else the most that any jackpot has."""
    p = of.problem
    between = (
        p.min_payout_ratio_12m if p.max_payout_ratio_12m is None else p.max_payout_ratio_12m - p.min_payout_ratio_12m
    )
    shared = {TREASURY: of.treasury.room} if of.treasury else {}
    return shared | {
        name: between if line.unit.startswith("fraction") else float(line.slack.max())
        for name, line in of.rules.items()
    }


def _point(r: Recommendation, of: Choices, unit: Units, place: int) -> dict[str, str]:
    """What is read off at one jackpot."""
    low, high = of.net_80[:, place]
    problem, g = of.problem, of.places[place]
    more = units.published(of.net[place]) - r.expected_net_revenue
    word = "less" if more < 0 else "more"
    broken = _broken(of, unit, place)
    return {
        "jackpot": unit.prize(float(of.jackpots[place])),
        "net": unit.money(of.net[place]),
        "band": f"{unit.amount(low)} to {unit.amount(high)}",
        "beside": "the recommended jackpot"
        if place == of.at(r.jackpot)
        else f"{unit.amount(abs(more))} million {word} than the recommended",
        "tickets": units.count(of.tickets[place]),
        "falls": units.percent(problem.chance_falls[g]),
        "ratio": units.percent(of.payout_ratio[place], 2),
        "says": f"Breaks {'; '.join(broken)}." if broken else "Keeps every rule this week.",
    }


def _broken(of: Choices, unit: Units, place: int) -> list[str]:
    found = [
        f"{called(rule)} by {unit.missed(line.slack[place], line.unit)}"
        for rule, line in of.rules.items()
        if not line.holds[place]
    ]
    if of.treasury and of.jackpots[place] > of.treasury.highest:
        found.append(f"{called(TREASURY)}: the other countries leave {unit.prize(of.treasury.highest)} at most")
    return found


def _thinned(r: Recommendation, of: Choices) -> list[int]:
    """Places of the table: evenly spaced, with the recommended jackpot, its alternatives, and both sides of every rule's edge."""
    even = np.linspace(0, len(of.jackpots) - 1, min(ROWS, len(of.jackpots))).round().astype(int)
    edges = np.flatnonzero(np.diff(of.keeps_every_rule.astype(int)))
    named = [of.at(jackpot) for jackpot in (r.jackpot, *(other.jackpot for other in r.alternatives))]
    return np.unique(np.r_[even, edges, np.minimum(edges + 1, len(of.jackpots) - 1), named]).astype(int).tolist()


def _sold(past: pd.DataFrame, currency: str) -> Eras:
    ordinary = past[(past["special_draw"] == 0) & ~past["set_aside"].astype(bool)].tail(LEARNT_FROM)
    return eras(ordinary.rename(columns={"jackpot_announced": "jackpot"}), currency)


def _demand(its: Case, r: Recommendation, of: Choices, sold: Eras) -> str:
    band = its.model.tickets(of.jackpots, its.table).band(0.80)
    return charts.demand(of, band, sold.parts, r.jackpot, r.currency, in_words.demand(r, sold.apart))
