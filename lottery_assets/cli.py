"""`lottery`: the command line, thin over the same assets.

Standard output holds the answer, as a table or, with `--json`, as one JSON document; progress and complaints go to standard
error. Exit: 0 all good; 1 a bug; 2 usage, or bad input that leaves no country with an answer; 3 some countries have their
answer and some have none, or none has one because no jackpot is feasible.
"""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from upath import UPath

from lottery_assets import sales
from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.country import CountryConfig, country_files, load_country, load_treasury, treasury_of
from lottery_assets.sales import RawSales, read_sales

if TYPE_CHECKING:
    from lottery_assets.demand import Recipe, Scores
    from lottery_assets.report.outcomes import Outcome
    from lottery_assets.simulation.hindsight import Hindsight

app = typer.Typer(
    help="Which jackpot to announce next week, country by country.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
answer = Console()
aside = Console(stderr=True)

CountryNames = Annotated[list[str] | None, typer.Argument(metavar="[COUNTRY ...]", help="default: every country")]
Configs = Annotated[Path, typer.Option(help="folder of <country>.yaml files")]
Data = Annotated[str, typer.Option(help="the sales file: a path or an s3:// URL")]
Artifacts = Annotated[str, typer.Option(help="where results are written: a folder or an s3:// URL")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")]
Week = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="a Monday; default: the week after the last sales"),
]

BAND_COLUMNS = ["lower_80", "upper_80", "lower_95", "upper_95"]
DECISION_COLUMNS = [
    *("decision", "recommended_jackpot", "announced_jackpot", "model_difference", "near", "announced_breaks"),
    *("expected_at_recommended", "expected_at_announced", "earned"),
]
PRIORS = Path(__file__).parent / "demand" / "priors.json"
CONFIGS, DATA, ARTIFACTS = Path("configs"), "data/lottery_sales.csv.gz", "artifacts"


@app.command()
def recommend(
    countries: CountryNames = None,
    configs: Configs = CONFIGS,
    data: Data = DATA,
    artifacts: Artifacts = ARTIFACTS,
    week: Week = None,
    as_json: Json = False,
) -> None:
    """Recommend the jackpot of the coming week, and publish it with its reasons and provenance."""
    from lottery_assets.report.outcomes import exit_code, table

    with _answering() as outcomes:
        outcomes += _outcomes(countries, configs, data, artifacts, week.date() if week else None)
    if as_json:
        _print_json([outcome.as_row() for outcome in outcomes])
    elif outcomes:
        answer.print(table(outcomes))
    for outcome in outcomes:
        if outcome.reason:
            aside.print(Text(f"{outcome.country}: {outcome.status.replace('_', ' ')}", style="bold red"))
            aside.print(Text(outcome.reason))
    raise typer.Exit(exit_code([outcome.status for outcome in outcomes]))


@app.command()
def explain(
    countries: CountryNames = None,
    configs: Configs = CONFIGS,
    data: Data = DATA,
    artifacts: Artifacts = ARTIFACTS,
    week: Week = None,
    as_json: Json = False,
) -> None:
    """Why this jackpot: rules and their prices, the next best, the plan, and what would change the answer. Publishes nothing."""
    from lottery_assets.report.explanations import explanation
    from lottery_assets.report.outcomes import exit_code

    with TemporaryDirectory() as nowhere, _answering() as outcomes:
        outcomes += _outcomes(countries, configs, data, nowhere, week.date() if week else None, kept=False)
    if as_json:
        _print_json([outcome.as_row() for outcome in outcomes])
    for outcome in () if as_json else outcomes:
        answer.print(explanation(outcome))
    raise typer.Exit(exit_code([outcome.status for outcome in outcomes]))


@app.command()
def validate(
    countries: CountryNames = None,
    configs: Configs = CONFIGS,
    data: Data = DATA,
    artifacts: Artifacts = ARTIFACTS,
    as_json: Json = False,
) -> None:
    """Read the configurations and the sales, and say everything that is wrong at once."""
    inputs = _Inputs(configs, data, countries)
    inputs.check_treasury()
    for country, config in list(inputs.configs.items()):
        with inputs.complaining(country):
            inputs.complaints += sales.findings(sales.weekly_sales(inputs.raw(), config, source=data), source=data)
    if as_json:
        _print_json([complaint.model_dump() for complaint in inputs.complaints])
    else:
        for complaint in inputs.complaints:
            answer.print(Text(complaint.severity, style="red" if complaint.severity == "error" else "yellow"), end=" ")
            answer.print(Text(complaint.message))
        answer.print(f"{len(inputs.configs)} of {len(inputs.names)} countries can be served")
    raise typer.Exit(inputs.exit_code())


