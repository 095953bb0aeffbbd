"""What a materialisation shows in the Dagster UI: counts, columns with units, tables, pictures, numbers that draw trends."""

import base64
from collections.abc import Mapping
from typing import Any

import dagster as dg
import numpy as np
import pandas as pd
from upath import UPath

from lottery_assets import jackpot, sales
from lottery_assets.audit.models import RecommendingModel, model_provenance
from lottery_assets.demand import (
    NaturalExperiments,
    SalesModel,
    announced_otherwise,
    fitted,
    meanings,
    natural_experiments,
)
from lottery_assets.jackpot import Recommendation
from lottery_assets.orchestration.alerts.facts import ANNOUNCED, BREAKS, REFUSED, Announced, Refused, noticed
from lottery_assets.orchestration.failures import as_list
from lottery_assets.report import figures, in_words
from lottery_assets.report.choices import Choices
from lottery_assets.weekly import Together

Metadata = Mapping[str, Any]


def weekly_frame(frame: pd.DataFrame) -> Metadata:
    """The tidy weekly frame."""
    sold = sales.history(frame)
    return {
        **_columns(frame, sales.meanings()),
        "weeks_with_sales": len(sold),
        "last_week_with_sales": f"{sold['week_start'].iloc[-1]:%Y-%m-%d}",
        "coming_week": f"{sales.coming_week(frame):%Y-%m-%d}",
        "data_version": frame.attrs["data_version"],
        "warnings": dg.MetadataValue.md(as_list("\n".join(c.message for c in sales.cautions(frame))) or "none"),
    }


def features(table: pd.DataFrame) -> Metadata:
    """The model's inputs, and the weeks in which people announced another jackpot than the recommended one."""
    otherwise = table.loc[announced_otherwise(table), "week_start"]
    return {**_columns(table, meanings()), "announced_otherwise": [f"{week:%Y-%m-%d}" for week in otherwise]}


def model_card(model: RecommendingModel, table: pd.DataFrame) -> Metadata:
    """What was learnt, how well it did, and how it fits the last two years."""
    terms = "\n".join(
        f"| {term.name} | {term.mean:.3f} | {term.sd:.3f} | {term.prior_mean:g} +- {term.prior_sd:g} |"
        for term in model.coefficients
    )
    usual = np.exp(model.usual_log_jackpot)
    forecasts = fitted(table)
    numbers = {
        "elasticity": model.elasticity.mean,
        "elasticity_sd": model.elasticity.sd,
        "elasticity_borrowed": model.elasticity.borrowed,
        "noise_sd": model.noise_sd,
        "wape": model.calibration.wape,
        "wape_without_specials": model.calibration.wape_without_specials,
        "crps": model.calibration.crps,
        "first_stage_f": model.endogeneity and model.endogeneity.first_stage_f,
    }
    return {
        "week_start": f"{sales.coming_week(table):%Y-%m-%d}",
        "trained": f"{model.trained_from} to {model.trained_until}",
        "weeks": model.weeks,
        "weeks_left_out": len(model.left_out),
        **_version(model),
        BREAKS: [found.model_dump(mode="json") for found in noticed(model)],
        "breaks": ", ".join(str(found.begun) for found in model.breaks) or "none",
        **{name: float(f"{number:.4g}") for name, number in numbers.items() if number is not None},
        "announced_otherwise": _natural_experiments(natural_experiments(table, forecasts)),
        "coefficients": dg.MetadataValue.md(f"| term of log tickets | now | +- | prior |\n|-|-|-|-|\n{terms}"),
        "fit": picture(figures.sales_forecast(forecasts, "One week ahead, last two years"), "fit"),
        "curve": picture(_demand_curve(model, table), "tickets by jackpot"),
        "warnings": dg.MetadataValue.md(as_list("\n".join(c.message for c in model.cautions(usual))) or "none"),
    }


def _natural_experiments(found: NaturalExperiments | None) -> str:
    if found is None:
        return "in no week forecast"
    return (
        f"in {found.weeks} of the weeks forecast; sales answered {found.slope_error:+.2f} +- {found.sd:.2f} "
        "% more to 1 % more jackpot than was forecast"
    )


def _version(model: RecommendingModel) -> Metadata:
    named = model_provenance(model)
    refused = [found.model_dump(mode="json") for found in Refused.of(model)]
    return {"model_version": named["model_version"], "challenger": named["challenger"] or "none", REFUSED: refused}


def _demand_curve(model: SalesModel, table: pd.DataFrame) -> bytes:
    """Over the jackpots learnt from."""
    sold = table[table["tickets_sold"].notna() & ~table["set_aside"]]
    jackpots = np.geomspace(model.lowest_jackpot * 0.999, model.highest_jackpot * 1.001, 80)
    tickets = model.tickets(jackpots, table)
    return figures.demand_curve(
        jackpots, tickets.mean, tickets.band(0.80), sold.assign(jackpot=np.exp(sold["log_jackpot"]))
    )


