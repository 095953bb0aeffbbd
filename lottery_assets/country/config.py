"""`CountryConfig`: what an operator sets for one country. Keys, units and meanings stand here and nowhere else."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator

from lottery_assets.country import rules, values
from lottery_assets.country.configuration import Configuration
from lottery_assets.country.configuration import key as _key
from lottery_assets.country.grid import MOST_JACKPOTS, admissible
from lottery_assets.country.values import fraction, number, whole


class CountryConfig(Configuration):
    """One file of `configs/`, one country, one partition. "Millions" are of the local currency."""

    one_of_two: ClassVar = rules.ONE_OF_TWO

    country_name: Annotated[str, BeforeValidator(values.name)] = _key(
        "partition key; equals the file's stem and the `country` column of the sales", "name", "brazil"
    )
    currency: Annotated[str, BeforeValidator(values.currency)] = _key("currency of every amount", "ISO 4217", "BRL")
    ticket_price: Annotated[float, BeforeValidator(number("the price of one ticket", above=0))] = _key(
        "price of one ticket from the coming week on", "local currency", 2.5
    )
    prob_single_ticket_win: Annotated[float, BeforeValidator(values.chance)] = _key(
        "chance that one ticket wins the jackpot: a number, or a fraction", "chance", "1/50063860"
    )
    secondary_prize_payout_percentage: Annotated[float, BeforeValidator(fraction("sales", zero=True))] = _key(
        "lower prizes, as a fraction: 0.12 for 12 %", "fraction of sales", 0.12
    )
    min_payout_ratio_12m: Annotated[float, BeforeValidator(fraction("sales", zero=True))] = _key(
        "floor of prizes / sales over 52 weeks", "fraction of sales", 0.31
    )
    max_payout_ratio_12m: Annotated[float, BeforeValidator(fraction("sales", one=True))] | None = _key(
        "ceiling of prizes / sales over 52 weeks", "fraction of sales", 0.55, default=None
    )
    min_jackpot: Annotated[float, BeforeValidator(number("the least jackpot, in millions", above=0))] = _key(
        "least jackpot that may be announced", "millions", 3
    )
    max_jackpot: Annotated[float, BeforeValidator(number("the largest jackpot, in millions", above=0))] = _key(
        "largest jackpot that may be announced", "millions", 150
    )
    announcement_step: (
        Annotated[float, BeforeValidator(number("the step of jackpots, in millions", above=0))] | None
    ) = _key("jackpots are whole multiples of this, within the bounds", "millions", 0.5, default=None)
    optimization_grid_steps: (
        Annotated[int, BeforeValidator(whole("how many jackpots are compared", 2, MOST_JACKPOTS))] | None
    ) = _key("that many equally spaced jackpots from min to max, where there is no step", "count", 50, default=None)
    available_cash: Annotated[float, BeforeValidator(number("the treasury's cash, in millions", at_least=0))] | None = (
        _key("the treasury's cash", "millions", 250, default=None)
    )
    available_cash_secret_name: Annotated[str, BeforeValidator(values.text)] | None = _key(
        "secret that holds the cash: a number, or JSON with `available_cash`",
        "name",
        "lottery/brazil/cash",
        default=None,
    )
    safety_buffer: Annotated[float, BeforeValidator(number("cash that must remain, in millions", at_least=0))] = _key(
        "cash that must remain when the jackpot falls", "millions", 40
    )
    max_step_up: Annotated[float, BeforeValidator(number("the largest rise, in millions", at_least=0))] | None = _key(
        "largest rise from last week's announced jackpot", "millions", 20, default=None
    )
    max_step_down: Annotated[float, BeforeValidator(number("the largest fall, in millions", at_least=0))] | None = _key(
        "largest fall from last week's announced jackpot", "millions", 30, default=None
    )
    no_fall_unless_won: Annotated[bool, BeforeValidator(values.yes_or_no)] = _key(
        "the announced jackpot may not fall unless it was won last week", "true or false", True, default=False
    )
    jackpot_prize: Annotated[
        Literal["shared", "per_winner"], BeforeValidator(values.one_of("shared", "per_winner"))
    ] = _key(
        "`shared`: paid once however many win; `per_winner`: each winner is paid it", "word", "shared", default="shared"
    )
    horizon_weeks: Annotated[int, BeforeValidator(whole("the weeks planned ahead", 1, 52))] = _key(
        "weeks planned ahead; 1 is the one-week problem", "weeks", 12, default=12
    )
    max_cash_breach: Annotated[float, BeforeValidator(fraction("futures"))] = _key(
        "mean cash of this worst share of futures stays above the buffer, over the horizon",
        "fraction of futures",
        0.05,
        default=0.05,
    )
    max_plan_gap: Annotated[float, BeforeValidator(fraction("the plan's revenue", zero=True))] = _key(
        "a plan that another might beat by more than this is not announced; above 0.001 it carries a warning",
        "fraction of the plan's revenue",
        0.02,
        default=0.05,
    )
    max_plan_nodes: Annotated[int, BeforeValidator(whole("the nodes of the search for a proof", 0, 1_000_000))] = _key(
        "nodes at which the search for a better plan ends, where the relaxed program leaves a gap",
        "nodes",
        1000,
        default=200,
    )
    max_experiment_step: Annotated[float, BeforeValidator(fraction("the best jackpot", zero=True))] = _key(
        "how far a jackpot may be moved off the best one, or off last week's, to learn where the demand curve is not known; 0: never; not in a shared treasury",
        "fraction of the jackpot",
        0.3,
        default=0.0,
    )
    timezone: Annotated[str, BeforeValidator(values.zone)] = _key(
        "time zone of the weekly schedule", "IANA zone", "America/Sao_Paulo", default="UTC"
    )
    holidays: Annotated[str, BeforeValidator(values.holidays)] | None = _key(
        "country of the public holidays", "ISO 3166", "BR", default=None
    )
    game: Annotated[str, BeforeValidator(values.text)] | None = _key(
        "label for people", "text", "Mega-Sena", default=None
    )

    @property
    def jackpots(self) -> np.ndarray:
        """Jackpots that may be announced [G], millions, ascending, read-only; 9.3 is 9.3."""
        return admissible(self.min_jackpot, self.max_jackpot, self.announcement_step, self.optimization_grid_steps)

    @classmethod
    def faults(cls, values: Mapping[str, Any], broken: frozenset[str] = frozenset()) -> Iterable[rules.Fault]:
        """What several keys must hold together."""
        return rules.faults(values, broken)
