"""A past week as it was when it was decided: from the rows and the configuration of today, checked against the record.

Of the week itself today's rows may tell more than was known then. What was known is found out by trying: the row as a planned one, and
the row not there; whichever gives the recorded figures is right, and where none does, nothing is said.
"""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from lottery_assets import demand, sales, weekly
from lottery_assets.country import CountryConfig
from lottery_assets.demand import SalesModel
from lottery_assets.demand.carrying import can_forecast
from lottery_assets.jackpot import Recommendation
from lottery_assets.sales.cells import mondays
from lottery_assets.signoff.chosen import Chosen, NotReproduced, chosen
from lottery_assets.weekly import Case

KNOWN_AHEAD = ("country", "week_start", "ticket_price", "n_draws", "special_draw", "marketing_spend", "row")


def reproduced(
    config: CountryConfig,
    raw: pd.DataFrame,
    recommended: Recommendation,
    jackpot: float,
    model: SalesModel | None = None,
) -> Chosen:
    """A jackpot [millions] judged in the week of a recommendation.

    `config` with the cash known; `raw`: rows as text, as they are today; `model`: the one that decided then; None: it is
    fitted anew. Raises NotReproduced where none of it gives the recorded figures, or BadInput.
    """
    reason = NotReproduced("nothing was tried")
    for case in _cases(config, raw, recommended.week_start, model):
        try:
            return chosen(case, recommended, jackpot)
        except NotReproduced as fault:
            reason = fault
    raise reason


def _cases(config: CountryConfig, raw: pd.DataFrame, week_start: date, model: SalesModel | None) -> Iterator[Case]:
    for frame in _frames(raw, week_start):
        if model is None:
            yield weekly.case(config, frame, week_start)
            continue
        table = sales.weekly_sales(frame, config, week_start, source=raw.attrs.get("source", "sales"))
        features = demand.features(table, config)
        if not can_forecast(model, features):
            raise NotReproduced(
                "the model that decided has learnt from a calendar that the configuration no longer names"
            )
        yield Case(config, table, features, model)


def _frames(raw: pd.DataFrame, week_start: date) -> Iterator[pd.DataFrame]:
    """Rows with the week's own as it is (a sold one is not read), and with it as a planned one."""
    yield raw
    its = mondays(raw["week_start"]).values == pd.Timestamp(week_start).to_datetime64()
    if (its & (raw["tickets_sold"].astype("string").str.strip() != "").to_numpy(bool)).any():
        eve = raw.copy()
        told_after = [column for column in eve.columns if column not in KNOWN_AHEAD]
        eve.loc[its, told_after] = ""
        eve.attrs = raw.attrs
        yield eve
