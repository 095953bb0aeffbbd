"""`CountryConfig`: what an operator sets for one country. Keys, units and meanings stand here and nowhere else."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails

from lottery_assets.country import rules, values
from lottery_assets.country.grid import MOST_JACKPOTS, admissible
from lottery_assets.country.values import fraction, number, whole


def _key(description: str, unit: str, example: Any, **more: Any) -> Any:
    return Field(description=description, examples=[example], json_schema_extra={"unit": unit}, **more)


class CountryConfig(BaseModel):
    """One file of `configs/`, one country, one partition. "Millions" are of the local currency.

    Frozen; unknown keys are refused. A ValidationError names every fault at once, each with key, value and remedy.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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

    def with_cash(self, cash: float) -> Self:
        """The same with the treasury's cash known [millions], in place of the secret's name. Raises ValidationError."""
        known = self.model_dump(exclude={"available_cash_secret_name"}) | {"available_cash": cash}
        return type(self).model_validate(known)

    @model_validator(mode="wrap")
    @classmethod
    def _every_fault_at_once(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            config = handler(data)
        except ValidationError as error:
            found = [_plain(line["loc"], line["type"], line["msg"], line["input"]) for line in error.errors()]
            if not isinstance(data, Mapping):
                raise
            broken = frozenset(key for key, _ in found)
            sound = {key: value for key, value in data.items() if key in cls.model_fields and key not in broken}
            found += rules.faults(sound, broken & data.keys())
        else:
            found = list(rules.faults(config.__dict__))
            data = config.__dict__
            if not found:
                return config
        raise _all(cls.__name__, found, data)


def _plain(loc: tuple[int | str, ...], kind: str, message: str, value: Any) -> rules.Fault:
    """Pydantic's own errors in the words of a configuration; ours pass."""
    key = str(loc[0]) if loc else ""
    if kind == "missing":
        return key, f"{key} is missing; add it, for example `{key}: {example(key)}` ({meaning(key)})"
    if kind == "extra_forbidden":
        near = get_close_matches(key, CountryConfig.model_fields, n=1)
        remedy = (
            f"did you mean {near[0]}?" if near else f"take it out; the keys are {', '.join(CountryConfig.model_fields)}"
        )
        return key, f"{key} is no key of a configuration; {remedy}"
    return key, message


def _all(title: str, found: list[rules.Fault], data: Mapping[str, Any]) -> ValidationError:
    lines = [InitErrorDetails(type=values.fault(text), loc=(key,), input=data.get(key)) for key, text in found]
    return ValidationError.from_exception_data(title, lines)


def unit(key: str) -> str:
    """Unit of a key."""
    extra = CountryConfig.model_fields[key].json_schema_extra
    return str(extra["unit"]) if isinstance(extra, dict) else ""


def meaning(key: str) -> str:
    """What a key means, with its unit."""
    return f"{CountryConfig.model_fields[key].description}; {unit(key)}"


def example(key: str) -> str:
    """A value that the key may hold, as it is written in YAML."""
    value = (CountryConfig.model_fields[key].examples or [""])[0]
    return str(value).lower() if isinstance(value, bool) else str(value)
