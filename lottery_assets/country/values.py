"""What a single key may hold. Each check returns the value as a plain Python one, or says key, value and remedy.

What two keys must hold together stands in `rules`.
"""

import math
import re
from collections.abc import Callable
from difflib import get_close_matches
from numbers import Real
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from lottery_assets.country.codes import COUNTRIES, CURRENCIES
from lottery_assets.country.mending import mended, shown

Check = Callable[[Any, ValidationInfo], Any]

RESERVED = "treasury"
"""A name for the treasury's own file: never a country."""
_FRACTION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)\s*")
_FRACTION_LIKE = re.compile(r"\s*1\s*(?:/|in|:|zu|em)\s*(\d[\d,.\s_']*)\s*", re.IGNORECASE)


def fault(message: str) -> PydanticCustomError:
    """An error whose text is the message alone, without pydantic's prefix."""
    return PydanticCustomError("bad_value", "{message}", {"message": message})


def number(
    says: str, *, above: float | None = None, at_least: float | None = None, below: float | None = None
) -> Check:
    """A finite real number within the bounds; `says` completes the sentence "it is ..."."""
    limits = [f"above {above:g}"] if above is not None else []
    limits += [f"of at least {at_least:g}"] if at_least is not None else []
    limits += [f"below {below:g}"] if below is not None else []

    def check(value: Any, info: ValidationInfo) -> float:
        real = _real(value, f"{info.field_name} is {shown(value)}; it is {says}")
        low = (above is not None and real <= above) or (at_least is not None and real < at_least)
        if low or (below is not None and real >= below):
            raise fault(f"{info.field_name} is {shown(value)}; it is {says}, write a number {' and '.join(limits)}")
        return real

    return check


def fraction(of: str, *, zero: bool = False, one: bool = False) -> Check:
    """A number between 0 and 1 (`zero`, `one`: inclusive); a percentage is recognised and said to be one."""

    def check(value: Any, info: ValidationInfo) -> float:
        says = f"{info.field_name} is {shown(value)}; it is a fraction of {of}"
        real = _real(value, says)
        if 1 < real <= 100:
            raise fault(f"{says}, write {real / 100:.12g}")
        if not 0 <= real <= 1 or (real == 0 and not zero) or (real == 1 and not one):
            raise fault(f"{says}, write a number between 0 and 1, such as 0.12 for 12 %")
        return real

    return check


def whole(says: str, low: int, high: int) -> Check:
    """A whole number from `low` to `high`."""

    def check(value: Any, info: ValidationInfo) -> int:
        message = f"{info.field_name} is {shown(value)}; it is {says}, write a whole number from {low:,} to {high:,}"
        real = _real(value, message)
        if real != int(real) or not low <= real <= high:
            raise fault(message)
        return int(real)

    return check


def chance(value: Any, info: ValidationInfo) -> float:
    """A probability in (0, 1): a number, or a fraction such as '1/50063860'."""
    says = f"{info.field_name} is {shown(value)}; it is the chance that one ticket wins the jackpot"
    if isinstance(value, str):
        parts = _FRACTION.fullmatch(value)
        if parts is None:
            raise fault(f"{says}, write {_meant_chance(value)}")
        over, under = float(parts[1]), float(parts[2])
        real = over / under if under else math.inf
    else:
        real = _real(value, says)
    if real > 1:
        raise fault(f"{says}, write 1/{real:.0f}" if math.isfinite(real) else f"{says}, write it as 1/50063860")
    if not 0 < real < 1:
        raise fault(f"{says}, write a number above 0 and below 1, or a fraction such as 1/50063860")
    return real


