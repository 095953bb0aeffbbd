"""`verify-artifacts` and `replay`: whether records are still what was published, and whether a week would be decided the same again.

Exit codes of both: 0 everything is as it was; 2 usage, or there is nothing to hold it against; 3 something is not as it was.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from lottery_assets.cli import options
from lottery_assets.cli.options import answer, app, aside, print_json


@app.command("verify-artifacts")
def verify_artifacts(
    countries: options.CountryNames = None,
    artifacts: options.Artifacts = options.ARTIFACTS,
    as_json: options.Json = False,
) -> None:
    """Hold every record against its digests: what was changed, is missing, half written or unexpected."""
    from lottery_assets.audit import verify

    try:
        found = verify(artifacts, countries or ())
    except OSError as error:
        said = (
            f"{error}: no record is there"
            if isinstance(error, FileNotFoundError)
            else f"{artifacts}: cannot be read ({error})"
        )
        remedy = "name the folder or s3:// URL of the artifacts with --artifacts, and a country as its folder is named"
        aside.print(Text(f"{said}; {remedy}"))
        raise typer.Exit(2) from None
    if as_json:
        findings = [finding.model_dump() for finding in found.findings]
        print_json({"artifacts": artifacts, "records": found.records, "findings": findings})
    else:
        for finding in found.findings:
            answer.print(Text(finding.kind.replace("_", " "), style="red"), end=" ")
            answer.print(Text(finding.message), soft_wrap=True)
        read = f"{found.records} record{'' if found.records == 1 else 's'} read"
        answer.print(f"{read}, {len(found.findings) or 'nothing'} to report", highlight=False)
    raise typer.Exit(3 if found.findings else 0)


@app.command()
def replay(
    country: Annotated[str, typer.Argument(metavar="COUNTRY")],
    week: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="WEEK", help="its Monday, as 2026-08-24")],
    revision: Annotated[str | None, typer.Option(metavar="rN", help="r1 is the first; default: the latest")] = None,
    at_commit: Annotated[
        bool, typer.Option("--at-commit", help="with the code and packages of then, in a temporary worktree")
    ] = False,
    anyway: Annotated[
        bool,
        typer.Option(
            "--anyway", help="take today's where something of then is gone or different, and say what that changes"
        ),
    ] = False,
    configs: options.Configs = options.CONFIGS,
    data: options.Data = options.DATA,
    artifacts: options.Artifacts = options.ARTIFACTS,
    as_json: options.Json = False,
) -> None:
    """Decide a past week again from its recorded inputs, and compare byte for byte. Publishes nothing."""
    from lottery_assets.audit.replay import Places, Refused, past_record
    from lottery_assets.audit.replay import replay as decide_again
    from lottery_assets.report.replays import replay_document, replay_lines
    from lottery_assets.settings import CHECKOUT, Settings

    settings = Settings.from_environment()
    places = Places(
        artifacts=artifacts,
        configs=configs,
        data=data,
        dvc_remote=settings.dvc_remote,
        checkout=CHECKOUT,
        lock_file=Path(settings.lock_file),
        models=settings.models or f"{artifacts.rstrip('/')}/models",
        git_commit=settings.git_commit,
        judged_apart=settings.model_registry != "folder",
    )
    try:
        past = past_record(artifacts, country, week.date().isoformat(), _number(revision))
        with aside.status(f"{country}: deciding the week of {week.date()} again"):
            found = decide_again(past, places, at_commit=at_commit, anyway=anyway)
    except Refused as refused:
        aside.print(Text(str(refused)), soft_wrap=True)
        if as_json:
            print_json(
                {"country": country, "week_start": week.date().isoformat(), "status": "refused", "reason": str(refused)}
            )
        raise typer.Exit(2) from None
    if as_json:
        print_json(replay_document(past, found))
    else:
        for line in replay_lines(past, found):
            answer.print(line)
    raise typer.Exit(0 if found.same else 3)


def _number(revision: str | None) -> int | None:
    if revision is None:
        return None
    digits = revision.removeprefix("r")
    if not digits.isdecimal() or int(digits) < 1:
        raise typer.BadParameter(f"{revision!r}: write r1 for the first, r2 for the second", param_hint="--revision")
    return int(digits)
