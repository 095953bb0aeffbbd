"""Fits of a made-up country, as they come week by week, and versions without a fit where only their order matters."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from tempfile import TemporaryDirectory

import pandas as pd

from lottery_assets import weekly
from lottery_assets.audit.models import FolderHome, ModelCard, Verdict, Version
from lottery_assets.audit.models.card import Gate
from lottery_assets.audit.models.gates import Fit
from lottery_assets.audit.models.home import version_of
from lottery_assets.audit.models.recommending import recommending
from lottery_assets.demand import SalesModel, fitted
from lottery_assets.demand.carrying import ageing
from lottery_assets_tests import countries

NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)
Change = Callable[[pd.DataFrame], pd.DataFrame]


def typed(column: str, times: float, last: int, every: int = 1) -> Change:
    """A column typed so many times too large in each of the last weeks, or in every second of them."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows.astype({column: float})
        rows.loc[rows.index[-last::every], column] *= times
        return rows

    return change


def sold(times: float, after: int) -> Change:
    """Sales that changed for good after so many weeks."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(tickets_sold=(rows["tickets_sold"] * (1 + (times - 1) * (rows.index >= after))).round())

    return change


@cache
def fit(weeks: int, change: Change | None = None) -> tuple[pd.DataFrame, Fit]:
    """Features and fit of the first `weeks` weeks."""
    rows = countries.sales(weeks=weeks)
    its = weekly.case(countries.country(), change(rows) if change else rows)
    return its.table, Fit(version_of("atlantis", its.model), its.model, ageing(its.model, its.table), fitted(its.table))


def recommended(home, weeks: int, change: Change | None = None, kept: bool = True):
    """The model that recommends after so many weeks."""
    table, its = fit(weeks, change)
    return recommending(home, "atlantis", its.model, table, "data", NOW, kept)


@cache
def _card() -> ModelCard:
    with TemporaryDirectory() as folder:
        home = FolderHome(folder)
        recommended(home, 60)
        card = home.card(home.versions("atlantis")[0])
        assert card is not None
        return card


def register(home, week: int, passed: bool = True, name: str = "", hours: int = 0) -> Version:
    """A version trained until so many weeks after 2025-01-06; where only order matters, its state is that of any model."""
    until = date(2025, 1, 6) + timedelta(weeks=week)
    version = Version(country="atlantis", trained_until=until, version=f"{name}{week:02d}".ljust(64, "a"))
    gate = Gate(name="calibrated", passed=passed, value=0, limit=0, unit="", reason="its bands do not hold")
    verdict = Verdict(champion=None, gates=(gate,), elasticity_change=None, forecast_change=None)
    at = NOW + timedelta(weeks=week, hours=hours)
    home.put(any_model(), _card().model_copy(update={"version": version, "verdict": verdict, "registered_at": at}))
    return version


def any_model() -> SalesModel:
    return fit(60)[1].model
