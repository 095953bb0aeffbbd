"""Sales: raw rows to one tidy weekly frame of a country, or a precise complaint.

Here: reading the file, what its columns mean, every check on its rows, and the warnings that travel with a recommendation.
Not here: what moves sales (`demand`), and where the file lies (`settings`).
"""

from lottery_assets.sales.cautions import cautions, findings
from lottery_assets.sales.columns import SALES_COLUMNS, WEEKLY_COLUMNS, Column, meanings
from lottery_assets.sales.raw import RawSales, read_sales
from lottery_assets.sales.tidy import SalesLate, coming_week, history, missing_weeks, planned, weekly_sales

__all__ = [
    "SALES_COLUMNS",
    "WEEKLY_COLUMNS",
    "Column",
    "RawSales",
    "SalesLate",
    "cautions",
    "coming_week",
    "findings",
    "history",
    "meanings",
    "missing_weeks",
    "planned",
    "read_sales",
    "weekly_sales",
]
