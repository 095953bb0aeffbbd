"""Past weeks decided again, each as if it were the coming one, and set beside what was announced.

Each recommendation is one step off history: cash is the configuration's, and last week's jackpot, the ratio's past year and habit are
what happened. What a different jackpot would have done to the weeks after is not followed. Rules, odds and shares are today's; the
ticket price is the week's own. Two things the model has from elsewhere: the priors from other countries' later weeks, and its recipe,
chosen with these years at hand.
"""

import zlib

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets import jackpot, sales, weekly
from lottery_assets.country import CountryConfig
from lottery_assets.jackpot.plan import lines
from lottery_assets.simulation.announced import density
from lottery_assets.simulation.off_policy import Comparison, DoublyRobust, compare, doubly_robust, near
from lottery_assets.weekly import Advice, NoRecommendation

FEWEST_BEFORE = 8
"""Weeks with sales before the first that is decided again."""
CURVES = 200
"""Possible demand curves behind a band, in pairs that mirror each other."""
KNOWN_AHEAD = ("country", "week_start", "ticket_price", "n_draws", "special_draw", "marketing_spend")
"""What a week's row says before it begins."""
FIGURES = (
    *("recommended_jackpot", "expected_at_recommended", "expected_at_announced", "earned", "density"),
    "announced_breaks",
)
LIMITS = (
    "Nobody announced these jackpots: no figure here is what would have been earned.",
    "The announced jackpot of a week with several draws is the largest of them, and partly the luck of the week itself.",
    "Each week is one step off history; what its jackpot would have done to later weeks is not followed, so weeks do not add up.",
    "A recommendation keeps the rules and looks weeks ahead; the announced jackpot need not: less money in a week may be a rule's price.",
    "Earned is sales less lower prizes, marketing and what the jackpot costs on average for the tickets sold: whether it fell is luck.",
)
"""What holds for all figures."""


class Hindsight(BaseModel):
    """One country's past weeks decided again; money in millions of its currency a week."""

    model_config = ConfigDict(frozen=True)

    currency: str
    weeks: int = Field(description="compared")
    left_out: dict[str, int] = Field(
        description="weeks by reason: special_draw, data_fault, no_recommendation, week_missing"
    )
    announced_breaks: dict[str, int] = Field(description="weeks whose announced jackpot breaks a rule, by rule")
    model: Comparison = Field(description="all weeks compared")
    near: Comparison = Field(description="those whose recommended jackpot lies within 10 % of the announced one")
    doubly_robust: DoublyRobust
    limits: tuple[str, ...] = LIMITS


def hindsight(config: CountryConfig, sales_frame: pd.DataFrame, weeks: int = 104) -> tuple[pd.DataFrame, Hindsight]:
    """The last `weeks` with sales decided again, each from the weeks before it, and what can be said of them.

    `sales_frame` as for `weekly.recommend`. The frame has one row a week: week_start, decision (compared, or why it is left out),
    announced_jackpot, recommended_jackpot; expected_at_announced, expected_at_recommended (net revenue by the model) and
    model_difference, the second less the first; earned [all millions]; density (of the announced log jackpot); announced_breaks (the week's
    rules that the announced jackpot breaks, by the model); near (NA where left out).
    Special draws are left out: their jackpots follow other rules. Raises BadInput.
    """
    source = sales_frame.attrs.get("source", "sales")
    past = sales.history(sales.weekly_sales(sales_frame, config, source=source)).reset_index(drop=True)
    known_before = (~past["set_aside"].astype(bool)).cumsum().shift(1, fill_value=0)
    asked = past.index[known_before >= FEWEST_BEFORE][-weeks:]
    found = [_again(config, sales_frame, past.iloc[: number + 1]) for number in asked]
    table = pd.DataFrame([row for row, _ in found], columns=["week_start", "decision", "announced_jackpot", *FIGURES])
    table["model_difference"] = table["expected_at_recommended"] - table["expected_at_announced"]
    use = (table["decision"] == "compared").to_numpy()
    table["near"] = pd.Series(near(table)).where(pd.Series(use)).astype("boolean")
    compared = table[use].reset_index(drop=True)
    differences = np.array([away for _, away in found if away is not None]).reshape(-1, CURVES).T
    return table, Hindsight(
        currency=config.currency,
        weeks=len(compared),
        left_out=_counts(table.loc[~use, "decision"]),
        announced_breaks=_counts(compared["announced_breaks"].astype("string").str.split().explode().dropna()),
        model=compare(compared, differences, np.ones(len(compared), dtype=bool)),
        near=compare(compared, differences, compared["near"].to_numpy(bool)),
        doubly_robust=doubly_robust(compared),
    )


