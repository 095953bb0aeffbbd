"""Which version is the champion: by the gates, by training end, and by what people decided.

Of the versions that passed the gates, the one trained longest is the champion. What people decide holds until the fit of a later week
passes the gates against it. A version that was rolled back comes back by hand only. All is asked as of a training end, so that a week
of the past is decided with the models of its time.
"""

from datetime import date, datetime
from itertools import groupby

from lottery_assets.audit.models.card import Decision, ModelCard, Stage, Version
from lottery_assets.audit.models.home import ModelHome
from lottery_assets.complaints import BadInput

SHORTEST = 7
"""Characters of a version that people may write for it."""


def champion(home: ModelHome, country: str, before: date = date.max) -> Version | None:
    """For a fit trained until `before`: of the versions trained less long; None where there is none."""
    decisions = [its for its in home.decisions(country) if its.since < before]
    decided = decisions[-1] if decisions else None
    returned = rolled_back(decisions)
    for trained_until, versions in groupby(home.versions(country), lambda version: version.trained_until):
        if trained_until >= before:
            continue
        if decided and trained_until <= decided.since:
            break
        cards = [home.card(version) for version in versions if version.version not in returned]
        approved = [card for card in cards if card and home.approved(card)]
        if approved:  # more than one where the sales of a week were delivered again
            return max(approved, key=lambda card: card.registered_at).version
    return decided.champion if decided else None


def decided(home: ModelHome, country: str, trained_until: date) -> Decision | None:
    """What people decided when fits until `trained_until` were the newest: it holds for such a fit too, whatever the gates say."""
    found = [its for its in home.decisions(country) if its.since == trained_until]
    return found[-1] if found else None


def stages(home: ModelHome, country: str) -> list[tuple[ModelCard, Stage]]:
    """Every version with its card and how it stands now, the newest first."""
    reigning = champion(home, country)
    returned = rolled_back(home.decisions(country))

    def stage(card: ModelCard) -> Stage:
        if card.version == reigning:
            return "champion"
        if card.version.version in returned:
            return "rolled back"
        return "retired" if home.approved(card) else "refused"

    cards = [home.card(version) for version in home.versions(country)]
    return [(card, stage(card)) for card in cards if card]


def promote(home: ModelHome, country: str, version: str, reason: str, by: str, at: datetime) -> Decision:
    """Makes a version champion whatever the gates said; `version`: its first characters. Raises BadInput."""
    new = _named(home, country, version)
    before = champion(home, country)
    if new == before:
        raise BadInput.of(f"{country}: {new.short} is the champion already", country=country)
    return _decided(
        home,
        Decision(
            kind="promote", champion=new, replaced=before, since=_newest(home, country), reason=reason, by=by, at=at
        ),
    )


def rollback(home: ModelHome, country: str, reason: str, by: str, at: datetime) -> Decision:
    """Makes the champion before this one champion again. Raises BadInput where there was none."""
    now = champion(home, country)
    decisions = home.decisions(country)
    by_hand = decisions[-1] if decisions and decisions[-1].champion == now else None
    if now and by_hand and by_hand.kind == "promote":
        before = by_hand.replaced
    else:
        before = champion(home, country, now.trained_until) if now else None
    if now is None or before is None:
        raise BadInput.of(
            f"{country}: there is no earlier champion to go back to; `lottery models {country}` lists what there is",
            country=country,
        )
    return _decided(
        home,
        Decision(
            kind="rollback", champion=before, replaced=now, since=_newest(home, country), reason=reason, by=by, at=at
        ),
    )


def rolled_back(decisions: list[Decision]) -> set[str]:
    """Versions that people took back and did not promote again."""
    found: set[str] = set()
    for its in decisions:
        if its.kind == "rollback" and its.replaced:
            found.add(its.replaced.version)
        found.discard(its.champion.version)
    return found


def _decided(home: ModelHome, decision: Decision) -> Decision:
    home.decide(decision)
    return decision


def _newest(home: ModelHome, country: str) -> date:
    return home.versions(country)[0].trained_until


def _named(home: ModelHome, country: str, asked: str) -> Version:
    versions = home.versions(country)
    found = [its for its in versions if its.version.startswith(asked.lower())]
    if len(found) == 1 and len(asked) >= SHORTEST:
        return found[0]
    said = (
        "is no version"
        if not found
        else f"is not enough, write at least {SHORTEST} characters that only one begins with"
    )
    known = ", ".join(its.short for its in versions[:5]) or "none yet"
    raise BadInput.of(f"{country}: {asked} {said}; the newest are {known}", country=country)