@app.command()
def forecast(
    jackpots: Annotated[str, typer.Option(metavar="A,B,C", help="jackpots to ask for, in millions")],
    countries: CountryNames = None,
    configs: Configs = CONFIGS,
    data: Data = DATA,
    artifacts: Artifacts = ARTIFACTS,
    week: Week = None,
    as_json: Json = False,
) -> None:
    """The demand curve: tickets expected at each jackpot, with 80 and 95 % bands."""
    from lottery_assets.weekly import forecast as curve

    asked = _numbers(jackpots)
    inputs = _Inputs(configs, data, countries)
    curves = {}
    for country, config in list(inputs.configs.items()):
        with inputs.complaining(country):
            curves[country] = curve(config, inputs.raw(), asked, week.date() if week else None)
    inputs.tell()
    for country, rows in curves.items():
        for caution in rows.attrs["warnings"]:
            aside.print(Text(f"{country}: {caution.message}"))
    if as_json:
        _print_json({country: rows.to_dict("records") for country, rows in curves.items()})
    else:
        for country, rows in curves.items():
            answer.print(_curve_table(country, rows))
    raise typer.Exit(inputs.exit_code())


@app.command()
def backtest(
    countries: CountryNames = None,
    configs: Configs = CONFIGS,
    data: Data = DATA,
    artifacts: Artifacts = ARTIFACTS,
    weeks: Annotated[int, typer.Option(min=1, help="the last so many weeks of each country")] = 104,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="every forecast, one row a country and week")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="PART", help="a part of the model to switch off, to see what it is worth"),
    ] = None,
    decisions: Annotated[
        bool,
        typer.Option("--decisions", help="also decide each of the weeks again, beside the jackpot that was announced"),
    ] = False,
    as_json: Json = False,
) -> None:
    """How well past weeks would have been forecast, each from earlier weeks only, beside what the model has to beat."""
    from lottery_assets.demand import Recipe
    from lottery_assets.orchestration.cash import with_cash
    from lottery_assets.report.backtests import backtest_table
    from lottery_assets.report.decisions import decisions_table

    if decisions and without:
        raise typer.BadParameter("recommendations are made by the whole model", param_hint="--decisions --without")
    try:
        recipe = Recipe(frozenset(without or ()))
    except ValueError as fault:
        raise typer.BadParameter(str(fault), param_hint="--without") from None
    inputs = _Inputs(configs, data, countries)
    tested, scored, judged = {}, {}, {}
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, max(len(inputs.configs), 1))) as pool:
        started, again = {}, {}
        for country, config in list(inputs.configs.items()):
            with inputs.complaining(country):
                known_cash = with_cash(config) if decisions else config
                started[country] = pool.submit(_timed_backtest, config, inputs.raw(), weeks, recipe)
                if decisions:
                    again[country] = pool.submit(_hindsight, known_cash, inputs.raw(), weeks)
        for country, future in started.items():
            with inputs.complaining(country):
                forecasts, scores = future.result()
                if decisions:
                    beside, judged[country] = again[country].result()
                    forecasts = forecasts.merge(beside, on="week_start", how="left")
                tested[country], scored[country] = forecasts, scores
    inputs.tell()
    if out is not None and tested:
        rows = pd.concat([frame.assign(country=country) for country, frame in tested.items()])
        columns = ["country", "week_start", "tickets_sold", "mean", *BAND_COLUMNS]
        rows[columns + (DECISION_COLUMNS if decisions else [])].to_csv(out, index=False)
    if as_json:
        documents = {country: score.model_dump() for country, score in scored.items()}
        for country, its in judged.items():
            documents[country]["decisions"] = its.model_dump()
        _print_json(documents)
    elif scored:
        answer.print(backtest_table(scored))
        if judged:
            answer.print(decisions_table(judged))
    raise typer.Exit(inputs.exit_code())


