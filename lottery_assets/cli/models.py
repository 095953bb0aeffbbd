"""`models`: the versions of each country's model, and what people decide about the champion."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text
from typer.core import TyperGroup

from lottery_assets.cli import options
from lottery_assets.cli.options import answer, app, aside, print_json
from lottery_assets.cli.past import model_home_of
from lottery_assets.complaints import BadInput

if TYPE_CHECKING:
    from lottery_assets.audit.models import ModelCard, ModelHome, Stage


class _ListFirst(TyperGroup):
    """Without `promote` or `rollback` the versions are listed: `lottery models brazil`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = args[0] if args else ""
        return super().parse_args(ctx, args if named in self.commands or named == "--help" else ["list", *args])


models = typer.Typer(
    help="The versions of each country's model: list them, promote one, or go back to the champion before.",
    cls=_ListFirst,
)
app.add_typer(models, name="models")
Country = Annotated[str, typer.Argument(metavar="COUNTRY")]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="why; it is kept")]
By = Annotated[str, typer.Option(metavar="NAME", help="who decides; it is kept")]


@models.command("list")
def listing(
    countries: options.CountryNames = None,
    artifacts: options.Artifacts = options.ARTIFACTS,
    as_json: options.Json = False,
) -> None:
    """Versions with their stage, training window and metrics, the newest first. The command by default."""
    from lottery_assets.audit.models import stages
    from lottery_assets.report.model_versions import decision_told, failures, versions_table

    with _complaining():
        home = model_home_of(artifacts)
        found = {country: stages(home, country) for country in countries or home.countries()}
        unknown = [country for country, versions in found.items() if not versions]
        if unknown:
            raise BadInput.of(
                f"{', '.join(unknown)}: no model was kept in {artifacts} yet; `lottery recommend` keeps one"
            )
        if as_json:
            print_json({country: _document(home, country, versions) for country, versions in found.items()})
            return
        for country, versions in found.items():
            answer.print(versions_table(country, versions))
            for line in [*failures(versions), *map(decision_told, home.decisions(country))]:
                answer.print(Text(line))
        if not found:
            aside.print(Text(f"no model was kept in {artifacts} yet"))


@models.command()
def promote(
    country: Country,
    version: Annotated[
        str, typer.Argument(metavar="VERSION", help="its first characters, as `lottery models` has them")
    ],
    reason: Reason,
    by: By,
    artifacts: options.Artifacts = options.ARTIFACTS,
) -> None:
    """Make a version champion, whatever the gates said. It holds until the fit of a later week passes the gates against it."""
    from lottery_assets.audit.models import promote as promoted
    from lottery_assets.report.model_versions import decision_told

    with _complaining():
        answer.print(
            Text(
                decision_told(
                    promoted(model_home_of(artifacts), country, version, _told(reason), _told(by), datetime.now(UTC))
                )
            )
        )


@models.command()
def rollback(country: Country, reason: Reason, by: By, artifacts: options.Artifacts = options.ARTIFACTS) -> None:
    """Go back to the champion before. The one that is taken back becomes champion again by hand only."""
    from lottery_assets.audit.models import rollback as rolled_back
    from lottery_assets.report.model_versions import decision_told

    with _complaining():
        answer.print(
            Text(
                decision_told(
                    rolled_back(model_home_of(artifacts), country, _told(reason), _told(by), datetime.now(UTC))
                )
            )
        )


@contextmanager
def _complaining() -> Iterator[None]:
    """What cannot be done is said on standard error, with exit code 2."""
    try:
        yield
    except BadInput as fault:
        aside.print(Text(str(fault)))
        raise typer.Exit(2) from None


def _told(text: str) -> str:
    """Raises BadInput for an empty one: a decision without a reason or a name is none."""
    if not text.strip():
        raise BadInput.of("--reason and --by are not empty: the decision is kept with them")
    return text.strip()


def _document(home: "ModelHome", country: str, versions: Sequence[tuple["ModelCard", "Stage"]]) -> dict[str, Any]:
    return {
        "champion": next((card.version.version for card, stage in versions if stage == "champion"), None),
        "versions": [
            {
                "version": card.version.version,
                "stage": stage,
                "trained_from": f"{card.trained_from}",
                "trained_until": f"{card.version.trained_until}",
                **card.model_dump(mode="json", exclude={"version", "trained_from", "forecasts", "ageing"}),
            }
            for card, stage in versions
        ],
        "decisions": [decision.model_dump(mode="json") for decision in home.decisions(country)],
    }
