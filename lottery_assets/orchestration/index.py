"""`index.html`: gathers how every country stands, from the store, the configurations and the run at hand, and has the page written.

It is for people to find their way. A recommendation is published before it and never depends on it.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from upath import UPath

from lottery_assets.audit import records, write_index
from lottery_assets.audit.store import countries
from lottery_assets.complaints import BadInput
from lottery_assets.country import load_countries
from lottery_assets.jackpot import Recommendation
from lottery_assets.orchestration.io_managers import stored_frame
from lottery_assets.orchestration.resources import Installation
from lottery_assets.report.index_page import Standing, State, index_page
from lottery_assets.report.outcomes import Outcome, Status
from lottery_assets.report.signoffs import standing_decision
from lottery_assets.report.spark import LONGEST
from lottery_assets.signoff import countries_apart, kept_of_week, weeks_apart

TROUBLE: dict[Status, State | None] = {
    "recommended": None,
    "no_recommendation": "no recommendation",
    "bad_input": "faulty input",
}


def renewed(
    installation: Installation, warn: Callable[[str], object], outcomes: Iterable[Outcome] = ()
) -> UPath | None:
    """Writes the index; where that fails, it says so and returns None: what is published already is not lost by it."""
    try:
        page = index_page(standings(installation, outcomes), datetime.now(UTC).date())
        return write_index(installation.artifacts, page.encode())
    except Exception as fault:
        warn(
            f"{installation.artifacts}/index.html could not be written ({fault}); the recommendations are published all the same"
        )
        return None


def standings(installation: Installation, outcomes: Iterable[Outcome] = ()) -> list[Standing]:
    """Every country that is configured or has a record; what this run says of one goes before what the store says."""
    configured = load_countries(installation.configs)
    faults: dict[str, list[str]] = {}
    for complaint in configured.complaints:
        faults.setdefault(str(complaint.country), []).append(complaint.message)
    told: dict[str, tuple[State | None, str | None]] = {
        country: ("faulty input", "\n".join(said)) for country, said in faults.items()
    }
    told |= {outcome.country: (TROUBLE[outcome.status], outcome.reason) for outcome in outcomes}
    names = {*configured.configs, *faults}
    found = []
    for country in sorted({*names, *countries(installation.artifacts), *countries_apart(installation.artifacts)}):
        trouble, reason = told.get(country, (None, None))
        config = configured.configs.get(country)
        found.append(
            _standing(
                installation.artifacts, country, config.game if config else None, country in names, trouble, reason
            )
        )
    return found


def _standing(
    artifacts: str, country: str, game: str | None, configured: bool, trouble: State | None, reason: str | None
) -> Standing:
    found = next(iter(records(artifacts, country)), None)
    signed = _signed(artifacts, country, found.week_start if found else None)
    if found is None:
        return Standing(country, game, trouble=trouble, reason=reason, configured=configured, signed=signed)
    try:
        recommendation = Recommendation.model_validate_json(found.document())
    except Exception as fault:  # whatever is the matter with one record, the others have their rows
        said = f"the record of {found.week_start} cannot be read: {(str(fault) or repr(fault)).splitlines()[0]}"
        return Standing(
            country,
            game,
            page=found.page,
            trouble=trouble or "unreadable",
            reason=reason or said,
            configured=configured,
        )
    recent = _announced(artifacts, country, found.week_start)
    return Standing(country, game, recommendation, found.page, recent, trouble, reason, configured, signed)


def _signed(artifacts: str, country: str, newest: date | None) -> str | None:
    """What people decided last: about the newest recommendation, or about a later week without one. None where nobody did."""
    try:
        later = [week for week in weeks_apart(artifacts, country) if newest is None or week > newest]
        week = later[-1] if later else newest
        decided = kept_of_week(artifacts, country, week.isoformat()) if week else []
    except BadInput as fault:
        return str(fault)
    if not decided:
        return None
    return f"{f'week of {later[-1]}: ' if later else ''}{standing_decision(decided[-1].sign_off)}"


def _announced(artifacts: str, country: str, before: date) -> list[float]:
    """The last jackpots announced before a week, as the country's own run stored them; none where that cannot be read."""
    try:
        frame = stored_frame(artifacts, "raw_sales", country)
        if frame is None:
            return []
        past = frame[frame["tickets_sold"].notna() & (frame["week_start"].dt.date < before)]
        return [float(jackpot) for jackpot in past["jackpot_announced"].tail(LONGEST)]
    except Exception:  # the small line is an ornament of the row
        return []
