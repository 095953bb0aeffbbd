"""The whole week without Dagster: sales and a configuration in, a recommendation or a demand curve out.

For notebooks, tests and simulated worlds. The assets call the same functions in the same order, so both give the same
bytes. Nothing here reads a clock, the environment or the network.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from lottery_assets import demand, jackpot, sales
from lottery_assets.complaints import BadInput, Caution
from lottery_assets.country import CountryConfig
from lottery_assets.jackpot import NoRecommendation, Recommendation

__all__ = ["BadInput", "NoRecommendation", "Recommendation", "backtest", "decide", "forecast", "recommend"]


def recommend(config: CountryConfig, sales_frame: pd.DataFrame, week_start: date | None = None) -> Recommendation:
    """Which jackpot to announce for the week that begins on `week_start` (default: the week after the last sales).

    `sales_frame` has the columns of the sales file, for one country or many. Raises BadInput, or NoRecommendation when no
    jackpot keeps every rule.
    """
    weekly = _weekly(config, sales_frame, week_start)
    table = demand.features(weekly, config)
    return decide(config, weekly, table, demand.fit(table))


def decide(
    config: CountryConfig, weekly: pd.DataFrame, table: pd.DataFrame, model: demand.SalesModel
) -> Recommendation:
    """The decision for the coming week, given the tidy weekly frame, its features and the model fitted on them."""
    _refuse_unknown_cash(config)
    tickets = model.tickets(config.jackpots, table)
    problem = jackpot.problem(config, weekly, [tickets])
    decision = jackpot.decide(problem)
    cautions = [*sales.cautions(weekly), *model.cautions([decision.jackpot]), *_plan_caution(config)]
    return jackpot.recommendation(config, weekly, tickets, problem, decision, cautions)


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


def _plan_caution(config: CountryConfig) -> list[Caution]:
    if config.horizon_weeks == 1:
        return []
    return [
        Caution(
            code="one_week_plan",
            message=f"horizon_weeks is {config.horizon_weeks}, but only the coming week was optimised: "
            "what this jackpot does to later weeks was not weighed",
        )
    ]
