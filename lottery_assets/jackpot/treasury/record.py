"""`treasury.json`: how the pool was decided, the same bytes for the same inputs; and what each member's recommendation says of it."""

from collections.abc import Mapping, Sequence
from datetime import date

from lottery_assets.complaints import Caution
from lottery_assets.jackpot.recommendation import Recommendation, Rounded, Rule, Solver, _Document
from lottery_assets.jackpot.treasury.pool import Pool
from lottery_assets.jackpot.treasury.together import Joint


class TreasuryMember(_Document):
    """One country; millions of its own currency. `gave_up`: what its own jackpot would earn more, over its plan."""

    country: str
    week_start: date
    currency: str
    exchange_rate: Rounded
    own_jackpot: Rounded
    jackpot: Rounded
    gave_up: Rounded
    chance_jackpot_falls: Rounded


class TreasuryReserve(_Document):
    """A country without a recommendation of its own: `amount`, in the pool's currency, counts as paid in every future."""

    country: str
    currency: str
    jackpot: Rounded
    amount: Rounded
    reason: str


class TreasuryRecord(_Document):
    """The pool's week; millions of its currency. `solver` is None where the countries' own choices keep the rule together."""

    week_start: date
    currency: str
    available_cash: Rounded
    safety_buffer: Rounded
    max_cash_breach: Rounded
    rule: Rule
    countries: tuple[TreasuryMember, ...]
    reserved: tuple[TreasuryReserve, ...]
    solver: Solver | None
    warnings: tuple[Caution, ...]

    def as_bytes(self) -> bytes:
        """The file's content."""
        return self.model_dump_json(indent=1).encode() + b"\n"


def treasury_record(pool: Pool, joint: Joint, weeks: Mapping[str, date], cautions: Sequence[Caution]) -> TreasuryRecord:
    """The pool's decision, told in full. `weeks`: the coming week of each member; the record's is the latest."""
    report = joint.report
    return TreasuryRecord(
        week_start=max(weeks.values()),
        currency=pool.currency,
        available_cash=pool.available_cash,
        safety_buffer=pool.safety_buffer,
        max_cash_breach=pool.max_cash_breach,
        rule=Rule(**joint.rule.model_dump()),
        countries=tuple(
            TreasuryMember(
                country=member.country,
                week_start=weeks[member.country],
                currency=member.currency,
                exchange_rate=member.rate,
                own_jackpot=float(member.jackpots[member.own]),
                jackpot=float(member.jackpots[place]),
                gave_up=lost,
                chance_jackpot_falls=float(member.chance_falls[place]),
            )
            for member, place, lost in zip(pool.members, joint.places, joint.gave_up, strict=True)
        ),
        reserved=tuple(
            TreasuryReserve(country=r.country, currency=r.currency, jackpot=r.jackpot, amount=r.amount, reason=r.reason)
            for r in pool.reserves
        ),
        solver=report
        and Solver(
            status=report.status, objective=report.objective, bound=report.bound, gap=report.gap, version=report.version
        ),
        warnings=tuple(cautions),
    )


def shared_cautions(pool: Pool, weeks: Mapping[str, date]) -> list[Caution]:
    """What every member of the pool should know."""
    found = [
        Caution(
            code="treasury_member_missing",
            message=f"{r.country} shares the treasury and has no recommendation of its own; its jackpot of {r.currency} {r.jackpot:.10g} "
            f"million counts as paid in every future ({r.amount:.6g} {pool.unit})",
        )
        for r in pool.reserves
    ]
    if len(set(weeks.values())) > 1:
        said = ", ".join(f"{country} {week}" for country, week in weeks.items())
        message = f"the countries of the treasury are not at the same week ({said}); their jackpots are weighed as if they fell together"
        found.append(Caution(code="treasury_weeks_differ", message=message))
    return found


def in_the_pool(
    recommendation: Recommendation, own_jackpot: float, gave_up: float, record: TreasuryRecord
) -> Recommendation:
    """A member's recommendation with the pool's rule among its rules, and what the country gave up among its warnings."""
    warnings = [*recommendation.warnings, *record.warnings]
    if recommendation.jackpot != own_jackpot:
        r = recommendation
        message = (
            f"by itself {r.country} would announce {r.currency} {own_jackpot:.10g} million; the treasury it shares leaves {r.jackpot:.10g}: that "
            f"gives up {gave_up:.4g} million {r.currency} over its plan"
        )
        warnings.append(Caution(code="treasury_gave_up", message=message))
    rules = (*recommendation.rules, record.rule)
    return recommendation.model_copy(update={"rules": rules, "warnings": tuple(warnings)})


def pending(recommendation: Recommendation) -> Recommendation:
    """A member's recommendation before the pool has decided: not the final one, and it says so."""
    message = f"{recommendation.country} shares a treasury with other countries: this is its own choice, before they are decided together"
    warnings = (*recommendation.warnings, Caution(code=PENDING, message=message))
    return recommendation.model_copy(update={"warnings": warnings})


PENDING = "treasury_pending"
