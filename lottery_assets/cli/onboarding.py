"""`onboard`: from the rows of a new country to its first recommendation."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.text import Text

from lottery_assets import onboarding
from lottery_assets.cli import options
from lottery_assets.cli.answers import decided, settings_of
from lottery_assets.cli.options import answer, app, aside, print_json
from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig, load_country
from lottery_assets.demand import Scores
from lottery_assets.report.onboarding import Onboarded, onboarded
from lottery_assets.sales import read_sales


@app.command()
def onboard(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="as the column `country` of the rows has it")],
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 code, such as EUR")] = None,
    price: Annotated[str | None, typer.Option(help="of one ticket, where no row tells it")] = None,
    odds: Annotated[str | None, typer.Option(metavar="1/N", help="chance that one ticket wins the jackpot")] = None,
    secondary: Annotated[str | None, typer.Option(help="lower prizes as a fraction of sales")] = None,
    floor: Annotated[str | None, typer.Option(help="least prizes / sales over 52 weeks")] = None,
    ceiling: Annotated[str | None, typer.Option(help="most prizes / sales over 52 weeks")] = None,
    cash: Annotated[str | None, typer.Option(help="the treasury's cash, millions")] = None,
    buffer: Annotated[str | None, typer.Option(help="cash that must remain when the jackpot falls, millions")] = None,
    timezone: Annotated[str | None, typer.Option(help="IANA zone of the weekly schedule")] = None,
    holidays: Annotated[str | None, typer.Option(help="ISO 3166 code of the public holidays")] = None,
    game: Annotated[str | None, typer.Option(help="a label for people")] = None,
    as_json: options.Json = False,
) -> None:
    """Propose a new country's configuration from its rows; once its questions are answered: first recommendation and back-test.

    Never writes over a file: called again, it goes on from the answers in it. Exit: 0 the file was written, or there is a
    recommendation; 2 bad input, or questions are open still; 3 no jackpot is feasible.
    """
    given = {
        "currency": currency,
        "ticket_price": price,
        "prob_single_ticket_win": odds,
        "secondary_prize_payout_percentage": secondary,
        "min_payout_ratio_12m": floor,
        "max_payout_ratio_12m": ceiling,
        "available_cash": cash,
        "safety_buffer": buffer,
        "timezone": timezone,
        "holidays": holidays,
        "game": game,
    }
    answers = {key: value for key, value in given.items() if value is not None}
    try:
        its = _onboarded(country, configs, data, artifacts, answers)
    except BadInput as fault:
        aside.print(Text(str(fault)))
        if as_json:
            print_json({"country": country, "status": "bad_input", "reason": str(fault)})
        raise typer.Exit(2) from None
    print_json(its.document()) if as_json else answer.print(onboarded(its))
    raise typer.Exit(_exit_code(its))


def _onboarded(country: str, configs: Path, data: str, artifacts: str, answers: Mapping[str, str]) -> Onboarded:
    file = configs / f"{country}.yaml"
    onboarding.refuse_faults({"country_name": country})
    raw = read_sales(data)
    seen = onboarding.evidence(country, raw.frame, raw.source)
    written = not file.exists()
    if written:
        proposed = onboarding.proposal(seen, answers)
        onboarding.write(file, proposed.text)
        asked = proposed.questions
    else:
        _refuse_answers(file, answers)
        asked = onboarding.unanswered(file, onboarding.questions(seen))
    its = Onboarded(country=country, file=file, written=written, questions=asked, limits=tuple(onboarding.limits(seen)))
    if asked:
        return its
    config = load_country(file)
    [outcome] = decided([country], configs, settings_of(configs, data, artifacts))
    return its.model_copy(update={"outcome": outcome, "backtest": _backtest(config, raw.frame)})


def _refuse_answers(file: Path, answers: Mapping[str, str]) -> None:
    if answers:
        lines = ", ".join(f"`{key}: {value}`" for key, value in answers.items())
        raise BadInput.of(
            f"{file}: is there already and is never written over; write {lines} into it by hand", file=str(file)
        )


def _backtest(config: CountryConfig, frame: pd.DataFrame) -> Scores | None:
    """None where the rows are too few for one."""
    from lottery_assets.weekly import backtest

    try:
        return backtest(config, frame)[1]
    except BadInput as fault:
        aside.print(Text(str(fault)))
        return None


def _exit_code(its: Onboarded) -> int:
    if its.outcome is None:
        return 0 if its.written else 2
    return {"recommended": 0, "no_recommendation": 3, "bad_input": 2}[its.outcome.status]