def yes_or_no(value: Any, info: ValidationInfo) -> bool:
    """A truth value; YAML's older words (yes, no, on, off) are understood."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if isinstance(value, str) and value.strip().lower() in words:
        return words[value.strip().lower()]
    raise fault(f"{info.field_name} is {shown(value)}; write true or false")


def one_of(*choices: str) -> Check:
    """One of a few words."""

    def check(value: Any, info: ValidationInfo) -> str:
        if value in choices:
            return str(value)
        near = get_close_matches(str(value), choices, n=1)
        remedy = f"write {near[0]}" if near else f"write {' or '.join(choices)}"
        raise fault(f"{info.field_name} is {shown(value)}; {remedy}")

    return check


def text(value: Any, info: ValidationInfo) -> str:
    """Text with something in it."""
    _words(value, info, "text")
    return str(value).strip()


def name(value: Any, info: ValidationInfo) -> str:
    """A country's name: the file's stem, the partition key and a folder's name."""
    _words(value, info, "a name")
    if value != value.strip() or re.search(r"[/\\\x00-\x1f]", value) or value.startswith("."):
        raise fault(f"{info.field_name} is {shown(value)}; write it without blanks around it, slashes or a leading dot")
    if value == RESERVED:
        raise fault(f"{info.field_name} is {RESERVED}, a reserved name; call the country something else")
    return str(value)


def currency(value: Any, info: ValidationInfo) -> str:
    """An ISO 4217 code."""
    _words(value, info, "an ISO 4217 code")
    if value in CURRENCIES:
        return str(value)
    guess = value.strip().upper()
    near = [guess] if guess in CURRENCIES else get_close_matches(guess, CURRENCIES, n=3)
    remedy = f"write {' or '.join(near)}" if near else "write its three letters, such as BRL"
    raise fault(f"{info.field_name} is {shown(value)}; it is an ISO 4217 code, {remedy}")


def zone(value: Any, info: ValidationInfo) -> str:
    """An IANA time zone."""
    _words(value, info, "an IANA time zone")
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        near = get_close_matches(value.strip(), available_timezones(), n=1)
        remedy = f"write {near[0]}" if near else "write one such as America/Sao_Paulo"
        raise fault(f"{info.field_name} is {shown(value)}; it is an IANA time zone, {remedy}") from None
    return str(value)


def holidays(value: Any, info: ValidationInfo) -> str:
    """An ISO 3166 code, with or without a subdivision: BR, BR-SP."""
    _words(value, info, "an ISO 3166 code")
    country, dash, part = value.partition("-")
    if country in COUNTRIES and (not dash or re.fullmatch(r"[A-Z0-9]{1,3}", part)):
        return str(value)
    guess = value.strip().upper()
    remedy = (
        "write GB" if guess == "UK" else f"write {guess}" if guess in COUNTRIES else "write one such as BR or BR-SP"
    )
    raise fault(f"{info.field_name} is {shown(value)}; it is an ISO 3166 code, {remedy}")


def _words(value: Any, info: ValidationInfo, what: str) -> None:
    if isinstance(value, bool):
        word = "NO" if value is False else "ON"
        raise fault(
            f"{info.field_name} is {value}; some YAML readers take {word} for that, write it in quotes: '{word}'"
        )
    if not isinstance(value, str):
        raise fault(f"{info.field_name} is {shown(value)}; it is {what}, write it in quotes")
    if not value.strip():
        raise fault(f"{info.field_name} is empty; it is {what}, fill it in")


def _real(value: Any, says: str) -> float:
    """The value as a float. Raises when it is no finite real number."""
    if isinstance(value, str):
        meant = mended(value)
        raise fault(
            f"{says}, write {meant} without quotes"
            if meant == value.strip()
            else f"{says}, write {meant or 'a number'}"
        )
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise fault(f"{says}, write a number")
    try:
        real = float(str(value)) if isinstance(value, np.floating) else float(value)
    except OverflowError:
        real = math.inf
    if not math.isfinite(real):
        raise fault(f"{says}, write a finite number")
    return real


def _meant_chance(value: str) -> str:
    """What a text that is no fraction was meant to be."""
    like = _FRACTION_LIKE.fullmatch(value)
    if like is not None:
        return "1/" + re.sub(r"\D", "", like[1])
    meant = mended(value)
    if meant is None or float(meant) <= 0:
        return "a number, or a fraction such as 1/50063860"
    return f"{meant} without quotes, or the fraction 1/{1 / float(meant):.0f}" if float(meant) < 1 else f"1/{meant}"