def decide_again(config: CountryConfig, sales_frame: pd.DataFrame, week: pd.Series) -> Advice:
    """The recommendation for the past week `week`, a row of the tidy frame, as it would have been made on its eve.

    What its row says of draws, special draw, price and marketing is known ahead; its jackpot, sales and prizes are emptied, and the weeks
    after it taken away. Weeks planned behind it cost what it costs. Raises as `weekly.advise` does.
    """
    own = sales_frame[sales_frame["country"].astype("string").str.strip() == config.country_name]
    days = pd.to_datetime(own["week_start"], errors="coerce")
    monday = pd.Timestamp(week["week_start"])
    eve = own[days <= monday].copy()
    told_after = {column.name for column in sales.SALES_COLUMNS} - set(KNOWN_AHEAD)
    emptied = [column for column in eve.columns if column in told_after]
    eve[emptied] = eve[emptied].mask(days[days <= monday] == monday)
    eve.attrs = sales_frame.attrs
    priced = config.model_copy(update={"ticket_price": float(week["ticket_price"])})
    return weekly.advise(priced, eve, monday.date())


def _again(
    config: CountryConfig, sales_frame: pd.DataFrame, until: pd.DataFrame
) -> tuple[dict[str, object], np.ndarray | None]:
    """The last week of `until`: its row, and its difference under each possible curve [CURVES]; None where it is left out."""
    week = until.iloc[-1]
    row: dict[str, object] = {"week_start": week["week_start"], "announced_jackpot": float(week["jackpot_announced"])}
    reason = "special_draw" if week["special_draw"] == 1 else "data_fault" if week["set_aside"] else ""
    if reason:
        return row | {"decision": reason}, None
    try:
        advice = decide_again(config, sales_frame, week)
    except sales.SalesLate:
        return row | {"decision": "week_missing"}, None
    except NoRecommendation:
        return row | {"decision": "no_recommendation"}, None
    row |= {"decision": "compared", "recommended_jackpot": advice.jackpot}
    row |= {"density": density(until.iloc[:-1], float(np.log(week["jackpot_announced"])))}
    row |= {"announced_breaks": " ".join(_broken(advice.case, float(week["jackpot_announced"])))}
    money, away = _beside(config, advice, week)
    return row | money, away


def _beside(config: CountryConfig, advice: Advice, week: pd.Series) -> tuple[dict[str, object], np.ndarray]:
    """Net revenue [millions] at the recommended and the announced jackpot, as the model expects it and as the tickets sold made it."""
    case, announced = advice.case, float(week["jackpot_announced"])
    pair = np.array(sorted((advice.jackpot, announced)))
    order = [0, 1] if advice.jackpot <= announced else [1, 0]
    expected = jackpot.money(config, week, pair, case.model.tickets(pair, case.table).draws).net_revenue[order]
    unknown = _doubts(config.country_name, len(case.model.coefficients) + 1)
    possible = jackpot.money(config, week, pair, case.model.possible_tickets(pair, case.table, unknown)).net_revenue
    sold = np.array([[float(week["tickets_sold"])]])
    earned = jackpot.money(config, week, np.array([announced]), sold).net_revenue[0]
    money: dict[str, object] = {
        "expected_at_recommended": float(expected[0]),
        "expected_at_announced": float(expected[1]),
        "earned": float(earned),
    }
    return money, possible[:, order] @ [1.0, -1.0]


def _broken(case: weekly.Case, announced: float) -> list[str]:
    """Rules of the week that the announced jackpot breaks; that it need not be a step of the grid is forgiven."""
    tickets = case.model.tickets(np.array([announced]), case.table)
    rules = lines(jackpot.problem(case.config, case.weekly, [tickets]))
    return [name for name, line in rules.items() if not line.holds[0]]


def _counts(values: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in values.value_counts().items() if value}


def _doubts(country: str, coefficients: int) -> np.ndarray:
    """Standard normal [CURVES, coefficients], the same for every week of a country: what is not known of its curve does not average out."""
    half = np.random.default_rng(zlib.crc32(country.encode())).standard_normal((CURVES // 2, coefficients))
    return np.concatenate([half, -half])
