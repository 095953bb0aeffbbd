"""The proposed `configs/<country>.yaml`: what the rows say as values with their reason, what they do not as questions.

A question is a commented line that ends in `?`; as long as one is open the country has no configuration that anything accepts.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.country import CountryConfig
from lottery_assets.country.files import contents
from lottery_assets.country.yaml_mapping import UnreadableError, mapping
from lottery_assets.onboarding.evidence import Evidence
from lottery_assets.onboarding.questions import ALTERNATIVES, Question, questions

WORDS = ("currency", "timezone", "holidays", "game")
"""Answers that are text whatever they look like."""
_COMMENTED = re.compile(r"#+\s*(\w+)\s*:\s*([^\s#].*?)\s*(?:#.*)?")


@dataclass(frozen=True)
class Proposal:
    """The file's text, and what it asks of people."""

    text: str
    questions: tuple[Question, ...]


def proposal(its: Evidence, answers: Mapping[str, str]) -> Proposal:
    """`answers`: key -> value as it is written in YAML. Raises BadInput where one of them cannot be."""
    asked = questions(its)
    known = {"ticket_price": f"{its.price:.10g}"} if its.price is not None else {}
    values = known | {key: _scalar(value) if key in WORDS else value for key, value in answers.items()}
    text = _text(its, asked, values)
    try:
        settings, problems = mapping(text)
    except UnreadableError as fault:
        given = ", ".join(f"{key} {value!r}" for key, value in answers.items())
        raise BadInput.of(
            f"{its.country}: {given}: an answer is no YAML value ({fault})", country=its.country
        ) from None
    refuse_faults(settings, [message for _, message in problems])
    return Proposal(text, tuple(question for question in asked if _open(question, settings)))


def refuse_faults(settings: Mapping[str, object], problems: Sequence[str] = ()) -> None:
    """Raises BadInput with every fault of the values given; keys that are still missing are none."""
    found = list(problems)
    try:
        CountryConfig.model_validate(settings)
    except ValidationError as error:
        given = {str(line["loc"][0]) if line["loc"] else "": line for line in error.errors()}
        found += [line["msg"] for key, line in given.items() if key in settings]
    if found:
        country = str(settings.get("country_name"))
        raise BadInput(Complaint(country=country, message=f"{country}: {message}") for message in found)


def unanswered(path: Path, asked: Sequence[Question]) -> tuple[Question, ...]:
    """Questions that a file leaves open. Raises BadInput where it is no mapping, or where an answer was left in a comment."""
    settings, _ = contents(path)
    found = tuple(question for question in asked if _open(question, settings))
    keys = {question.key for question in found}
    lines = enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1)
    commented = [(number, match) for number, line in lines if (match := _COMMENTED.fullmatch(line.strip()))]
    left = [(number, match[1], match[2]) for number, match in commented if match[1] in keys and match[2] != "?"]
    if left:
        raise BadInput(
            Complaint(
                file=str(path),
                country=path.stem,
                row=number,
                key=key,
                message=f"{path}: line {number} answers {key} and is a comment still; write `{key}: {value}` without the # before it",
            )
            for number, key, value in left
        )
    return found


def write(path: Path, text: str) -> None:
    """A new file. Raises FileExistsError rather than write over one, and BadInput where none can be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        if path.is_file():
            raise
        raise BadInput.of(
            f"{path.parent}: {path.name[:40]} cannot be written there ({error.strerror}); name another folder with --configs",
            file=str(path),
        ) from None


def _open(question: Question, settings: Mapping[str, object]) -> bool:
    return question.key not in settings and ALTERNATIVES.get(question.key) not in settings


def _text(its: Evidence, asked: Sequence[Question], values: Mapping[str, str]) -> str:
    past, (low, high), (rise, fall) = its.past, its.range, its.moves
    weeks = (
        f"{len(past)} weeks of sales, {past['week_start'].iloc[0]:%Y-%m-%d} to {past['week_start'].iloc[-1]:%Y-%m-%d}"
    )
    by_key = {question.key: question for question in asked}

    def said(key: str, default: str = "", reason: str = "") -> list[str]:
        """A value with its reason; a question; or nothing known of an optional key, shown by an example."""
        if key in values:
            return [f"{key}: {values[key]}" + (f"  # {reason}" if reason else "")]
        if key in by_key:
            its = by_key[key]
            return (
                [f"# {its.meaning}", f"# typical: {its.typical}"]
                + ([f"# from the rows: {its.suggested}"] if its.suggested else [])
                + [f"# {key}: ?"]
            )
        return [f"# {key}: {default}  # optional: {CountryConfig.meaning(key)}"]

    price = [] if its.price is None else said("ticket_price", reason=f"since {its.price_since:%Y-%m-%d}")
    blocks = [
        [
            f"# {its.country}: proposed from {weeks}. Look at every value.",
            "# Lines that end in `?` are questions: write the value, and take the # before the key away.",
            f"country_name: {_scalar(its.country)}",
            *said("game", CountryConfig.example("game")),
            *said("timezone", CountryConfig.example("timezone")),
            *said("holidays", CountryConfig.example("holidays")),
        ],
        said("currency"),
        price or said("ticket_price"),
        said("prob_single_ticket_win"),
        said("secondary_prize_payout_percentage"),
        [*said("min_payout_ratio_12m"), *said("max_payout_ratio_12m", CountryConfig.example("max_payout_ratio_12m"))],
        [
            f"# Announced in the last {len(its.recent)} weeks, without special draws.",
            f"min_jackpot: {low:.10g}",
            f"max_jackpot: {high:.10g}",
            f"announcement_step: {its.step:.10g}",
            f"# In one week it rose by up to {rise:.10g} million and, but after a win, {_fell(fall)}. Only if a rule says so:",
            *said("max_step_up", f"{rise:.10g}"),
            *said("max_step_down" if fall else "no_fall_unless_won", f"{fall:.10g}" if fall else "true"),
        ],
        [*said("available_cash"), *said("available_cash_secret_name", _scalar(f"lottery/{its.country}/cash"))]
        if "available_cash" not in values
        else said("available_cash"),
        said("safety_buffer"),
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _scalar(text: str) -> str:
    """Text as YAML has it: in quotes where the plain word would be read as something else."""
    try:
        plain = mapping(f"a: {text}")[0] == {"a": text}
    except UnreadableError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)


def _fell(fall: float) -> str:
    return f"fell by up to {fall:.10g} million" if fall else "never fell"
