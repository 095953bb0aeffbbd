"""What rows of sales cannot answer: each question with what is typical, and what the rows suggest."""

from collections.abc import Iterator
from dataclasses import dataclass

from lottery_assets.country import CountryConfig
from lottery_assets.onboarding.evidence import Evidence
from lottery_assets.onboarding.odds import games_within

ALTERNATIVES = {"available_cash": "available_cash_secret_name"}
"""Keys that another one answers as well."""
NAMED = 4


@dataclass(frozen=True)
class Question:
    """A needed key that people must answer. `suggested`: what the rows say of it; empty where they are silent."""

    key: str
    meaning: str
    typical: str
    suggested: str = ""


def questions(its: Evidence) -> tuple[Question, ...]:
    """In the order of a configuration."""
    return tuple(Question(key, CountryConfig.meaning(key), *said) for key, said in _asked(its))


def _asked(its: Evidence) -> Iterator[tuple[str, tuple[str, ...]]]:
    low, high = its.range
    yield "currency", ("three letters, such as EUR",)
    if its.price is None:
        yield "ticket_price", ("1 to 10 in the local currency", "neither ticket_price nor sales_revenue tells it")
    yield "prob_single_ticket_win", ("1/8000000 to 1/50000000; down to 1/300000000 in the largest games", _odds(its))
    yield "secondary_prize_payout_percentage", ("0.1 to 0.35", _lower_prizes(its))
    yield "min_payout_ratio_12m", ("0.3 to 0.6, set by the regulator", _ratios(its))
    sales = its.recent["sales"].median()
    yield (
        "available_cash",
        (
            f"0.9 to 2 times the largest jackpot: {_round(0.9 * high)} to {_round(2 * high)}",
            f"jackpots of {low:.10g} to {high:.10g} were announced and {_round(sales)} million sold in the median week",
        ),
    )
    yield "safety_buffer", (f"0.15 to 0.4 of the largest jackpot: {_round(0.15 * high)} to {_round(0.4 * high)}",)


def _odds(its: Evidence) -> str:
    weeks, tickets = len(its.draws), its.draws["tickets_sold"].mean() / 1e6
    if not weeks:
        return "jackpot_won is not told, so the rows are silent"
    said = f"{its.falls} falls in {weeks} weeks of {tickets:.3g} million tickets"
    if its.chance is None:
        return f"{said} say little"
    middle, low, high = its.chance
    games = ", ".join(f"1/{one_in} ({name})" for name, one_in in games_within(low, high)[:NAMED])
    known = f"; within: {games}" if games else ""
    return f"{said} suggest about 1/{1 / middle:,.0f}, between 1/{1 / high:,.0f} and 1/{1 / low:,.0f}{known}"


def _lower_prizes(its: Evidence) -> str:
    if its.lower_prizes is None:
        return "prizes_paid and jackpot_won do not tell it"
    return f"prizes less jackpots that fell were {its.lower_prizes:.3f} of sales"


def _ratios(its: Evidence) -> str:
    if its.ratios is None:
        return "prizes of 52 weeks are not told"
    low, high = its.ratios
    return f"prizes were {low:.3f} to {high:.3f} of the sales of 52 weeks"


def _round(millions: float) -> str:
    """Three digits."""
    return f"{float(f'{millions:.3g}'):.10g}"
