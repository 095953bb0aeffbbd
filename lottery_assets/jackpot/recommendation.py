"""`recommendation.json`: the document that is published, the same bytes for the same inputs."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict
from scipy.special import pdtr

from lottery_assets.complaints import Caution
from lottery_assets.country import CountryConfig
from lottery_assets.demand import Tickets
from lottery_assets.jackpot.ahead import Outlook
from lottery_assets.jackpot.approach import approaching
from lottery_assets.jackpot.explain import Reasons
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import RuleResult
from lottery_assets.jackpot.problem import JackpotProblem
from lottery_assets.jackpot.winners import chance_of_a_win

ALTERNATIVES = 3
DIGITS = 10
"""Significant digits that are published: the last bits of a sum differ between processors."""


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


Rounded = Annotated[float, AfterValidator(_rounded)]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True)


class PlannedWeek(_Document):
    """One week of the plan; money in millions, the ratio a fraction of sales."""

    week_start: date
    jackpot: Rounded
    expected_net_revenue: Rounded
    payout_ratio_12m: Rounded
    if_won: Rounded | None = None
    """What is announced if the jackpot of the week before fell, and if it did not; null where the plan does not look at that."""
    if_not_won: Rounded | None = None


class Alternative(_Document):
    """A jackpot that keeps every rule and earns less [millions]."""

    jackpot: Rounded
    expected_net_revenue: Rounded
    loss: Rounded


class Solver(_Document):
    """What was proven; objective and bound in millions."""

    status: str
    objective: Rounded
    bound: Rounded
    gap: Rounded
    version: str


class Rule(RuleResult):
    """One rule at the announced jackpot."""

    value: Rounded
    limit: Rounded
    slack: Rounded
    price: Rounded | None = None


class Unmoved(_Document):
    """The answer stays the same while an input lies between `low` and `high` times what it is; looked at up to 10 % either way."""

    input: str
    low: Rounded
    high: Rounded


class PriceOfRule(_Document):
    """Net revenue [millions] that a unit of relief earns: by the proof's dual, and by deciding again with `relief`."""

    rule: str
    unit: str
    relief: Rounded
    dual: Rounded | None
    again: Rounded


class Why(_Document):
    """Why this jackpot. `one_week_jackpot`: what a view of the coming week alone would announce."""

    sentence: str
    one_week_jackpot: Rounded
    prices: tuple[PriceOfRule, ...]
    unmoved: tuple[Unmoved, ...]


class ApproachingRule(_Document):
    """A rule that the plan first comes up against in the week of `week_start`; `slack` below zero: by so much it would be missed."""

    rule: str
    week_start: date
    value: Rounded
    limit: Rounded
    slack: Rounded
    unit: str


class Recommendation(_Document):
    """The jackpot of one country and week; money in millions of its currency, bands as [low, high]."""

    country: str
    week_start: date
    currency: str
    jackpot: Rounded
    expected_tickets: Rounded
    tickets_80: tuple[Rounded, Rounded]
    tickets_95: tuple[Rounded, Rounded]
    expected_sales: Rounded
    expected_jackpot_payout: Rounded
    expected_secondary_prizes: Rounded
    expected_net_revenue: Rounded
    net_revenue_80: tuple[Rounded, Rounded]
    chance_jackpot_falls: Rounded
    payout_ratio_12m: Rounded
    rules: tuple[Rule, ...]
    plan: tuple[PlannedWeek, ...]
    approaching: tuple[ApproachingRule, ...] = ()
    """Rules that the coming week is clear of and one of the seven after it is not."""
    alternatives: tuple[Alternative, ...]
    solver: Solver
    reasons: Why
    warnings: tuple[Caution, ...]

    def as_bytes(self) -> bytes:
        """The file's content."""
        return self.model_dump_json(indent=1).encode() + b"\n"


