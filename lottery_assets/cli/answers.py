"""`recommend` and `explain`: the week's answer, by the same assets as in Dagster."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer
from rich.text import Text
from upath import UPath

from lottery_assets.cli import options
from lottery_assets.cli.inputs import known
from lottery_assets.cli.options import answer, app, aside, print_json
from lottery_assets.complaints import BadInput
from lottery_assets.country import country_files, load_treasury

if TYPE_CHECKING:
    from lottery_assets.report.outcomes import Outcome
    from lottery_assets.settings import Settings


@app.command()
def recommend(
    countries: options.CountryNames = None,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    week: options.Week = None,
    as_json: options.Json = False,
) -> None:
    """Recommend the jackpot of the coming week, and publish it with its reasons and provenance."""
    from lottery_assets.report.outcomes import exit_code, table

    with _answering() as outcomes:
        outcomes += decided(countries, configs, settings_of(configs, data, artifacts), week.date() if week else None)
    if as_json:
        print_json([outcome.as_row() for outcome in outcomes])
    elif outcomes:
        answer.print(table(outcomes))
    for outcome in outcomes:
        if outcome.reason:
            aside.print(Text(f"{outcome.country}: {outcome.status.replace('_', ' ')}", style="bold red"))
            aside.print(Text(outcome.reason))
    page = overview(outcomes, configs, data, artifacts) if outcomes else None
    if page and not as_json:
        answer.print(Text(page), soft_wrap=True)
    raise typer.Exit(exit_code([outcome.status for outcome in outcomes]))


@app.command()
def explain(
    countries: options.CountryNames = None,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    week: options.Week = None,
    as_json: options.Json = False,
) -> None:
    """Why this jackpot: rules and their prices, the next best, the plan, and what would change the answer. Publishes nothing."""
    from lottery_assets.report.explanations import explanation
    from lottery_assets.report.outcomes import exit_code

    with TemporaryDirectory() as nowhere, _answering() as outcomes:
        settings = _explaining(settings_of(configs, data, artifacts), nowhere)
        outcomes += decided(countries, configs, settings, week.date() if week else None, kept=False)
    if as_json:
        print_json([outcome.as_row() for outcome in outcomes])
    for outcome in () if as_json else outcomes:
        answer.print(explanation(outcome))
    raise typer.Exit(exit_code([outcome.status for outcome in outcomes]))


@contextmanager
def _answering() -> "Iterator[list[Outcome]]":
    """Outcomes to be filled; without any configuration they stay empty, and that is said."""
    try:
        yield []
    except BadInput as fault:
        aside.print(Text(str(fault)))


def decided(
    countries: list[str] | None, configs: Path, settings: "Settings", week: date | None = None, kept: bool = True
) -> "Iterator[Outcome]":
    """What comes of each country asked for (None: all), one run of the graph each. Raises BadInput where none is configured.

    `kept`: runs are recorded in this installation's Dagster instance, if it has one.
    """
    import dagster as dg

    from lottery_assets.definitions import build_definitions
    from lottery_assets.orchestration.runs import run_country, run_treasury
    from lottery_assets.report.outcomes import Outcome

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


def overview(outcomes: "list[Outcome]", configs: Path, data: str, artifacts: str) -> str | None:
    """Path of the page over all countries, written with what this run says of each; None where it could not be written."""
    from lottery_assets.orchestration.index import renewed
    from lottery_assets.orchestration.resources import Installation

    installation = Installation.of(settings_of(configs, data, artifacts))
    page = renewed(installation, lambda said: aside.print(Text(said)), outcomes)
    return str(page) if page else None


def settings_of(configs: Path, data: str, artifacts: str) -> "Settings":
    """Those of the environment, with what the command line says."""
    from lottery_assets.settings import Settings

    return Settings.from_environment().model_copy(
        update={"configs": str(configs), "data": data, "artifacts": artifacts}
    )


def _explaining(settings: "Settings", nowhere: str) -> "Settings":
    """The same models as `recommend` has, none of them kept, and nothing published where anybody looks."""
    models = settings.models or str(UPath(settings.artifacts) / "models")
    return settings.model_copy(update={"artifacts": nowhere, "models": models, "models_read_only": True})


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
