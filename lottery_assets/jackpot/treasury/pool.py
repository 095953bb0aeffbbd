"""One cash pool for several countries: what their jackpots may have to pay in one and the same week.

Jackpots of different countries fall independently, each with the chance that goes with the jackpot chosen; money is paid before any
of the week's sales are collected. Every set of winners is looked at and nothing is sampled. Amounts are in millions, of the pool's
currency unless "local" is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lottery_assets.jackpot.plan import TOLERANCE, RuleResult

RULE = "treasury_cover"


@dataclass(frozen=True, eq=False)
class Member:
    """A country with a decision of its own. [G]: a value for each admissible jackpot, ascending, local currency.

    `exposure` is what is paid when the jackpot falls; `own`: place of the jackpot that the country would announce by itself.
    """

    country: str
    currency: str
    rate: float
    jackpots: np.ndarray
    chance_falls: np.ndarray
    exposure: np.ndarray
    own: int

    @property
    def amounts(self) -> np.ndarray:
        """What each jackpot costs the pool when it falls, [G]."""
        return self.rate * self.exposure


@dataclass(frozen=True)
class Reserve:
    """A country without a decision: its jackpot counts as paid in every future. `jackpot` is local, `amount` the pool's."""

    country: str
    currency: str
    rate: float
    jackpot: float
    amount: float
    reason: str


@dataclass(frozen=True, eq=False)
class Pool:
    """The cash, who draws on it, and the buffer that must remain in the mean of the worst `max_cash_breach` of futures."""

    members: tuple[Member, ...]
    reserves: tuple[Reserve, ...]
    currency: str
    available_cash: float
    safety_buffer: float
    max_cash_breach: float

    @property
    def cash(self) -> float:
        """What is left for the members: reserved payouts taken off."""
        return self.available_cash - sum(reserve.amount for reserve in self.reserves)

    @property
    def room(self) -> float:
        """What the members may pay in the mean of the worst futures, and each by itself."""
        return self.cash - self.safety_buffer

    @property
    def own(self) -> tuple[int, ...]:
        """The places that the countries would choose by themselves."""
        return tuple(member.own for member in self.members)

    @property
    def unit(self) -> str:
        """Of the rule's figures."""
        return f"millions of {self.currency}"

    def within(self, value: float) -> bool:
        """At most the room, up to rounding."""
        return value <= self.room + TOLERANCE * max(abs(self.safety_buffer), 1.0)


def paid_in_the_worst(pool: Pool, places: Sequence[int]) -> float:
    """Mean payout of the worst share of futures, with these jackpots.

    The least of t + E[payout above t] / share over t (Rockafellar and Uryasev 2000); the least lies at one of the payouts.
    """
    values, chances = np.zeros(1), np.ones(1)
    for member, place in zip(pool.members, places, strict=True):
        falls = member.chance_falls[place]
        values = np.add.outer((0.0, member.amounts[place]), values).ravel()
        chances = np.multiply.outer((1 - falls, falls), chances).ravel()
    order = np.argsort(values, kind="stable")
    values, chances = values[order], chances[order]
    more = np.append(np.cumsum(chances[::-1])[::-1][1:], 0.0)
    above = np.append(np.cumsum((chances * values)[::-1])[::-1][1:], 0.0) - values * more
    return float((values + above / pool.max_cash_breach).min())


def paid_alone(pool: Pool, places: Sequence[int]) -> float:
    """The largest payout of a single country: the mean of the worst says little of a win that is rarer than its share."""
    return max((float(member.amounts[place]) for member, place in zip(pool.members, places, strict=True)), default=0.0)


def keeps(pool: Pool, places: Sequence[int]) -> bool:
    """Whether the pool's rule holds, computed apart from program and solver."""
    return pool.within(paid_alone(pool, places)) and pool.within(paid_in_the_worst(pool, places))


def verify(pool: Pool, places: Sequence[int], *, binding: bool = False, price: float | None = None) -> RuleResult:
    """`treasury_cover` with these jackpots. `value`: mean cash of the worst futures; `slack`: of that or of the largest single win,
    whichever is less.
    """
    worst, alone = paid_in_the_worst(pool, places), paid_alone(pool, places)
    return RuleResult(
        rule=RULE,
        holds=keeps(pool, places),
        value=pool.cash - worst,
        limit=pool.safety_buffer,
        slack=pool.room - max(worst, alone),
        unit=pool.unit,
        binding=binding,
        price=price,
    )


def highest_left(pool: Pool, places: Sequence[int], which: int) -> int:
    """Place of the highest jackpot that the pool leaves to one country while the others stay; by halving, since payouts rise."""
    low, high = int(places[which]), len(pool.members[which].jackpots) - 1
    while low < high:
        middle = (low + high + 1) // 2
        tried = (*places[:which], middle, *places[which + 1 :])
        low, high = (middle, high) if keeps(pool, tried) else (low, middle - 1)
    return low
