"""The columns of the demand model: what each one is, what is believed of it before any data, how fast it may drift.

log tickets = level + sum of coefficient x column + autocorrelated error. Columns that hold the jackpot are functions of
x = log(jackpot) - reference, with a reference fixed for the whole fit: one that rolls with the data would absorb the level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

KNOTS_UP = (0.0, 0.4, 0.8, 1.2, 1.8, 2.5, 3.2)
KNOTS_DOWN = (-0.4, -0.8, -1.2)
"""Where the elasticity may change, in log units of the jackpot from the reference."""
PATH = ("path", "rise", "rise_after_win", "fall", "jump", "change")
"""Columns of the path inside a week, but `x_path`, which follows from them."""
FEW = 4
"""Weeks at a jackpot, or beyond it, that do not yet say how it sells."""
BEND = 0.3
"""Standard deviation of a change of the elasticity that was never seen."""
TRUSTED = float(np.log(1.35))
"""How far beyond the jackpots seen the bends of the curve are believed, in log jackpot."""


Believed = tuple[str, float, float] | tuple[str, float, float, float]
"""Name, prior mean, prior standard deviation, and the random walk where there is one."""


@dataclass(frozen=True)
class Term:
    """One column: prior mean and standard deviation of its coefficient, its random walk (sd a week), and what it belongs to."""

    name: str
    mean: float
    sd: float
    walk: float = 0.0
    group: str = field(default="jackpot", kw_only=True)


def terms(columns: pd.Index) -> list[Term]:
    """Every term for a feature table with these columns; the elasticity is the coefficient of `x`."""
    holidays = [name for name in ("holiday", "holiday_next", "holiday_previous") if name in columns]
    waves = [(f"{wave}_{k}", 0.1 if k == 1 else 0.05) for k in (1, 2, 3) for wave in ("sin", "cos")]
    slow = 0.001
    groups: dict[str, list[Believed]] = {
        "jackpot": [("x", 0.30, 0.25, slow)],
        "curvature": [
            *((f"above_{knot:g}", 0.0, BEND, slow) for knot in KNOTS_UP),
            *((f"below_{-knot:g}", 0.0, BEND, slow) for knot in KNOTS_DOWN),
        ],
        "memory": [("fast_stock", 0.05, 0.18), ("slow_stock", -0.1, 0.15)],  # habit; people tire
        "season": [*((name, 0.0, sd) for name, sd in waves), ("x_sin_1", 0.0, 0.1), ("x_cos_1", 0.0, 0.1)],
        "paydays": [("payday", 0.0, 0.1)],
        "holidays": [("year_end", 0.0, 0.1), ("before_year_end", 0.0, 0.1), *((name, 0.0, 0.03) for name in holidays)],
        "price": [("log_price", -0.8, 0.4)],
        "draws": [("log_draws", 0.9, 0.3), ("x_log_draws", 0.0, 0.3)],
        "special": [("special", 0.3, 0.5, 0.01), ("x_special", 0.3, 0.5)],
        "wins": [("halo", 0.0, 0.1), ("won_before", 0.0, 0.05)],
        "marketing": [("marketing", 0.1, 0.2)],
        "path": [
            ("path", 0.3, 0.25, slow),
            *((name, 0.0, 0.2, slow) for name in ("x_path", "rise", "rise_after_win")),
            *((name, 0.0, 0.2) for name in ("fall", "jump")),
            ("change", 0.0, 0.1),
        ],
    }
    return [
        Term(name, mean, sd, *walk, group=group) for group, found in groups.items() for name, mean, sd, *walk in found
    ]


def design(
    table: pd.DataFrame,
    log_jackpot: np.ndarray,
    centre: "Centre",
    names: Sequence[str],
    path: Mapping[str, np.ndarray] | None = None,
) -> np.ndarray:
    """Matrix [n, 1 + terms]: a one for the level, then a column for each of the terms `names`, at the given log jackpots [n].

    `table` has n rows, or a single one that is used at every jackpot. `path`: the columns of `PATH` [n] as they usually are at
    these jackpots, in place of what follows from the weeks before.
    """
    n = len(log_jackpot)
    shape = shape_columns(log_jackpot, centre)
    x, seen = shape.pop("x"), _trusted(log_jackpot, centre)
    numbers = table.drop(columns=["country", "week_start"], errors="ignore")
    # at once: for single rows, pandas is what takes time
    values = np.broadcast_to(numbers.to_numpy(float), (n, numbers.shape[1]))
    columns = dict(zip(numbers.columns, values.T, strict=True))
    log_draws = np.log(np.maximum(columns["draws"], 1.0)) - np.log(centre.draws)
    special = columns["special"]
    usual = 1.0 - special  # a special week answers to its jackpot in its own way: one slope, and no path
    made = {
        "x": x,
        **{name: column * usual for name, column in shape.items()},
        "fast_stock": columns["fast_stock"] - centre.log_jackpot,
        "slow_stock": columns["slow_stock"] - centre.log_jackpot,
        "x_sin_1": x * columns["sin_1"],
        "x_cos_1": x * columns["cos_1"],
        "log_price": columns["log_price"] - centre.log_price,
        "log_draws": log_draws,
        "x_log_draws": x * log_draws,
        "x_special": seen * special,
    }
    several = (columns["draws"] > 1) * usual
    if path is None:
        made |= _path_in_the_week(log_jackpot, x, columns, several)
    else:
        made |= {name: path[name] * several for name in PATH}
        made["x_path"] = made["path"] * np.maximum(x, 0.0)
    return np.column_stack([np.ones(n)] + [made[name] if name in made else columns[name] for name in names])


def shape_columns(log_jackpot: np.ndarray, centre: "Centre") -> dict[str, np.ndarray]:
    """`x` and its hinges [n]: the shape of the curve in an ordinary week."""
    seen = _trusted(log_jackpot, centre)
    return {
        "x": log_jackpot - centre.log_jackpot,
        **{f"above_{knot:g}": np.maximum(seen - knot, 0.0) for knot in KNOTS_UP},
        **{f"below_{-knot:g}": np.minimum(seen - knot, 0.0) for knot in KNOTS_DOWN},
    }


def bend_beyond(log_jackpot: np.ndarray, known: tuple[float, float], special: float = 0.0) -> np.ndarray:
    """Standard deviation [n] of log tickets because the curve may bend beyond the log jackpots `known`, however straight it is between them.

    None in a special week, which answers to its jackpot in its own way.
    """
    beyond = np.maximum(log_jackpot - known[1], known[0] - log_jackpot)
    return np.asarray(BEND * (1 - special) * np.maximum(beyond, 0.0))


def _trusted(log_jackpot: np.ndarray, centre: "Centre") -> np.ndarray:
    return np.clip(log_jackpot, centre.seen[0] - TRUSTED, centre.seen[1] + TRUSTED) - centre.log_jackpot


@dataclass(frozen=True)
class Centre:
    """Where the columns have their zero: the usual log jackpot, log price and number of draws."""

    log_jackpot: float
    log_price: float
    draws: float
    seen: tuple[float, float]
    """Lowest and highest log jackpot learnt from; a third beyond them the curve stops bending: its elasticity is that of `x` alone."""

    often: tuple[float, float]
    """The same without the `FEW` lowest and the `FEW` highest: one week at a jackpot does not say how it sells."""

    @classmethod
    def of(cls, history: pd.DataFrame) -> "Centre":
        """Medians of the weeks learnt from; the price is the last one."""
        in_order = np.sort(history["log_jackpot"].to_numpy(float))
        few = min(FEW, (len(in_order) - 1) // 2)
        return cls(
            float(history["log_jackpot"].median()),
            float(history["log_price"].iloc[-1]),
            float(max(history["draws"].median(), 1.0)),
            (float(in_order[0]), float(in_order[-1])),
            (float(in_order[few]), float(in_order[-1 - few])),
        )


def _path_in_the_week(
    log_jackpot: np.ndarray, x: np.ndarray, columns: dict[str, np.ndarray], several: np.ndarray
) -> dict[str, np.ndarray]:
    """With several draws a week the announced jackpot is the largest of them; the others lie on the way there.

    They are taken as equal steps from last week's jackpot, or from the usual start after a win. `path` is the log of their power mean (exponent 1/2)
    less the log of the announced one, at most 0. All columns are 0 in weeks with one draw.
    """
    previous, won = columns["previous_log_jackpot"], columns["won_before"]
    start = np.where(won > 0, columns["reset_log_jackpot"], previous)
    start = np.exp(np.minimum(np.where(np.isnan(start), log_jackpot, start), log_jackpot))
    path = _log_power_mean(start, np.exp(log_jackpot), columns["draws"], won > 0) - log_jackpot
    rise = (log_jackpot - previous) * several
    steady = 1.0 - won
    return {
        "path": path * several,
        "x_path": path * np.maximum(x, 0.0) * several,
        "rise": rise * steady,
        "rise_after_win": rise * won,
        "fall": np.minimum(rise, 0.0) * steady,
        "jump": np.maximum(rise - 0.3, 0.0) * steady,
        "change": np.abs(rise) * steady,
    }


def _log_power_mean(start: np.ndarray, end: np.ndarray, draws: np.ndarray, from_start: np.ndarray) -> np.ndarray:
    """Log of the squared mean root of `draws` equal steps up to `end`, [n]; after a win the first draw is at `start` itself."""
    total = np.zeros(len(end))
    count = np.maximum(np.round(draws), 1.0)
    for draw in range(1, int(count.max()) + 1):
        share = np.where(from_start, (draw - 1) / np.maximum(count - 1, 1.0), draw / count)
        total += np.where(draw <= count, np.sqrt(start + (end - start) * np.minimum(share, 1.0)), 0.0)
    return 2 * np.log(total / count)
