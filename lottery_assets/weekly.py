"""The whole week without Dagster: sales and a configuration in, a recommendation or a demand curve out.

For notebooks, tests and simulated worlds. The assets call the same functions in the same order, so both give the same
bytes. Nothing here reads a clock, the environment or the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from lottery_assets import demand, jackpot, sales
from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig, TreasuryConfig
from lottery_assets.jackpot import NoRecommendation, Recommendation, TreasuryRecord

__all__ = [
    "Advice",
    "BadInput",
    "Case",
    "Missing",
    "NoRecommendation",
    "Recommendation",
    "Together",
    "TreasuryRecord",
    "advise",
    "backtest",
    "case",
    "decide",
    "decide_pending",
    "forecast",
    "recommend",
    "recommend_together",
]


@dataclass(frozen=True, eq=False)
class Case:
    """One country, ready to decide: its configuration with the cash known, tidy weekly frame, features, model fitted on them."""

    config: CountryConfig
    weekly: pd.DataFrame
    table: pd.DataFrame
    model: demand.SalesModel


@dataclass(frozen=True, eq=False)
class Missing:
    """A country of the pool that cannot decide, why, and what of it could be read."""

    country: str
    reason: str
    config: CountryConfig | None = None
    weekly: pd.DataFrame | None = None


@dataclass(frozen=True, eq=False)
class Together:
    """What the pool decided, and the recommendation of each country that has one.

    `highest_left`: the highest jackpot [millions] that the pool leaves to each while the others stay as they are.
    """

    record: TreasuryRecord
    recommendations: dict[str, Recommendation]
    highest_left: dict[str, float]


@dataclass(frozen=True, eq=False)
class Advice:
    """The jackpot that `recommend` names [millions], the demand behind it, and the case; no reasons."""

    jackpot: float
    tickets: demand.Tickets
    case: Case


@dataclass(frozen=True, eq=False)
class _Own:
    """A country's own plan."""

    case: Case
    tickets: demand.Tickets
    horizon: jackpot.Horizon
    outlook: jackpot.Outlook
    experiment: jackpot.Experiment | None = None


def recommend(config: CountryConfig, sales_frame: pd.DataFrame, week_start: date | None = None) -> Recommendation:
    """Which jackpot to announce for the week that begins on `week_start` (default: the week after the last sales).

    `sales_frame` has the columns of the sales file, for one country or many. Raises BadInput, or NoRecommendation when no
    jackpot keeps every rule.
    """
    its = case(config, sales_frame, week_start)
    return decide(its.config, its.weekly, its.table, its.model)


def advise(config: CountryConfig, sales_frame: pd.DataFrame, week_start: date | None = None) -> Advice:
    """The same jackpot as `recommend`, in a part of the time: for worlds and for weeks of the past. Raises as it does."""
    own = _experimenting(_own(case(config, sales_frame, week_start)))
    return Advice(own.outlook.decision.jackpot, own.tickets, own.case)


def case(config: CountryConfig, sales_frame: pd.DataFrame, week_start: date | None = None) -> Case:
    """What `recommend` decides from. Raises BadInput."""
    weekly = _weekly(config, sales_frame, week_start)
    table = demand.features(weekly, config)
    return Case(config, weekly, table, demand.fit(table))


def recommend_together(treasury: TreasuryConfig, cases: Sequence[Case | Missing]) -> Together:
    """The jackpots of countries that share one treasury, its cash known: what earns most together while the pool's rule holds.

    A country without a recommendation of its own is not left out: its jackpot counts as paid in every future. Raises
    NoRecommendation where no choice keeps the rule, or where it cannot be known what a missing country may have to be paid.
    """
    own: list[_Own] = []
    missing: list[Missing] = []
    for its in cases:
        try:
            missing.append(its) if isinstance(its, Missing) else own.append(_own(its))
        except (BadInput, NoRecommendation) as fault:
            assert isinstance(its, Case)  # noqa: S101 - what is missing raises nothing
            missing.append(Missing(its.config.country_name, str(fault), its.config, its.weekly))
    if not own:
        raise jackpot.refusal("no country of the treasury has a recommendation of its own")
    pool = jackpot.pool(
        treasury,
        [jackpot.member(treasury, plan.case.config, plan.horizon, plan.outlook) for plan in own],
        [jackpot.reserve(treasury, its.country, its.reason, its.config, its.weekly) for its in missing],
    )
    joint = jackpot.decide_together(pool, lambda: [jackpot.worth(plan.horizon, plan.outlook) for plan in own])
    weeks = {plan.case.config.country_name: plan.horizon.week_starts[0] for plan in own}
    record = jackpot.treasury_record(pool, joint, weeks, jackpot.shared_cautions(pool, weeks))
    found, left = {}, {}
    for which, plan in enumerate(own):
        config = plan.case.config
        share = jackpot.share(pool, joint, which, plan.horizon, plan.outlook, config.currency)
        alone = _told(plan, share.outlook, share.reasons)
        left[config.country_name] = share.highest_left
        found[config.country_name] = jackpot.in_the_pool(alone, share.own_jackpot, share.gave_up, record)
    return Together(record, found, left)


def decide(
    config: CountryConfig, weekly: pd.DataFrame, table: pd.DataFrame, model: demand.SalesModel
) -> Recommendation:
    """The decision for the coming week, given the tidy weekly frame, its features and the model fitted on them."""
    own = _experimenting(_own(Case(config, weekly, table, model)))
    return _told(own, own.outlook, _reasons(own))


