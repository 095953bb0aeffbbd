"""Markets whose demand is known, as feature tables and as tidy weekly frames."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd

from lottery_assets import demand

CONFIG = SimpleNamespace(holidays=None)


def weekly(
    weeks: int = 208,
    seed: int = 0,
    log_tickets: Callable[[pd.DataFrame], np.ndarray] | None = None,
    noise: float = 0.06,
    jackpots: np.ndarray | None = None,
    **columns: object,
) -> pd.DataFrame:
    """A tidy weekly frame of `weeks` with sales and two planned ones; by default elasticity 0.35, jackpots 3 to 30 million."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"week_start": pd.date_range("2020-01-06", periods=weeks + 2, freq="7D")})
    path = np.exp(rng.uniform(np.log(3), np.log(30), weeks + 2)) if jackpots is None else np.resize(jackpots, weeks + 2)
    frame["jackpot_announced"] = path
    frame["ticket_price"], frame["n_draws"], frame["special_draw"] = 2.0, 1.0, 0.0
    frame["jackpot_won"] = (rng.random(weeks + 2) < 0.2).astype(float)
    frame["marketing_spend"] = np.nan
    frame["set_aside"] = False
    for name, values in columns.items():
        frame[name] = values
    truth = constant_elasticity if log_tickets is None else log_tickets
    frame["tickets_sold"] = np.exp(truth(frame) + rng.normal(0, noise, weeks + 2))
    ahead = frame.index >= weeks
    frame.loc[ahead, ["tickets_sold", "jackpot_announced", "jackpot_won"]] = np.nan
    return frame


def constant_elasticity(frame: pd.DataFrame) -> np.ndarray:
    """Fifteen million-ish tickets at 10 million, elasticity 0.35."""
    return 15 + 0.35 * np.log(frame["jackpot_announced"] / 10)


def table(**arguments: object) -> pd.DataFrame:
    """Features of such a frame."""
    return demand.features(weekly(**arguments), CONFIG)
