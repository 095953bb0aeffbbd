"""`configs/treasury.yaml`: one cash pool for several countries. Optional; without it every country stands alone.

Nothing here solves anything: keys, their faults, and whom a faulty file stops.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, ValidationInfo

from lottery_assets.complaints import BadInput
from lottery_assets.country import rules, values
from lottery_assets.country.codes import CURRENCIES
from lottery_assets.country.configuration import Configuration
from lottery_assets.country.configuration import key as _key
from lottery_assets.country.files import bad, checked, contents, country_files, load_country
from lottery_assets.country.mending import shown
from lottery_assets.country.values import RESERVED, fault, fraction, number
from lottery_assets.country.yaml_mapping import Problem

MOST_COUNTRIES = 20
"""The pool's rule looks at every set of countries whose jackpots fall in the same week: 2 to the power of this."""
CASH = ("available_cash", "available_cash_secret_name")


def _names(value: Any, info: ValidationInfo) -> tuple[str, ...]:
    """Countries, each once."""
    says = f"{info.field_name} is {shown(value)}; it is the list of countries that share the cash"
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise fault(f"{says}, write it as [brazil, usa]")
    if not value:
        raise fault(f"{says}, name at least one")
    twice = sorted({name for name in value if value.count(name) > 1})
    if twice:
        raise fault(f"{says}, and {twice[0]} stands in it more than once; keep one")
    if len(value) > MOST_COUNTRIES:
        raise fault(f"{info.field_name} lists {len(value)} countries; at most {MOST_COUNTRIES} share a pool")
    return tuple(value)


def _rates(value: Any, info: ValidationInfo) -> dict[str, float]:
    """Currency -> what one unit of it is worth in the pool's currency."""
    if not isinstance(value, Mapping):
        raise fault(f"{info.field_name} is {shown(value)}; write one currency a line, such as `BRL: 0.18`")
    return {str(code): _rate(code, rate, info) for code, rate in value.items()}


def _rate(code: Any, rate: Any, info: ValidationInfo) -> float:
    if code not in CURRENCIES:
        guess = str(code).strip().upper()
        near = [guess] if guess in CURRENCIES else get_close_matches(guess, CURRENCIES, n=3)
        remedy = f"write {' or '.join(near)}" if near else "write its three letters, such as BRL"
        raise fault(f"{info.field_name} has {shown(code)}; it is an ISO 4217 code, {remedy}")
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 < rate < float("inf"):
        raise fault(
            f"{info.field_name} has {shown(rate)} for {code}; it is what one {code} is worth in the pool's currency, "
            "write a number above 0, such as 0.18"
        )
    return float(rate)


class TreasuryConfig(Configuration):
    """The pool of `configs/treasury.yaml`. "Millions" are of the pool's currency."""

    one_of_two: ClassVar = (CASH,)

    countries: Annotated[tuple[str, ...], BeforeValidator(_names)] = _key(
        "countries that share the cash; each has its file in the same folder", "names", "[brazil, usa]"
    )
    currency: Annotated[str, BeforeValidator(values.currency)] | None = _key(
        "currency of the pool's amounts; may be left out where all countries have the same",
        "ISO 4217",
        "EUR",
        default=None,
    )
    available_cash: Annotated[float, BeforeValidator(number("the pool's cash, in millions", at_least=0))] | None = _key(
        "the pool's cash", "millions", 250, default=None
    )
    available_cash_secret_name: Annotated[str, BeforeValidator(values.text)] | None = _key(
        "secret that holds the cash: a number, or JSON with `available_cash`", "name", "lottery/pool/cash", default=None
    )
    safety_buffer: Annotated[float, BeforeValidator(number("cash that must remain, in millions", at_least=0))] = _key(
        "cash that must remain when jackpots fall", "millions", 40
    )
    max_cash_breach: Annotated[float, BeforeValidator(fraction("futures"))] = _key(
        "mean cash of this worst share of futures stays above the buffer, jackpots falling together",
        "fraction of futures",
        0.05,
        default=0.05,
    )
    exchange_rates: Annotated[dict[str, float], BeforeValidator(_rates)] = Field(
        description="what one unit of each country's currency is worth, where that is not the pool's",
        examples=["{BRL: 0.18}"],
        json_schema_extra={"unit": "pool's currency"},
        default_factory=dict,
    )

    @classmethod
    def faults(cls, values: Mapping[str, Any], broken: frozenset[str] = frozenset()) -> Iterable[rules.Fault]:
        """Exactly one source of cash; the pool's own currency has no rate but 1."""
        yield from rules.one_of_two(CASH, values, broken)
        own = (values.get("exchange_rates") or {}).get(values.get("currency"), 1.0)
        if own != 1:
            yield (
                "exchange_rates",
                f"exchange_rates has {own:.12g} for {values['currency']}, the pool's own; take it out",
            )

    def rate(self, currency: str) -> float:
        """What one unit of a country's currency is worth in the pool's. Raises KeyError for one that nobody named."""
        return 1.0 if currency == self.currency else self.exchange_rates[currency]