@app.command()
def simulate(
    countries: CountryNames = None,
    world: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME or FILE.py:FUNCTION", help="a family, a country, or your own; default: the families"
        ),
    ] = None,
    policy: Annotated[list[str] | None, typer.Option(metavar="NAME", help="who announces; default: all")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="games of each policy in each world")] = 3,
    weeks: Annotated[int, typer.Option(min=1, max=208, help="length of a game")] = 104,
    first_seed: Annotated[int, typer.Option(min=0, help="of the first game")] = 0,
    configs: Configs = CONFIGS,
    data: Data = DATA,
    artifacts: Artifacts = ARTIFACTS,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="the same with charts and explanations, to open or print")
    ] = None,
    as_json: Json = False,
) -> None:
    """Play policies in worlds whose demand is known, and say what each earned. Interrupted, it goes on where it stopped."""
    from lottery_assets.report.playing import play_watched
    from lottery_assets.report.scorecard_page import scorecard_page
    from lottery_assets.report.scorecards import scorecard_table
    from lottery_assets.simulation import games
    from lottery_assets.simulation.families import FAMILIES
    from lottery_assets.simulation.policies import ORACLE, POLICIES
    from lottery_assets.simulation.scorecard import scorecard

    worlds = [*(world or ()), *(countries or ())] or list(FAMILIES)
    inputs = _Inputs(configs, data, [name for name in worlds if name not in FAMILIES and ".py" not in name])
    tasks = games.tournament(worlds, policy or [*POLICIES, ORACLE], seeds, weeks, first_seed)
    try:
        sources = games.Sources({country: (config, inputs.raw()) for country, config in inputs.configs.items()})
        kept = UPath(artifacts) / "simulations"
        played = play_watched(tasks, sources, kept, os.cpu_count() or 1, time.perf_counter, aside)
    except BadInput as fault:
        inputs.complaints += fault.complaints
        inputs.tell()
        raise typer.Exit(2) from None
    found = scorecard(played)
    if page:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(scorecard_page(played), encoding="utf-8")
        aside.print(Text(str(page)))
    if as_json:
        _print_json({name: {who: score.model_dump() for who, score in row.items()} for name, row in found.items()})
    else:
        answer.print(scorecard_table(found))


@app.command()
def priors(
    out: Annotated[Path, typer.Option(metavar="FILE.json", help="where the document is written")] = PRIORS,
    countries: CountryNames = None,
    configs: Configs = CONFIGS,
    data: Data = DATA,
) -> None:
    """Renew what countries teach each other: each one's coefficients, learnt without the others."""
    from lottery_assets import demand

    inputs = _Inputs(configs, data, countries)
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


def _timed_backtest(
    config: CountryConfig, frame: pd.DataFrame, weeks: int, recipe: "Recipe"
) -> "tuple[pd.DataFrame, Scores]":
    """One country, in a process of its own."""
    from lottery_assets.weekly import backtest

    start = time.perf_counter()
    tested, scores = backtest(config, frame, weeks, recipe)
    return tested, scores.model_copy(update={"seconds": round(time.perf_counter() - start, 3)})


def _hindsight(config: CountryConfig, frame: pd.DataFrame, weeks: int) -> "tuple[pd.DataFrame, Hindsight]":
    """One country's past weeks decided again, in a process of its own; the columns of the forecasts' file, and what they say."""
    from lottery_assets.simulation.hindsight import hindsight

    table, found = hindsight(config, frame, weeks)
    return table[["week_start", *DECISION_COLUMNS]], found


