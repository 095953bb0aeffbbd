"""One game: a policy plays a world for a number of weeks, and every week is written down as it truly was."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict

from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig
from lottery_assets.simulation.policies import ORACLE, POLICIES, Policy, Situation
from lottery_assets.simulation.rules import Books
from lottery_assets.simulation.world import World

Clock = Callable[[], float]
"""Seconds, from anywhere on."""


class Week(BaseModel):
    """What happened. Money in millions."""

    model_config = ConfigDict(frozen=True)

    jackpot: float
    expected_tickets: float
    """By the truth."""
    tickets_sold: float
    expected_net_revenue: float
    """By the truth, at the jackpot announced."""
    won: bool
    cash: float
    """After the week."""
    broken: tuple[str, ...]
    """Rules that the jackpot broke, by the truth."""
    undecided: bool
    in_band: bool | None
    seconds: float | None


class Game(BaseModel):
    """One policy in one world. `oracle`: what a planner who knows the demand earns in the same weeks; None where nobody knows."""

    model_config = ConfigDict(frozen=True)

    world: str
    policy: str
    seed: int
    horizon_weeks: int
    safety_buffer: float
    max_cash_breach: float
    net_revenue: float
    oracle: float | None
    length: int
    """Weeks that were played."""
    weeks: tuple[Week, ...] = ()
    """One by one; none of the oracle's."""

    @property
    def regret(self) -> float | None:
        """1 - expected net revenue / the oracle's."""
        return None if self.oracle is None else 1 - self.net_revenue / self.oracle


def play(
    world: World, name: str, policy: str, seed: int, weeks: int, oracle: float | None, clock: Clock | None = None
) -> Game:
    """Plays `weeks` weeks of a world just made. Raises BadInput where its configuration or history is at fault."""
    config = CountryConfig.model_validate(dict(world.config))
    played = () if policy == ORACLE else tuple(_played(world, config, POLICIES[policy], weeks, clock))
    return Game(
        world=name,
        policy=policy,
        seed=seed,
        horizon_weeks=config.horizon_weeks,
        safety_buffer=config.safety_buffer,
        max_cash_breach=config.max_cash_breach,
        net_revenue=_earned(oracle, name) if policy == ORACLE else sum(week.expected_net_revenue for week in played),
        oracle=oracle,
        length=weeks,
        weeks=played,
    )


def _earned(oracle: float | None, name: str) -> float:
    if oracle is None:
        raise BadInput.of(f"{name}: nobody knows what a planner who knows the demand would earn here", key="policy")
    return oracle


def _played(world: World, config: CountryConfig, policy: Policy, weeks: int, clock: Clock | None) -> "list[Week]":
    opening = world.history
    books, rows = Books.opened(config, opening), opening
    found = []
    for _ in range(weeks):
        cash = float(world.available_cash)
        began = clock() if clock else 0.0
        said = policy(Situation(config, rows, cash, books, opening))
        seconds = clock() - began if clock else None
        expected = float(world.expected_tickets(said.jackpot))
        broken = books.broken(said.jackpot, expected, cash)
        row = dict(world.play(said.jackpot))
        found.append(
            Week(
                jackpot=said.jackpot,
                expected_tickets=expected,
                tickets_sold=row["tickets_sold"],
                expected_net_revenue=books.expected_net(said.jackpot, expected, row),
                won=bool(row.get("jackpot_won") == 1),
                cash=float(world.available_cash),
                broken=broken,
                undecided=said.undecided,
                in_band=None
                if said.tickets_80 is None
                else said.tickets_80[0] <= row["tickets_sold"] <= said.tickets_80[1],
                seconds=seconds,
            )
        )
        books, rows = books.after(row), _with(rows, row)
    return found


def _with(rows: pd.DataFrame, row: dict[str, Any]) -> pd.DataFrame:
    """The rows so far and the week's; a planned row of the same week gives way to it."""
    day = str(row["week_start"])[:10]
    before = rows[rows["week_start"].astype(str).str[:10] != day]
    return pd.concat([before, pd.DataFrame([row])], ignore_index=True)
