"""The columns: of the sales file as operators deliver it, and of the tidy weekly frame that everything else reads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of the sales file."""

    name: str
    unit: str
    needed: bool = False
    default: str = ""


SALES_FILE = (
    Column("country", "the country's name", needed=True),
    Column("week_start", "ISO date, a Monday", needed=True),
    Column("jackpot_announced", "millions of local currency", needed=True),
    Column("tickets_sold", "tickets in the week; empty: a planned week", needed=True),
    Column("ticket_price", "local currency", default="the configuration's ticket_price"),
    Column("sales_revenue", "local currency", default="tickets x price"),
    Column("prizes_paid", "local currency, all prizes", default="sales - net_revenue - marketing_spend, else estimated"),
    Column("jackpot_won", "0 or 1", default="unknown"),
    Column("n_draws", "draws in the week", default="1"),
    Column("special_draw", "0 or 1", default="0"),
    Column("net_revenue", "millions of local currency"),
    Column("marketing_spend", "millions of local currency"),
)

WEEKLY_FRAME = {
    "country": "the country's name",
    "week_start": "Monday of the week",
    "jackpot_announced": "jackpot announced [millions of local currency]; empty in planned weeks",
    "tickets_sold": "tickets sold in the week [tickets]; empty in planned weeks",
    "ticket_price": "price of one ticket [local currency]",
    "sales": "revenue of the week [millions of local currency]",
    "prizes": "all prizes of the week, the jackpot included [millions of local currency]",
    "prizes_estimated": "prizes were not in the file",
    "jackpot_won": "the jackpot fell in the week [0 or 1]; empty where unknown",
    "n_draws": "draws in the week [count]",
    "special_draw": "the week holds a special draw [0 or 1]",
    "marketing_spend": "marketing of the week [millions of local currency]; empty where not given",
    "set_aside": "the week is a data fault: neither learnt from nor counted in ratios",
    "fault": "why the week is set aside",
    "revenue_differs": "the file's revenue is not tickets x price",
    "row": "line of the sales file; empty where the week is in no file",
}
"""Name and meaning with unit of every column of the tidy weekly frame, in order."""
