"""`verify-artifacts`: whether the records are still what was published."""

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
        said = "there is nothing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error})"
        aside.print(Text(f"{artifacts}: {said}; name the folder or s3:// URL of the artifacts with --artifacts"))
        raise typer.Exit(2) from None
    if as_json:
        findings = [finding.model_dump() for finding in found.findings]
        print_json({"artifacts": artifacts, "records": found.records, "findings": findings})
    else:
        for finding in found.findings:
            answer.print(Text(finding.kind.replace("_", " "), style="red"), end=" ")
            answer.print(Text(finding.message), soft_wrap=True)
        answer.print(f"{found.records} records read, {len(found.findings) or 'nothing'} to report", highlight=False)
    raise typer.Exit(3 if found.findings else 0)