class _Inputs:
    """Configurations and sales of the countries asked for; who complains is left out, and the others go on."""

    def __init__(self, configs: Path, data: str, countries: list[str] | None) -> None:
        self.data, self.folder = data, configs
        self.names: list[str] = list(countries or [])
        self.configs: dict[str, CountryConfig] = {}
        self.complaints: list[Complaint] = []
        try:
            files = country_files(configs)
        except BadInput as fault:
            self.complaints += fault.complaints
            return
        self.names = self.names or sorted(files)
        for country in self.names:
            with self.complaining(country):
                self.configs[country] = load_country(known(country, files))

    @cached_property
    def _read(self) -> RawSales | BadInput:
        try:
            return read_sales(self.data)
        except BadInput as fault:
            return fault

    def raw(self) -> pd.DataFrame:
        """The sales as text. Raises BadInput, the same for every country that asks."""
        read = self._read
        if isinstance(read, BadInput):
            raise read
        self.complaints += [complaint for complaint in read.complaints if complaint not in self.complaints]
        return read.frame

    @contextmanager
    def complaining(self, country: str) -> Iterator[None]:
        """Notes what is wrong with a country and drops it."""
        try:
            yield
        except BadInput as fault:
            self.configs.pop(country, None)
            self.complaints += [c for c in fault.complaints if c not in self.complaints]

    def check_treasury(self) -> None:
        """Notes what is wrong with the treasury's file and drops the countries that it stops."""
        try:
            load_treasury(self.folder)
        except BadInput as fault:
            self.complaints += fault.complaints
        for country in list(self.configs):
            with self.complaining(country):
                treasury_of(self.folder, country)

    def tell(self) -> None:
        """Says the complaints on standard error."""
        for complaint in self.complaints:
            aside.print(Text(complaint.message))

    def exit_code(self) -> int:
        """0 all can be served, 3 some, 2 none."""
        return 2 if not self.configs else 0 if len(self.configs) == len(self.names) else 3


@contextmanager
def _answering() -> "Iterator[list[Outcome]]":
    """Outcomes to be filled; without any configuration they stay empty, and that is said."""
    try:
        yield []
    except BadInput as fault:
        aside.print(Text(str(fault)))


def _outcomes(
    countries: list[str] | None, configs: Path, data: str, artifacts: str, week: date | None, kept: bool = True
) -> "Iterator[Outcome]":
    """`kept`: runs are recorded in this installation's Dagster instance, if it has one."""
    import dagster as dg

    from lottery_assets.definitions import build_definitions
    from lottery_assets.orchestration.runs import run_country, run_treasury
    from lottery_assets.report.outcomes import Outcome
    from lottery_assets.settings import Settings

    settings = Settings.from_environment().model_copy(
        update={"configs": str(configs), "data": data, "artifacts": artifacts}
    )
    files = country_files(configs)
    defs = build_definitions(settings)
    with (
        dg.DagsterInstance.get() if kept and settings.dagster_home else dg.DagsterInstance.ephemeral() as instance,
        aside.status("starting") as status,
    ):
        asked = countries or sorted(files)
        pool = _sharing(configs, asked)
        own = {}
        for country in dict.fromkeys([*asked, *pool]):
            status.update(f"{country}: reading, learning, deciding")
            try:
                known(country, files)
            except BadInput as fault:
                own[country] = Outcome(country=country, status="bad_input", reason=str(fault))
                continue
            own[country] = run_country(defs, instance, country, week)
        if pool:
            status.update("treasury: deciding together")
            own |= run_treasury(defs, instance, {country: own[country] for country in pool}, week)
        for country in asked:
            yield own[country]


def _sharing(configs: Path, asked: list[str]) -> tuple[str, ...]:
    """All countries of the treasury, if one that is asked for shares it; a faulty file is told by the countries it stops."""
    try:
        treasury = load_treasury(configs)
    except BadInput:
        return ()
    if treasury is None or not set(asked) & set(treasury.countries):
        return ()
    others = [country for country in treasury.countries if country not in asked]
    if others:
        aside.print(Text(f"the treasury is decided over all its countries: {', '.join(others)} ran as well"))
    return treasury.countries


def known(country: str, files: dict[str, Path]) -> Path:
    """The country's file. Raises BadInput that lists the countries there are."""
    if country not in files:
        raise BadInput.of(
            f"{country}: there is no such country; there are {', '.join(sorted(files)) or 'none'}", country=country
        )
    return files[country]


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
            f"{row.jackpot:,.6g}",
            f"{row.mean:,.0f}",
            f"{row.lower_80:,.0f} to {row.upper_80:,.0f}",
            f"{row.lower_95:,.0f} to {row.upper_95:,.0f}",
        )
    return grid


def _print_json(document: Any) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))


def main() -> None:
    """Entry point of `lottery`."""
    app()
