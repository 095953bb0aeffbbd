"""Sales: raw rows of the sales file to one tidy weekly frame a country, or a precise complaint.

Belongs here: reading, checking and completing what operators deliver. Not here: what sales depend on (`demand`).
"""

from lottery_assets.sales.columns import SALES_FILE, WEEKLY_FRAME
from lottery_assets.sales.findings import cautions, findings
from lottery_assets.sales.reading import RawSales, read_sales
from lottery_assets.sales.weekly_frame import coming_week, history, missing_weeks, planned, weekly_sales

__all__ = [
    "SALES_FILE",
    "WEEKLY_FRAME",
    "RawSales",
    "cautions",
    "coming_week",
    "findings",
    "history",
    "missing_weeks",
    "planned",
    "read_sales",
    "weekly_sales",
]
