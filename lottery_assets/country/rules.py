"""What several keys must hold together. A rule reads sound keys only, and is silent when one it needs is not."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lottery_assets.country.grid import MOST_JACKPOTS, step_range

Fault = tuple[str, str]
"""The key at fault, and the message."""

ONE_OF_TWO = (("announcement_step", "optimization_grid_steps"), ("available_cash", "available_cash_secret_name"))


def faults(values: Mapping[str, Any], broken: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """Every rule that the values break; `broken` keys were given, but hold nothing sound."""
    for pair in ONE_OF_TWO:
        yield from one_of_two(pair, values, broken)
    yield from _ordered("min_jackpot", "max_jackpot", values)
    yield from _ordered("min_payout_ratio_12m", "max_payout_ratio_12m", values)
    yield from _some_jackpot(values)
    for key, way in (("max_step_up", "rise"), ("max_step_down", "fall")):
        yield from _wide_enough(key, way, values)


def one_of_two(pair: tuple[str, str], values: Mapping[str, Any], broken: frozenset[str]) -> Iterator[Fault]:
    """Exactly one key of the pair is given."""
    given = [key for key in pair if values.get(key) is not None or key in broken]
    if len(given) == 2:
        yield pair[1], f"{pair[0]} and {pair[1]} are both given; they exclude each other, keep one"
    if not given:
        yield pair[0], f"{pair[0]} is missing, and so is {pair[1]}; add one of the two"


def _ordered(low: str, high: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    if values.get(low) is not None and values.get(high) is not None and values[low] > values[high]:
        yield low, f"{low} is {values[low]:.12g}, above {high} {values[high]:.12g}; swap them, or lower {low}"


def _wide_enough(key: str, way: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    most, step = values.get(key), values.get("announcement_step")
    if most is not None and step is not None and 0 < most < step:
        yield (
            key,
            f"{key} is {most:.12g}, less than announcement_step {step:.12g}, so no jackpot could {way}; "
            f"write {step:.12g} or more, or 0 if that is meant",
        )


def _some_jackpot(values: Mapping[str, Any]) -> Iterator[Fault]:
    low, high, step = (values.get(key) for key in ("min_jackpot", "max_jackpot", "announcement_step"))
    if low is None or high is None or step is None or low > high:
        return
    first, last = step_range(low, high, step)
    unit = Decimal(repr(float(step)))
    span = f"min_jackpot {low:.12g} to max_jackpot {high:.12g}"
    if last < first:
        nearest = f"{float(last * unit):.12g} and {float(first * unit):.12g}"
        yield (
            "announcement_step",
            f"announcement_step is {step:.12g}, and no whole multiple of it lies from {span}; the nearest are {nearest}: "
            "widen the bounds or choose a smaller step",
        )
    if last - first + 1 > MOST_JACKPOTS:
        yield (
            "announcement_step",
            f"announcement_step is {step:.12g}, which makes {last - first + 1:,} jackpots from {span}; at most "
            f"{MOST_JACKPOTS:,} are compared, write {_round_step((high - low) / 200):.12g} or more",
        )


def _round_step(step: float) -> float:
    """The next number of the form 1, 2 or 5 times a power of ten."""
    power = Decimal(10) ** Decimal(repr(step)).adjusted()
    return next(float(power * lead) for lead in (1, 2, 5, 10) if float(power * lead) >= step)
