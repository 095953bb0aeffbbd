"""The page over all countries: one row each, with the newest recommendation, how it stands and how old it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal
from urllib.parse import quote

from lottery_assets.jackpot import PENDING, Recommendation
from lottery_assets.report import units
from lottery_assets.report.pages import styled
from lottery_assets.report.spark import spark
from lottery_assets.report.units import Units

State = Literal[
    "recommended", "waits for the treasury", "overdue", "no recommendation", "faulty input", "unreadable", "none yet"
]
ORDER: dict[State, int] = {
    "faulty input": 0,
    "no recommendation": 1,
    "unreadable": 2,
    "none yet": 3,
    "overdue": 4,
    "waits for the treasury": 5,
    "recommended": 6,
}
"""What needs somebody comes first."""


@dataclass(frozen=True)
class Standing:
    """What is known of one country. `trouble`: its state where this run or its configuration says more than the store; `recent`: last
    announced jackpots [millions], the oldest first; `page`: path of its report, seen from the index.
    """

    country: str
    game: str | None = None
    recommendation: Recommendation | None = None
    page: str | None = None
    recent: Sequence[float] = field(default=())
    trouble: State | None = None
    reason: str | None = None
    configured: bool = True
    signed: str | None = None
    """What people decided last."""

    def state(self, today: date) -> State:
        """How the country stands on a day."""
        if self.trouble:
            return self.trouble
        r = self.recommendation
        if r is None:
            return "none yet"
        if today >= r.week_start + timedelta(days=7):
            return "overdue"
        return "waits for the treasury" if any(w.code == PENDING for w in r.warnings) else "recommended"


@dataclass(frozen=True)
class Row:
    """One line of the page, as text; `sort`: a number for each column that is sorted by one, and `overdue` where `state` becomes that."""

    country: str
    game: str | None
    href: str | None
    state: State
    reason: str | None
    spark: str
    sort: dict[str, float | str]
    week: str = ""
    jackpot: str = ""
    change: str = ""
    net: str = ""
    band: str = ""
    age: str = ""
    signed: str | None = None


def index_page(standings: Sequence[Standing], today: date) -> str:
    """HTML. The age is that of the week recommended for, in days up to `today`; opened later, the page tells it as of then."""
    rows = [_row(its, today) for its in sorted(standings, key=lambda its: its.country)]
    return styled("index.html", "index.js", rows=rows, today=today)


def _row(its: Standing, today: date) -> Row:
    r, state = its.recommendation, its.state(today)
    reason = its.reason if its.configured else "; ".join(filter(None, ("not configured any more", its.reason)))
    sort: dict[str, float | str] = {"country": its.country, "state": ORDER[state]}
    href = quote(its.page) if its.page else None
    line = spark(its.recent, r.jackpot if r else None, _alt(its)) if its.recent or r else ""
    row = Row(its.country, its.game, href, state, reason, line, sort, signed=its.signed)
    if r is None:
        return row
    unit = Units.of(r.currency, [r.expected_net_revenue, *r.net_revenue_80])
    last = its.recent[-1] if its.recent else None
    age = (today - r.week_start).days
    more: dict[str, float | str] = {
        "week": r.week_start.toordinal(),
        "jackpot": r.jackpot,
        "net": r.expected_net_revenue,
        "age": age,
    }
    if its.trouble is None:
        more["overdue"] = ORDER["overdue"]
    return replace(
        row,
        sort=sort | more | ({} if not last else {"change": r.jackpot / last - 1}),
        week=r.week_start.isoformat(),
        jackpot=unit.prize(r.jackpot),
        change="" if last is None else units.moved(r.jackpot, last),
        net=unit.money(r.expected_net_revenue),
        band=f"{unit.amount(r.net_revenue_80[0])} to {unit.amount(r.net_revenue_80[1])}",
        age=f"{age:,} days" if age >= 0 else f"in {-age:,} days",
    )


def _alt(its: Standing) -> str:
    said = (
        f"{len(its.recent)} jackpots announced, from {min(its.recent):.10g} to {max(its.recent):.10g} million"
        if its.recent
        else "no jackpot announced is known"
    )
    return said + (f"; recommended: {its.recommendation.jackpot:.10g}" if its.recommendation else "")