def treasury_file(directory: str | Path) -> Path | None:
    """The pool's file, if there is one; a `.yml` counts, so that reading it says to rename it."""
    found = [Path(directory) / f"{RESERVED}{suffix}" for suffix in (".yaml", ".yml")]
    return next((path for path in found if path.exists()), None)


def load_treasury(directory: str | Path) -> TreasuryConfig | None:
    """The pool, its currency known; None where there is no file. Raises BadInput with every fault of it."""
    path = treasury_file(directory)
    if path is None:
        return None
    if path.suffix != ".yaml":
        raise bad(path, [(None, f"the treasury's file is named {RESERVED}.yaml; rename it")])
    settings, problems = contents(path)
    pool = checked(TreasuryConfig, path, settings, problems)
    files = country_files(directory)
    unknown = [name for name in pool.countries if name not in files]
    problems = [
        ("countries", f"countries has {name}, and there is no {name}.yaml; there are {', '.join(files)}")
        for name in unknown
    ]
    currencies = _currencies({name: path for name, path in files.items() if name in pool.countries})
    own = pool.currency or _shared(currencies)
    problems += _unpriced(pool, own, currencies)
    if problems:
        raise bad(path, problems)
    return pool.model_copy(update={"currency": own})


def treasury_of(directory: str | Path, country: str) -> TreasuryConfig | None:
    """The pool that the country belongs to, if any.

    Raises BadInput where the file is faulty and lists the country, or where not even its list can be read: nobody then knows who
    shares the cash.
    """
    try:
        pool = load_treasury(directory)
    except BadInput:
        listed = listed_countries(directory)
        if listed is None or country in listed:
            raise
        return None
    return pool if pool is not None and country in pool.countries else None


def listed_countries(directory: str | Path) -> tuple[str, ...] | None:
    """Countries that the pool's file names, faulty or not; none where there is no file, None where they cannot be read."""
    path = treasury_file(directory)
    if path is None:
        return ()
    try:
        names = contents(path)[0].get("countries")
    except BadInput:
        return None
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        return None
    return tuple(dict.fromkeys(names))


def _currencies(files: Mapping[str, Path]) -> dict[str, str]:
    """Currency of each country whose own file is sound."""
    found = {}
    for name, path in files.items():
        try:
            found[name] = load_country(path).currency
        except BadInput:  # its own complaint, told by its own country
            continue
    return found


def _shared(currencies: Mapping[str, str]) -> str | None:
    different = set(currencies.values())
    return different.pop() if len(different) == 1 else None


def _unpriced(pool: TreasuryConfig, own: str | None, currencies: Mapping[str, str]) -> Iterator[Problem]:
    """Currencies that cannot be turned into the pool's."""
    if own is None:
        said = ", ".join(f"{country} in {code}" for country, code in currencies.items()) or "no country's file is sound"
        yield (
            "currency",
            f"currency is missing, and the countries do not settle it ({said}); write it, such as `currency: EUR`",
        )
        return
    for code in sorted(set(currencies.values()) - {own} - pool.exchange_rates.keys()):
        who = ", ".join(country for country, its in currencies.items() if its == code)
        yield (
            "exchange_rates",
            f"exchange_rates lacks {code}, the currency of {who}; add `{code}: <{own} for one {code}>`",
        )
