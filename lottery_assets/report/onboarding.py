"""What `lottery onboard` says: the file, its open questions, what the rows cannot support yet, and what came of the first run."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from rich.console import Group, RenderableType
from rich.text import Text

from lottery_assets.complaints import Caution
from lottery_assets.demand import Scores
from lottery_assets.onboarding import Question
from lottery_assets.report.backtests import backtest_table
from lottery_assets.report.outcomes import Outcome, table


class Onboarded(BaseModel):
    """How far a country has come. `outcome` is there once no question is open."""

    model_config = ConfigDict(frozen=True)

    country: str
    file: Path
    written: bool
    """By this call."""
    questions: tuple[Question, ...] = ()
    limits: tuple[Caution, ...] = ()
    outcome: Outcome | None = None
    backtest: Scores | None = None

    def document(self) -> dict[str, object]:
        """`lottery onboard --json`."""
        answer = (
            self.outcome.as_row() if self.outcome else {"status": "questions", "reason": None, "recommendation": None}
        )
        own = self.model_dump(mode="json", exclude={"outcome"})
        return {
            "country": self.country,
            "status": answer["status"],
            **own,
            "reason": answer["reason"],
            "recommendation": answer["recommendation"],
        }


def onboarded(its: Onboarded) -> Group:
    """For the terminal."""
    said = f"{its.file} is written" if its.written else f"{its.file} was there and is left as it is"
    return Group(Text(said, style="bold"), *_questions(its), *_answer(its), *_limits(its.limits))


def _questions(its: Onboarded) -> list[RenderableType]:
    if not its.questions:
        return []
    found: list[RenderableType] = [
        Text(f"Open questions, {len(its.questions)}: write the answers into the file, then run the same command again")
    ]
    for question in its.questions:
        found.append(Text.assemble("  ", (question.key, "bold"), f": {question.meaning}"))
        found.append(Text(f"    typical: {question.typical}"))
        if question.suggested:
            found.append(Text(f"    from the rows: {question.suggested}"))
    return found


def _answer(its: Onboarded) -> list[RenderableType]:
    if its.outcome is None:
        return []
    found: list[RenderableType] = (
        [table([its.outcome])] if its.outcome.recommendation else [Text(its.outcome.reason or "")]
    )
    return [*found, *([backtest_table({its.country: its.backtest})] if its.backtest else [])]


def _limits(found: Sequence[Caution]) -> list[RenderableType]:
    if not found:
        return []
    return [Text("What these rows cannot support yet:"), *(Text(f"  {its.code}: {its.message}") for its in found)]
