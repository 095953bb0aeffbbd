"""What the UI tells of the graph before anything has run: descriptions with units, and where everything lies.

Every number that a materialisation shows has its meaning here; Dagster draws each as a plot.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from upath import UPath

from lottery_assets.audit.store import INDEX
from lottery_assets.orchestration.resources import Installation

RAW_SALES = {
    "dagster/row_count": "weeks, sold and planned",
    "weeks_with_sales": "weeks that were sold",
}
FEATURES = {
    "dagster/row_count": "weeks, sold and planned",
    "announced_otherwise": "weeks of the last two years of recommendations in which another jackpot was announced",
}
SALES_MODEL = {
    "wape": "error of forecasts one week ahead, last two years [fraction of the tickets sold]",
    "wape_without_specials": "the same over weeks without a special draw [fraction]",
    "crps": "the same error with the whole distribution judged [tickets]",
    "elasticity": "slope at the usual jackpot [% more tickets for 1 % more jackpot]",
    "elasticity_sd": "how unsure the slope is, one standard deviation",
    "elasticity_borrowed": "share of the slope that comes from the other countries [fraction]",
    "noise_sd": "what a week does by chance, one standard deviation [log tickets; 0.1 is about 10 %]",
    "first_stage_f": "how strongly jackpots followed demand, F statistic; absent where it cannot be asked",
    "weeks": "weeks learnt from",
    "weeks_left_out": "weeks set aside as outliers",
}
JACKPOT_RECOMMENDATION = {
    "jackpot": "to announce [millions of local currency]",
    "expected_net_revenue": "of the week, mean over sales and luck [millions of local currency]",
    "chance_jackpot_falls": "chance that somebody wins it [fraction]",
    "payout_ratio_12m": "prizes over sales, 52 weeks with the coming one [fraction]",
    "slack_*": "room that each rule leaves [millions, of ratios a fraction of sales]; at 0 it binds",
    "gap": "worth of the plan that is not proven [fraction]",
    "solve_seconds": "time to plan, solve, prove and explain [seconds]",
}
TREASURY_RECOMMENDATION = {
    "cash_of_the_worst": "mean cash left in the worst futures [millions of the pool's currency]",
    "slack_treasury_cover": "the same above the safety buffer [millions of the pool's currency]",
    "gave_up": "what the countries give up for each other over their plans [millions of the pool's currency]",
}


def described(sentence: str, numbers: Mapping[str, str]) -> str:
    """The asset in a sentence or more, and the numbers that each materialisation adds to its plots (Markdown)."""
    lines = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in numbers.items())
    return f"{sentence}\n\n| number | meaning [unit] |\n|-|-|\n{lines}"


def places(installation: Installation) -> Mapping[str, Any]:
    """Metadata of every asset's definition: what it is made from and where it goes."""
    return {
        "configurations": dg.MetadataValue.path(installation.configs),
        "sales file": dg.MetadataValue.path(installation.data),
        "artifacts": dg.MetadataValue.path(installation.artifacts),
        "all countries on one page": link(installation, UPath(installation.artifacts) / INDEX),
    }


def link(installation: Installation, file: UPath) -> dg.MetadataValue:
    """A file below the artifacts: something to click where a browser can open it, else its path to copy."""
    address = installation.address(file)
    return dg.MetadataValue.url(address) if address else dg.MetadataValue.path(str(file))
