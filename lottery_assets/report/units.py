"""Figures for people: amounts in the country's currency, shares in percent. The same value is written the same way everywhere on a page."""

from dataclasses import dataclass

import numpy as np

from lottery_assets.jackpot.recommendation import DIGITS


@dataclass(frozen=True)
class Units:
    """`decimals`: of net revenue in millions, as many as tell the amounts of this country apart."""

    currency: str
    decimals: int

    @classmethod
    def of(cls, currency: str, amounts: "np.typing.ArrayLike") -> "Units":
        """For amounts [n, millions] of one country: two decimals where they are usual, more where they are small, fewer where large."""
        largest = float(np.abs(amounts).max())
        size = int(np.floor(np.log10(largest))) if largest > 0 else 0
        return cls(currency, min(4 - size, 2) if 0 <= size <= 4 else 0 if size > 4 else 2 - size)

    def amount(self, millions: float) -> str:
        """Millions without currency: 130.08."""
        return _plain(f"{published(millions):,.{self.decimals}f}")

    def money(self, millions: float) -> str:
        """With currency and unit: BRL 130.08 million."""
        return f"{self.currency} {self.amount(millions)} million"

    def prize(self, millions: float) -> str:
        """A jackpot, with all of its digits: BRL 110 million."""
        return f"{self.currency} {exact(millions)} million"

    def limited(self, value: float, unit: str) -> str:
        """Value or limit of a rule, `unit` its own: percent of sales, or millions; whose currency is not the country's is named."""
        if unit.startswith("fraction"):
            return percent(value, 2)
        named = f"{unit.removeprefix('millions of ')} " if unit.startswith("millions of ") else ""
        return named + short(value)

    def room(self, slack: float, unit: str) -> str:
        """A slack: of ratios in points of percent."""
        return f"{short(100 * slack)} points" if unit.startswith("fraction") else self.limited(slack, unit)

    def missed(self, slack: float, unit: str) -> str:
        """The same within a sentence, of a rule that breaks."""
        return self.room(-slack, unit) if unit.startswith("fraction") else self.prize(-slack)


def published(value: float) -> float:
    """As the recommendation publishes it."""
    return float(f"{value:.{DIGITS}g}")


def exact(value: float) -> str:
    """All digits down to a millionth, and no zeros after them: 21.5."""
    text = f"{published(value):,.6f}".rstrip("0").rstrip(".")
    return _plain(text)


def short(value: float) -> str:
    """Two decimals, none where they are zeros; below a tenth two digits, down to a tenth of a unit of the currency."""
    value = published(value)
    if abs(value) < 5e-8:
        return "0"
    if abs(value) < 0.1:
        return f"{value:.{min(1 - int(np.floor(np.log10(abs(value)))), 7)}f}"
    return f"{value:,.2f}".removesuffix(".00") if abs(value) < 10_000 else f"{value:,.0f}"


def percent(share: float, decimals: int = 1) -> str:
    """A share in percent."""
    return _plain(f"{100 * published(share):,.{decimals}f}") + "\u00a0%"


def moved(now: float, before: float) -> str:
    """A change of the jackpot [millions], absolute and relative: +12 million (+12.2 %)."""
    if now == before:
        return "none"
    sign = "+" if now > before else "-"
    share = f" ({sign}{percent(abs(now / before - 1))})" if before else ""
    return f"{sign}{exact(abs(now - before))} million{share}"


def count(value: float) -> str:
    """Whole tickets."""
    return f"{published(value):,.0f}"


def tick(value: float, _: object = None) -> str:
    """A number on an axis; thousands are a k from ten thousand on."""
    return _plain(f"{value / 1000:,.6g}k" if abs(value) >= 10_000 else f"{value:,.6g}")


def _plain(text: str) -> str:
    """No minus before a zero."""
    return text.removeprefix("-") if text.startswith("-") and not text.strip("-0.,") else text
