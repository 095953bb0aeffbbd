"""Eras of a game: weeks under one ticket price, to tell apart what was sold in them."""

import itertools
from typing import NamedTuple

import numpy as np
import pandas as pd

MOST = 4
LEAST = 8
"""Weeks; a price that held for less begins no era."""
MOVED = 0.02
"""Relative change of the price that counts as one."""
RECENT = 104


class Eras(NamedTuple):
    """Name and weeks of each era, the newest first; `apart`: what tells them apart, as the end of "past weeks, ..."."""

    apart: str
    parts: list[tuple[str, pd.DataFrame]]


def eras(sold: pd.DataFrame, currency: str) -> Eras:
    """The eras of the ticket price; where it never changed, the last two years and what was before.

    `sold`: week_start, ticket_price [local currency] and whatever else the caller needs, one row a week, ascending.
    """
    if sold.empty:
        return Eras("of which there is none", [])
    begins = _begins(sold["ticket_price"].to_numpy(float))
    if len(begins) == 1:
        recent = max(len(sold) - RECENT, 0)
        before = [("before", sold.iloc[:recent])] if recent else []
        return Eras(
            "the last two years apart" if recent else "all under one ticket price",
            [("last two years", sold.iloc[recent:]), *before],
        )
    edges = [*begins, len(sold)]
    parts = [sold.iloc[first:last] for first, last in itertools.pairwise(edges)][::-1]
    named = [(f"{_price(part, currency)} since {part['week_start'].iloc[0]:%Y-%m}", part) for part in parts[: MOST - 1]]
    earlier = parts[MOST - 1 :]
    if not earlier:
        named, earlier = named[:-1], parts[-1:]
    name = f"{_price(earlier[0], currency)} before" if len(earlier) == 1 else "earlier prices"
    return Eras("by ticket price", [*named, (name, pd.concat(earlier[::-1]))])


def _price(part: pd.DataFrame, currency: str) -> str:
    return f"{currency} {part['ticket_price'].iloc[-1]:,.6g}"


def _begins(prices: np.ndarray) -> list[int]:
    """Rows from which on another price holds."""
    found = [0]
    for row in range(LEAST, len(prices)):
        held = prices[row : row + LEAST]
        before = np.median(prices[found[-1] : row])
        if len(held) == LEAST and np.all(np.abs(held / before - 1) > MOVED) and row - found[-1] >= LEAST:
            found.append(row)
    return found
