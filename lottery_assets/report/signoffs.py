"""Decisions of people, told."""

from rich.console import Group
from rich.text import Text

from lottery_assets.jackpot.recommendation import Rule
from lottery_assets.signoff import Kept, SignOff


def decision_told(kept: Kept) -> Group:
    """One decision: what is announced, which rules it breaks, what it costs or earns, and where it is recorded."""
    its = kept.sign_off
    said = f"{its.country}, week of {its.week_start}: {its.currency} {its.jackpot:,.10g} million, {its.decision} by {its.by}"
    lines = [Text(said, style="bold")]
    if its.decision == "overridden":
        low, high = its.difference_80
        lines.append(
            Text(
                f"recommended were {its.recommended_jackpot:,.10g}; this earns {its.expected_difference:+,.3g} million beside that in "
                f"expectation (80 %: {low:+,.3g} to {high:+,.3g})"
            )
        )
        lines += [Text(_broken(rule), style="red") for rule in its.rules if not rule.holds]
        if not its.broken:
            lines.append(Text("every rule holds"))
    return Group(*lines, Text(str(kept.path)))


def standing_decision(its: SignOff) -> str:
    """In a line."""
    if its.decision == "approved":
        return f"approved by {its.by}"
    despite = f", despite {', '.join(its.broken)}" if its.broken else ""
    return f"{its.currency} {its.jackpot:,.10g} million instead, by {its.by}{despite}: {its.reason}"


def _broken(rule: Rule) -> str:
    return f"despite {rule.rule}: {rule.value:.6g} against a limit of {rule.limit:.6g} {rule.unit}"