def recommendation(
    config: CountryConfig,
    tickets: Tickets,
    horizon: Horizon,
    outlook: Outlook,
    reasons: Reasons,
    cautions: Sequence[Caution],
) -> Recommendation:
    """The decision, told in full. `tickets`: demand of the coming week."""
    problem, decision = horizon.first, outlook.decision
    g, report, net = decision.index, decision.report, problem.expected_net_revenue
    low_80, high_80 = tickets.band(0.80)
    low_95, high_95 = tickets.band(0.95)
    return Recommendation(
        country=config.country_name,
        week_start=horizon.week_starts[0],
        currency=config.currency,
        jackpot=decision.jackpot,
        expected_tickets=float(tickets.mean[g]),
        tickets_80=(float(low_80[g]), float(high_80[g])),
        tickets_95=(float(low_95[g]), float(high_95[g])),
        expected_sales=float(problem.expected_sales[g]),
        expected_jackpot_payout=float(problem.expected_jackpot_payout[g]),
        expected_secondary_prizes=float(problem.expected_secondary_prizes[g]),
        expected_net_revenue=float(net[g]),
        net_revenue_80=net_revenue_band(config, problem, tickets, g, 0.80),
        chance_jackpot_falls=float(problem.chance_falls[g]),
        payout_ratio_12m=float(outlook.ratio[0]),
        rules=tuple(Rule(**rule.model_dump()) for rule in reasons.rules),
        plan=_plan(horizon, outlook),
        approaching=tuple(
            ApproachingRule(
                week_start=its.week_start,
                **its.expected.model_dump(include={"rule", "value", "limit", "slack", "unit"}),
            )
            for its in approaching(horizon, outlook)
        ),
        alternatives=tuple(
            Alternative(jackpot=float(problem.jackpots[other]), expected_net_revenue=float(net[other]), loss=loss)
            for other, loss in decision.runners_up[:ALTERNATIVES]
        ),
        solver=Solver(
            status=report.status, objective=report.objective, bound=report.bound, gap=report.gap, version=report.version
        ),
        reasons=Why(
            sentence=reasons.sentence,
            one_week_jackpot=reasons.one_week_jackpot,
            prices=tuple(PriceOfRule(**asdict(price)) for price in reasons.prices),
            unmoved=tuple(Unmoved(input=found.input, low=found.low, high=found.high) for found in reasons.unmoved),
        ),
        warnings=tuple(cautions),
    )


def _plan(horizon: Horizon, outlook: Outlook) -> tuple[PlannedWeek, ...]:
    rows = zip(horizon.week_starts, outlook.path, outlook.net, outlook.ratio, outlook.after_win, strict=True)
    return tuple(
        PlannedWeek(
            week_start=week,
            jackpot=float(horizon.jackpots[place]),
            expected_net_revenue=float(earned),
            payout_ratio_12m=float(ratio),
            if_won=None if won is None else float(horizon.jackpots[won]),
            if_not_won=None if not_won is None else float(horizon.jackpots[not_won]),
        )
        for week, place, earned, ratio, (not_won, won) in rows
    )


def net_revenue_band(
    config: CountryConfig, problem: JackpotProblem, tickets: Tickets, g: int, level: float
) -> tuple[float, float]:
    """Central band of the week's net revenue at jackpot `g`: over the tickets and over who wins, weighed exactly."""
    draws, jackpot = tickets.draws[:, g], float(problem.jackpots[g])
    price = float(problem.expected_sales[g] / tickets.mean[g])
    kept = draws * price * (1 - config.secondary_prize_payout_percentage) - problem.marketing_spend
    if config.jackpot_prize == "shared":
        falls = chance_of_a_win(draws, config.prob_single_ticket_win)
        values, weights = np.concatenate([kept, kept - jackpot]), np.concatenate([1 - falls, falls])
    else:
        winners = np.arange(1 + int(problem.exposure[g] / jackpot) * 4 + 10)
        most = pdtr(winners[:, None], draws * config.prob_single_ticket_win)
        weights = np.diff(most, axis=0, prepend=0.0).ravel()
        values = (kept[None, :] - jackpot * winners[:, None]).ravel()
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weights[order]) / weights.sum()
    low, high = np.searchsorted(share, [(1 - level) / 2, (1 + level) / 2])
    return float(values[order[low]]), float(values[order[min(high, len(order) - 1)]])