def recommendation(
    recommended: Recommendation, folder: UPath, of: Choices, seconds: float, page: dg.MetadataValue
) -> Metadata:
    """The answer as a table and a picture; the record lies in `folder`, `page` leads to what people read, `seconds` it took to decide."""
    curve = figures.net_revenue_curve(
        of.jackpots,
        of.net,
        (of.net_80[0], of.net_80[1]),
        of.keeps_every_rule,
        recommended.jackpot,
        recommended.currency,
    )
    slacks = {f"slack_{rule.rule}": rule.slack for rule in recommended.rules}
    final = not any(warning.code == jackpot.PENDING for warning in recommended.warnings)
    announced = Announced.of(recommended, folder, of.problem.last_jackpot).model_dump(mode="json")
    return {
        "page": page,
        "folder": dg.MetadataValue.path(str(folder)),
        "week_start": str(recommended.week_start),
        "why": recommended.reasons.sentence,
        "recommendation": dg.MetadataValue.md(_table(recommended)),
        "net_revenue": picture(curve, "expected net revenue by jackpot"),
        "jackpot": recommended.jackpot,
        "expected_net_revenue": recommended.expected_net_revenue,
        "chance_jackpot_falls": recommended.chance_jackpot_falls,
        "payout_ratio_12m": recommended.payout_ratio_12m,
        "gap": recommended.solver.gap,
        "solve_seconds": round(seconds, 2),
        **slacks,
        **({ANNOUNCED: announced} if final else {}),
        "warnings": dg.MetadataValue.md(as_list("\n".join(w.message for w in recommended.warnings)) or "none"),
    }


def treasury(
    together: Together, folder: UPath, folders: Mapping[str, UPath], frames: Mapping[str, pd.DataFrame]
) -> Metadata:
    """The pool as a table: what each country would announce by itself, and what it does; the records lie in the folders.

    `frames`: the tidy weekly frame of each.
    """
    record = together.record
    rows = "\n".join(
        f"| {m.country} | {m.currency} {m.own_jackpot:,.10g} | **{m.jackpot:,.10g}** | {m.gave_up:,.4g} | {m.chance_jackpot_falls:.1%} |"
        for m in record.countries
    )
    rows += "".join(
        f"\n| {r.country} | no recommendation | {r.currency} {r.jackpot:,.10g} reserved | | |" for r in record.reserved
    )
    return {
        "folder": dg.MetadataValue.path(str(folder)),
        "folders": {country: str(its) for country, its in folders.items()},
        ANNOUNCED: [
            Announced.of(
                r, folders[country], float(sales.history(frames[country])["jackpot_announced"].iloc[-1])
            ).model_dump(mode="json")
            for country, r in together.recommendations.items()
        ],
        "week_start": str(record.week_start),
        "jackpots": dg.MetadataValue.md(f"| country | by itself | together | gave up | falls |\n|-|-|-|-|-|\n{rows}"),
        "cash_of_the_worst": record.rule.value,
        "slack_treasury_cover": record.rule.slack,
        "gave_up": sum(m.gave_up * m.exchange_rate for m in record.countries),
        "warnings": dg.MetadataValue.md(as_list("\n".join(w.message for w in record.warnings)) or "none"),
    }


def _table(r: Recommendation) -> str:
    low, high = r.net_revenue_80
    binding = ", ".join(rule.rule for rule in r.rules if rule.binding) or "none"
    rows = [
        ("jackpot to announce", f"**{r.currency} {r.jackpot:,.10g} million**"),
        ("week", r.week_start),
        ("expected net revenue", f"{r.expected_net_revenue:,.2f} million (80 %: {low:,.2f} to {high:,.2f})"),
        ("expected sales", f"{r.expected_sales:,.2f} million"),
        ("expected tickets", f"{r.expected_tickets:,.0f} (80 %: {r.tickets_80[0]:,.0f} to {r.tickets_80[1]:,.0f})"),
        ("chance that the jackpot falls", f"{r.chance_jackpot_falls:.1%}"),
        ("payout ratio over 52 weeks", f"{r.payout_ratio_12m:.2%}"),
        ("binding rules", binding),
        *(
            (f"alternative: {other.jackpot:,.10g} million", beside)
            for other, beside in zip(r.alternatives, in_words.over_the_plan(r), strict=True)
        ),
    ]
    return "| | |\n|-|-|\n" + "\n".join(f"| {name} | {value} |" for name, value in rows)


def _columns(table: pd.DataFrame, meaning: Mapping[str, str]) -> Metadata:
    columns = [
        dg.TableColumn(name=str(name), type=str(kind), description=meaning.get(str(name)))
        for name, kind in table.dtypes.items()
    ]
    return {"dagster/row_count": len(table), "dagster/column_schema": dg.TableSchema(columns=columns)}


def picture(png: bytes, alt: str) -> dg.MarkdownMetadataValue:
    """A PNG inside the event log: below 60 kB, since the log is a database."""
    return dg.MetadataValue.md(f"![{alt}](data:image/png;base64,{base64.b64encode(png).decode()})")
