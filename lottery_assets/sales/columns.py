"""The columns of the sales file and of the tidy weekly frame: name, unit, default, meaning. Checks and tables are made of these."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """One column. `kind` says what a cell may hold; `default` what an empty or absent one means (None: it is needed)."""

    name: str
    kind: Literal["text", "monday", "number", "count", "flag"]
    unit: str
    meaning: str
    default: str | None = None

    @property
    def needed(self) -> bool:
        """Whether a file without it cannot be read."""
        return self.default is None


SALES_COLUMNS = (
    Column("country", "text", "key", "the country; equals `country_name` of its configuration"),
    Column("week_start", "monday", "ISO date", "the Monday that begins the week"),
    Column("jackpot_announced", "number", "millions", "largest jackpot announced for a draw of the week"),
    Column("tickets_sold", "count", "tickets", "tickets sold in the week; empty: a planned week"),
    Column("ticket_price", "number", "local currency", "price of one ticket in that week", "the configuration's price"),
    Column("sales_revenue", "number", "local currency", "what the tickets brought in", "tickets x price"),
    Column(
        "prizes_paid",
        "number",
        "local currency",
        "all prizes of the week, jackpot included",
        "sales - net_revenue - marketing_spend; else estimated from jackpot_won and the configuration",
    ),
    Column("jackpot_won", "flag", "0/1", "the jackpot fell in that week", "unknown"),
    Column("n_draws", "count", "count", "draws held in the week", "1"),
    Column("special_draw", "flag", "0/1", "the week holds a special draw", "0"),
    Column("net_revenue", "number", "millions", "sales less prizes and marketing", "not given"),
    Column("marketing_spend", "number", "millions", "spent on marketing in the week", "not given"),
)
"""Section 2 of the contract. Other columns are ignored."""

CELLS_IN_ROW = "cells in row"
"""Column that raw sales have only when a row holds more or fewer cells than the header."""

WEEKLY_COLUMNS = (
    Column("country", "text", "key", "the country"),
    Column("week_start", "monday", "date", "the Monday that begins the week"),
    Column(
        "jackpot_announced",
        "number",
        "millions",
        "largest jackpot announced for a draw of the week; NaN in planned weeks",
    ),
    Column("tickets_sold", "number", "tickets", "tickets sold in the week; NaN in planned weeks"),
    Column("ticket_price", "number", "local currency", "price of one ticket in that week"),
    Column("sales", "number", "millions", "what the tickets brought in; NaN in planned weeks"),
    Column("prizes", "number", "millions", "all prizes of the week, jackpot included; NaN in planned weeks"),
    Column("prizes_estimated", "flag", "true/false", "prizes are estimated from the configuration"),
    Column("jackpot_won", "flag", "0/1", "the jackpot fell in that week; NaN: unknown"),
    Column("n_draws", "number", "count", "draws in the week"),
    Column("special_draw", "flag", "0/1", "the week holds a special draw"),
    Column("marketing_spend", "number", "millions", "spent on marketing; NaN where not given"),
    Column("set_aside", "flag", "true/false", "the week is a data fault: not learnt from, not in ratios"),
    Column("row", "count", "line", "line of the sales file (header: 1); NA where the week was made up"),
)
"""What `weekly_sales` returns."""

NEEDED = tuple(column.name for column in SALES_COLUMNS if column.needed)
NUMERIC = tuple(column.name for column in SALES_COLUMNS if column.kind in ("number", "count", "flag"))
_BY_NAME = {column.name: column for column in SALES_COLUMNS}


def unit(name: str) -> str:
    """Unit of a column of the sales file."""
    return _BY_NAME[name].unit


def meanings(columns: Iterable[Column] = WEEKLY_COLUMNS) -> dict[str, str]:
    """Name -> "meaning [unit]", as a column schema shows it."""
    return {column.name: f"{column.meaning} [{column.unit}]" for column in columns}


def markdown(columns: Iterable[Column] = SALES_COLUMNS) -> str:
    """The columns as a Markdown table."""
    lines = ["| column | needed | unit | meaning | default |", "|---|---|---|---|---|"]
    lines += [
        f"| {c.name} | {'yes' if c.needed else 'no'} | {c.unit} | {c.meaning} | {c.default or ''} |" for c in columns
    ]
    return "\n".join(lines)