def decide_pending(
    config: CountryConfig, weekly: pd.DataFrame, table: pd.DataFrame, model: demand.SalesModel
) -> Recommendation:
    """The choice of a country that shares a treasury, before the pool has decided: never an experiment, for the pool makes none."""
    own = _own(Case(config, weekly, table, model))
    return jackpot.pending(_told(own, own.outlook, _reasons(own)))


def _own(its: Case) -> _Own:
    tickets, horizon = planned(its.config, its.weekly, its.table, its.model)
    return _Own(its, tickets, horizon, jackpot.decide_ahead(horizon))


def _experimenting(own: _Own) -> _Own:
    """The plan as it is, or with an experiment in its coming week, where the configuration allows one and it is worth its cost."""
    step = own.case.config.max_experiment_step
    if not step:
        return own
    model = own.case.model
    past = sales.history(own.case.weekly)
    shown = past.loc[~past["set_aside"].astype(bool), "jackpot_announced"].to_numpy(float)
    announced = jackpot.Announced(model.lowest_jackpot, model.highest_jackpot, shown)
    teaches = model.teaches(own.horizon.jackpots)
    outlook, experiment = jackpot.experiment(own.horizon, own.outlook, teaches, announced, step)
    return replace(own, outlook=outlook, experiment=experiment)


def _reasons(own: _Own) -> jackpot.Reasons:
    currency, horizon = own.case.config.currency, own.horizon
    if own.experiment is None:
        return jackpot.explain(horizon, own.outlook, currency)
    left = replace(horizon, first=replace(horizon.first, offered=own.experiment.offered))
    sentence = own.experiment.sentence(own.outlook.decision.jackpot, currency)
    return replace(jackpot.explain(left, own.outlook, currency), sentence=sentence, unmoved=())


def _told(own: _Own, outlook: jackpot.Outlook, reasons: jackpot.Reasons) -> Recommendation:
    """The document of one country, for its own plan or for the one that the treasury leaves."""
    its = own.case
    cautions = [
        *sales.cautions(its.weekly),
        *its.model.cautions([outlook.decision.jackpot]),
        *jackpot.cautions(own.horizon, outlook),
        *([own.experiment.caution(outlook.decision.jackpot)] if own.experiment else []),
    ]
    return jackpot.recommendation(its.config, own.tickets, own.horizon, outlook, reasons, cautions)


def planned(
    config: CountryConfig, weekly: pd.DataFrame, table: pd.DataFrame, model: demand.SalesModel
) -> tuple[demand.Tickets, jackpot.Horizon]:
    """The coming week's demand, and all planned weeks in numbers. Raises BadInput where the treasury's cash is not known."""
    _refuse_unknown_cash(config)
    tickets = [model.tickets(config.jackpots, table, week) for week in range(config.horizon_weeks)]
    return tickets[0], jackpot.horizon(config, weekly, tickets, model.habit(table), model.lasting_share())


def forecast(
    config: CountryConfig, sales_frame: pd.DataFrame, jackpots: Sequence[float], week_start: date | None = None
) -> pd.DataFrame:
    """Demand curve of the coming week: columns jackpot [millions], mean, lower_80, upper_80, lower_95, upper_95 [tickets].

    One row a jackpot, in the order asked for; `attrs["warnings"]` holds what to keep in mind. Raises BadInput, also for a
    jackpot that is not a positive number.
    """
    asked = np.asarray(jackpots, dtype=float)
    if asked.size == 0 or not np.all(np.isfinite(asked) & (asked > 0)):
        raise BadInput.of(f"jackpots {list(jackpots)}: each is a positive number of millions", key="jackpots")
    weekly = _weekly(config, sales_frame, week_start)
    table = demand.features(weekly, config)
    ascending, place = np.unique(asked, return_inverse=True)
    model = demand.fit(table)
    tickets = model.tickets(ascending, table)
    (low_80, high_80), (low_95, high_95) = tickets.band(0.80), tickets.band(0.95)
    curve = pd.DataFrame(
        {
            "jackpot": ascending,
            "mean": tickets.mean,
            "lower_80": low_80,
            "upper_80": high_80,
            "lower_95": low_95,
            "upper_95": high_95,
        }
    )
    curve = curve.iloc[place].reset_index(drop=True)
    curve.attrs["warnings"] = [*sales.cautions(weekly), *model.cautions(ascending)]
    return curve


def backtest(
    config: CountryConfig, sales_frame: pd.DataFrame, weeks: int = 104, recipe: demand.Recipe = demand.RECIPE
) -> tuple[pd.DataFrame, demand.Scores]:
    """Rolling one-week-ahead forecasts of the last `weeks`, each from earlier weeks only, and their scores.

    The frame has the columns of `demand.backtest`. Raises BadInput, also where no week has eight earlier ones.
    """
    weekly = _weekly(config, sales_frame)
    table = demand.features(weekly, config)
    tested = demand.backtest(table, weeks, recipe)
    if tested.empty:
        raise BadInput.of(
            f"{config.country_name}: no week has eight earlier ones to learn from; deliver more weeks",
            key="tickets_sold",
        )
    return tested, demand.scores(tested, table)


def _weekly(config: CountryConfig, sales_frame: pd.DataFrame, week_start: date | None = None) -> pd.DataFrame:
    """The tidy weekly frame; a frame that was read from a file knows its name, for complaints."""
    return sales.weekly_sales(sales_frame, config, week_start, source=sales_frame.attrs.get("source", "sales"))


def _refuse_unknown_cash(config: CountryConfig) -> None:
    if config.available_cash is None:
        raise BadInput.of(
            f"{config.country_name}: available_cash is not known here; the secret {config.available_cash_secret_name} is read "
            "by the command line and by Dagster; in a notebook pass config.with_cash(...)",
            country=config.country_name,
            key="available_cash",
        )
