"""`backtest` and `simulate`: how good forecasts and decisions are, on past weeks and in worlds whose demand is known."""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer
from rich.text import Text
from upath import UPath

from lottery_assets.cli import options
from lottery_assets.cli.inputs import Inputs
from lottery_assets.cli.options import answer, app, aside, print_json
from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig

if TYPE_CHECKING:
    from lottery_assets.demand import Recipe, Scores
    from lottery_assets.simulation.hindsight import Hindsight

BAND_COLUMNS = ["lower_80", "upper_80", "lower_95", "upper_95"]
DECISION_COLUMNS = [
    *("decision", "recommended_jackpot", "announced_jackpot", "model_difference", "near", "announced_breaks"),
    *("expected_at_recommended", "expected_at_announced", "earned"),
]


@app.command()
def backtest(
    countries: options.CountryNames = None,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
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
    as_json: options.Json = False,
) -> None:
    """How well past weeks would have been forecast, each from earlier weeks only, beside what the model has to beat."""
    from lottery_assets.report.backtests import backtest_table
    from lottery_assets.report.decisions import decisions_table

    inputs = Inputs(configs, data, countries)
    found = _past_weeks(inputs, weeks, _recipe(without, decisions), decisions)
    inputs.tell()
    if out is not None and found:
        _write(found, out, decisions)
    if as_json:
        print_json({country: past.document() for country, past in found.items()})
    elif found:
        answer.print(backtest_table({country: past.scores for country, past in found.items()}))
        if decisions:
            answer.print(
                decisions_table({country: past.decisions for country, past in found.items() if past.decisions})
            )
    raise typer.Exit(inputs.exit_code())


@app.command()
def simulate(
    countries: options.CountryNames = None,
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
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="the same with charts and explanations, to open or print")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Play policies in worlds whose demand is known, and say what each earned. Interrupted, it goes on where it stopped."""
    from lottery_assets.orchestration.cash import with_cash
    from lottery_assets.report.playing import play_watched
    from lottery_assets.report.scorecard_page import scorecard_page
    from lottery_assets.report.scorecards import scorecard_table
    from lottery_assets.simulation import games
    from lottery_assets.simulation.families import FAMILIES
    from lottery_assets.simulation.policies import ORACLE, POLICIES
    from lottery_assets.simulation.scorecard import scorecard

    worlds = [*(world or ()), *(countries or ())] or list(FAMILIES)
    asked = [name for name in worlds if name not in FAMILIES and ".py" not in name]
    inputs = Inputs(configs, data, asked) if asked else None
    tasks = games.tournament(worlds, policy or [*POLICIES, ORACLE], seeds, weeks, first_seed)
    try:
        sources = games.Sources(
            {country: (with_cash(config), inputs.raw()) for country, config in inputs.configs.items()} if inputs else {}
        )
        kept = UPath(artifacts) / "simulations"
        played = play_watched(tasks, sources, kept, os.cpu_count() or 1, time.perf_counter, aside)
    except BadInput as fault:
        for complaint in [*(inputs.complaints if inputs else ()), *fault.complaints]:
            aside.print(Text(complaint.message))
        raise typer.Exit(2) from None
    found = scorecard(played)
    if page:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(scorecard_page(played), encoding="utf-8")
        aside.print(Text(str(page)))
    if as_json:
        print_json({name: {who: score.model_dump() for who, score in row.items()} for name, row in found.items()})
    else:
        answer.print(scorecard_table(found))


@dataclass(frozen=True, eq=False)
class _Past:
    """One country's past weeks: the rows of the forecasts' file, their scores, and what deciding again says."""

    forecasts: pd.DataFrame
    scores: "Scores"
    decisions: "Hindsight | None" = None

    def document(self) -> dict[str, Any]:
        scores = self.scores.model_dump()
        return scores | {"decisions": self.decisions.model_dump()} if self.decisions else scores


def _recipe(without: list[str] | None, decisions: bool) -> "Recipe":
    """The model with parts switched off. Raises typer.BadParameter."""
    from lottery_assets.demand import Recipe

    if decisions and without:
        raise typer.BadParameter("recommendations are made by the whole model", param_hint="--decisions --without")
    try:
        return Recipe(frozenset(without or ()))
    except ValueError as fault:
        raise typer.BadParameter(str(fault), param_hint="--without") from None


def _past_weeks(inputs: Inputs, weeks: int, recipe: "Recipe", decisions: bool) -> dict[str, _Past]:
    """Of each country that does not complain; forecasts and decisions each in a process of their own."""
    from lottery_assets.orchestration.cash import with_cash

    found, started = {}, {}
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, max(len(inputs.configs), 1))) as pool:
        for country, config in list(inputs.configs.items()):
            with inputs.complaining(country):
                decided = with_cash(config) if decisions else None
                forecasts = pool.submit(_timed_backtest, config, inputs.raw(), weeks, recipe)
                started[country] = forecasts, decided and pool.submit(_hindsight, decided, inputs.raw(), weeks)
        for country, (forecasts, again) in started.items():
            with inputs.complaining(country):
                rows, scores = forecasts.result()
                beside, judged = again.result() if again else (None, None)
                rows = rows if beside is None else rows.merge(beside, on="week_start", how="left")
                found[country] = _Past(rows, scores, judged)
    return found


def _write(found: dict[str, _Past], out: Path, decisions: bool) -> None:
    rows = pd.concat([past.forecasts.assign(country=country) for country, past in found.items()])
    columns = ["country", "week_start", "tickets_sold", "mean", *BAND_COLUMNS]
    rows[columns + (DECISION_COLUMNS if decisions else [])].to_csv(out, index=False)


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
