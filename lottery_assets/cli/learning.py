"""`validate`, `forecast` and `priors`: what goes in, and what is learnt from it."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table
from rich.text import Text

from lottery_assets import sales
from lottery_assets.cli import options
from lottery_assets.cli.inputs import Inputs
from lottery_assets.cli.options import answer, app, aside, print_json

PRIORS = Path(__file__).parents[1] / "demand" / "priors.json"


@app.command()
def validate(
    countries: options.CountryNames = None,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    as_json: options.Json = False,
) -> None:
    """Read the configurations and the sales, and say everything that is wrong at once."""
    inputs = Inputs(configs, data, countries)
    inputs.check_treasury()
    inputs.check_version()
    for country, config in list(inputs.configs.items()):
        with inputs.complaining(country):
            inputs.complaints += sales.findings(sales.weekly_sales(inputs.raw(), config, source=data), source=data)
    if as_json:
        print_json([complaint.model_dump() for complaint in inputs.complaints])
    else:
        for complaint in inputs.complaints:
            answer.print(Text(complaint.severity, style="red" if complaint.severity == "error" else "yellow"), end=" ")
            answer.print(Text(complaint.message))
        answer.print(f"{len(inputs.configs)} of {len(inputs.names)} countries can be served")
    raise typer.Exit(inputs.exit_code())


@app.command()
def forecast(
    jackpots: Annotated[str, typer.Option(metavar="A,B,C", help="jackpots to ask for, in millions")],
    countries: options.CountryNames = None,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    week: options.Week = None,
    as_json: options.Json = False,
) -> None:
    """The demand curve: tickets expected at each jackpot, with 80 and 95 % bands."""
    from lottery_assets.weekly import forecast as curve

    asked = _numbers(jackpots)
    inputs = Inputs(configs, data, countries)
    curves = {}
    for country, config in list(inputs.configs.items()):
        with inputs.complaining(country):
            curves[country] = curve(config, inputs.raw(), asked, week.date() if week else None)
    inputs.tell()
    for country, rows in curves.items():
        for caution in rows.attrs["warnings"]:
            aside.print(Text(f"{country}: {caution.message}"))
    if as_json:
        print_json({country: rows.to_dict("records") for country, rows in curves.items()})
    else:
        for country, rows in curves.items():
            answer.print(_curve_table(country, rows))
    raise typer.Exit(inputs.exit_code())


@app.command()
def priors(
    out: Annotated[Path, typer.Option(metavar="FILE.json", help="where the document is written")] = PRIORS,
    countries: options.CountryNames = None,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
) -> None:
    """Renew what countries teach each other: each one's coefficients, learnt without the others."""
    from lottery_assets import demand

    inputs = Inputs(configs, data, countries)
    estimates = {}
    for country, config in list(inputs.configs.items()):
        with inputs.complaining(country):
            table = demand.features(sales.weekly_sales(inputs.raw(), config, source=data), config)
            model = demand.fit(table, demand.Recipe(estimates={}))
            estimates[country] = [(term.name, term.mean, term.sd) for term in model.coefficients]
    inputs.tell()
    if estimates:
        out.write_text(demand.priors_document(estimates), encoding="utf-8")
        aside.print(Text(f"{out}: {len(estimates)} countries"))
    raise typer.Exit(inputs.exit_code())


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r}: write millions separated by commas, such as 10,20,35.5") from None


def _curve_table(country: str, rows: pd.DataFrame) -> Table:
    grid = Table(
        "jackpot [millions]", "tickets expected", "80 % band", "95 % band", title=country, title_justify="left"
    )
    for row in rows.itertuples():
        grid.add_row(
            f"{row.jackpot:,.10g}",
            f"{row.mean:,.0f}",
            f"{row.lower_80:,.0f} to {row.upper_80:,.0f}",
            f"{row.lower_95:,.0f} to {row.upper_95:,.0f}",
        )
    return grid
