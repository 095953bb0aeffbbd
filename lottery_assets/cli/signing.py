"""`decide` and `decisions`: what people did with recommendations, and what came of it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from lottery_assets.cli import options
from lottery_assets.cli.answers import overview
from lottery_assets.cli.options import answer, app, aside, print_json
from lottery_assets.cli.past import Past, judged, judged_alone
from lottery_assets.complaints import BadInput

if TYPE_CHECKING:
    from lottery_assets.signoff import Kept


@app.command()
def decide(
    country: Annotated[str, typer.Argument(metavar="COUNTRY")],
    week: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="the Monday that was recommended for")
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="who decides")],
    approve: Annotated[bool, typer.Option("--approve", help="the recommended jackpot is announced")] = False,
    jackpot: Annotated[float | None, typer.Option(metavar="X", help="another one is, in millions")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="why; needed with --jackpot")] = None,
    despite_rules: Annotated[
        bool, typer.Option("--despite-rules", help="announce it although it breaks the rules that are named")
    ] = False,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    as_json: options.Json = False,
) -> None:
    """Record beside a recommendation who approved it, or which other jackpot is announced, why, and which rules that keeps.

    Where nothing could be recommended, what is announced all the same is recorded with --jackpot and --despite-rules.
    Nothing is ever written over: a second decision is a second record, and the last one stands. Exit: 0 recorded; 2 usage, or bad input;
    3 the jackpot breaks rules and nothing is recorded.
    """
    from lottery_assets.report.signoffs import decision_told
    from lottery_assets.signoff import Broken

    _require(approve, jackpot, reason, by)
    try:
        kept = _decided(country, week.date(), jackpot, reason, by.strip(), despite_rules, configs, data, artifacts)
    except BadInput as fault:
        _refuse(country, "bad_input", str(fault), as_json)
        raise typer.Exit(2) from None
    except Broken as fault:
        _refuse(country, "breaks_rules", str(fault), as_json)
        raise typer.Exit(3) from None
    overview([], configs, data, artifacts)
    if as_json:
        print_json({"status": "recorded", **kept.sign_off.model_dump(mode="json"), "file": str(kept.path)})
    else:
        answer.print(decision_told(kept))


def _decided(
    country: str,
    week: date,
    jackpot: float | None,
    reason: str | None,
    by: str,
    despite_rules: bool,
    configs: Path,
    data: str,
    artifacts: str,
) -> "Kept":
    """Raises BadInput, or Broken where the jackpot needs `despite_rules`."""
    from lottery_assets.signoff import NothingRecommended, Recorded

    try:
        recorded = Recorded(artifacts, country, week.isoformat())
    except NothingRecommended:
        if jackpot is None or reason is None:
            raise
        unadvised, alone, judged_from = judged_alone(country, week, jackpot, configs, data, artifacts)
        return unadvised.announce(artifacts, alone, judged_from, by, reason.strip(), datetime.now(UTC), despite_rules)
    if jackpot is None or reason is None:
        return recorded.approve(by, reason, datetime.now(UTC))
    its = judged(recorded, jackpot, configs, data, artifacts)
    return recorded.override(its, by, reason.strip(), datetime.now(UTC), despite_rules)


@app.command()
def decisions(
    countries: options.CountryNames = None,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    as_json: options.Json = False,
) -> None:
    """Every week with a recommendation or a decision: who decided what, what was announced, what happened, and what a deviation cost or earned."""
    from lottery_assets.audit.store import countries as recorded
    from lottery_assets.report.signoffs import decisions_table
    from lottery_assets.signoff import countries_apart

    names = list(countries or sorted({*recorded(artifacts), *countries_apart(artifacts)}))
    found, faulty = [], set()
    with aside.status("looking back"):
        past = Past(configs, data, artifacts)
        for country in names:
            try:
                weeks = past.of(country)
                found += weeks
                faulty |= set() if weeks else {country}
            except BadInput as fault:
                past.complaints.append(str(fault))
                faulty.add(country)
    for complaint in dict.fromkeys(past.complaints):
        aside.print(Text(complaint))
    if as_json:
        print_json([its.model_dump(mode="json") for its in found])
    elif found:
        answer.print(decisions_table(found))
    raise typer.Exit(0 if not faulty else 3 if found else 2)


def _refuse(country: str, status: str, reason: str, as_json: bool) -> None:
    aside.print(Text(reason))
    if as_json:
        print_json({"status": status, "country": country, "reason": reason})


def _require(approve: bool, jackpot: float | None, reason: str | None, by: str) -> None:
    """Raises typer.BadParameter."""
    if approve == (jackpot is not None):
        raise typer.BadParameter("one of the two, --approve or --jackpot X", param_hint="--approve --jackpot")
    if jackpot is not None and not (reason or "").strip():
        raise typer.BadParameter("another jackpot than the recommended one needs a reason", param_hint="--reason")
    if jackpot is not None and not 0 < jackpot < float("inf"):
        raise typer.BadParameter(f"{jackpot} is no jackpot; write millions", param_hint="--jackpot")
    if not by.strip():
        raise typer.BadParameter("a decision has a name", param_hint="--by")
