"""What is said: an alert, the same for every home. Ten seconds to read: what is wrong, where, and what to do."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

Severity = Literal["info", "warning", "error", "critical"]
Kind = Literal[
    "new_recommendation",
    "changed_recommendation",
    "no_recommendation",
    "bad_input",
    "check_failed",
    "run_failed",
    "run_killed",
    "overdue",
    "demand_break",
    "challenger_refused",
    "rule_approaching",
]

SEVERITY: dict[Kind, Severity] = {
    "new_recommendation": "info",
    "changed_recommendation": "warning",
    "no_recommendation": "critical",
    "bad_input": "error",
    "check_failed": "error",
    "run_failed": "error",
    "run_killed": "error",
    "overdue": "critical",
    "demand_break": "warning",
    "challenger_refused": "warning",
    "rule_approaching": "warning",
}

LONGEST_NAME, LONGEST_LINE = 80, 500
"""Characters; with every one of them escaped, a line still fits into one block of Slack (3,000)."""


def shortened(text: str, most: int) -> str:
    """One line of at most so many characters; what no screen shows, such as a turn of the reading direction, is left out."""
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return line if len(line) <= most else line[: most - 1] + "…"


Name = Annotated[str, AfterValidator(lambda text: shortened(text, LONGEST_NAME))]
Line = Annotated[str, AfterValidator(lambda text: shortened(text, LONGEST_LINE))]


class Alert(BaseModel):
    """One message. `key` is the same whenever the same thing is told: it is told once; `akin`: keys it may have been told under."""

    model_config = ConfigDict(frozen=True)

    kind: Kind
    key: str
    akin: tuple[str, ...] = ()
    country: Name
    week: str | None
    """Its Monday; None where what happened belongs to no week, or to none that is known."""
    what: Line
    do: Line
    link: str

    @property
    def severity(self) -> Severity:
        """How much of a hurry there is."""
        return SEVERITY[self.kind]

    @property
    def title(self) -> str:
        """Severity, country, week, kind."""
        week = f", week of {self.week}" if self.week else ""
        return f"{self.severity.upper()} {self.country}{week}: {self.kind.replace('_', ' ')}"

    @property
    def text(self) -> str:
        """The message where there is no mark-up."""
        return f"{self.title}\nWhat: {self.what}\nDo:   {self.do}\nSee:  {self.link}"
