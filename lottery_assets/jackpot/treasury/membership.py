"""From configurations and plans to the pool in numbers: who draws on it, and what is reserved for whom."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig, TreasuryConfig
from lottery_assets.jackpot.ahead import Outlook
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.treasury.pool import Member, Pool, Reserve
from lottery_assets.jackpot.treasury.together import refusal
from lottery_assets.jackpot.winners import winners_exceeded
from lottery_assets.sales import history


def pool(treasury: TreasuryConfig, members: Sequence[Member], reserves: Sequence[Reserve]) -> Pool:
    """The pool. Raises BadInput where its cash is not known."""
    if treasury.available_cash is None:
        raise BadInput.of(
            f"the treasury's available_cash is not known here; the secret {treasury.available_cash_secret_name} is read by the command "
            "line and by Dagster; in a notebook pass treasury.with_cash(...)",
            key="available_cash",
        )
    return Pool(
        members=tuple(members),
        reserves=tuple(reserves),
        currency=str(treasury.currency),
        available_cash=treasury.available_cash,
        safety_buffer=treasury.safety_buffer,
        max_cash_breach=treasury.max_cash_breach,
    )


def member(treasury: TreasuryConfig, config: CountryConfig, horizon: Horizon, own: Outlook) -> Member:
    """A country with a plan of its own."""
    return Member(
        country=config.country_name,
        currency=config.currency,
        rate=treasury.rate(config.currency),
        jackpots=horizon.jackpots,
        chance_falls=horizon.first.chance_falls,
        exposure=horizon.first.exposure,
        own=own.decision.index,
    )


def reserve(
    treasury: TreasuryConfig, country: str, reason: str, config: CountryConfig | None, weekly: pd.DataFrame | None
) -> Reserve:
    """What a country without a plan may have to be paid: its last announced jackpot, which stays in force; else its largest.

    `weekly` is its tidy frame, None where its sales cannot be read. Raises NoRecommendation where neither jackpot is known.
    """
    if config is None:
        said = f"{country} shares the treasury, and its configuration cannot be read: what it may have to be paid is not known"
        raise refusal(said, reason)
    jackpot = config.max_jackpot if weekly is None else float(history(weekly)["jackpot_announced"].iloc[-1])
    winners = 1
    if config.jackpot_prize == "per_winner":
        if weekly is None:
            said = f"{country} pays its jackpot to each winner, and its sales cannot be read: how many may win is not known"
            raise refusal(said, reason)
        most = history(weekly)["tickets_sold"].to_numpy(float).max()
        winners = int(winners_exceeded(np.array([[most]]), config.prob_single_ticket_win)[0])
    rate = treasury.rate(config.currency)
    return Reserve(country, config.currency, rate, jackpot, rate * jackpot * winners, reason.splitlines()[0])
