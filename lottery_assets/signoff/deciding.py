"""Making a decision: what may be signed, and what it says."""

from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel
from upath import UPath

from lottery_assets.audit import digest, latest
from lottery_assets.audit.publication import METADATA, RECOMMENDATION
from lottery_assets.complaints import BadInput
from lottery_assets.jackpot import PENDING, Recommendation
from lottery_assets.signoff.chosen import POOLED, Chosen
from lottery_assets.signoff.document import SignOff
from lottery_assets.signoff.store import Kept, add


class Sealed(BaseModel):
    """What `metadata.json` says of the record and of its inputs. `challenger`: the week's fit, where `model_version` took its place."""

    recommendation_sha256: str
    config_sha256: str
    data_version: str
    model_version: str | None = None
    challenger: str | None = None

    @classmethod
    def of(cls, folder: UPath) -> "Sealed":
        """Of a record."""
        return cls.model_validate_json((folder / METADATA).read_bytes())


INSTEAD = "what is announced all the same is recorded with --jackpot X --reason TEXT --despite-rules"
DESPITE = "to announce it all the same, say --despite-rules"
UNDECIDED = "it is the country's own choice: the treasury that it shares gave no answer"


class Broken(Exception):
    """The jackpot breaks rules, and nobody said that it shall be announced despite them."""


class NothingRecommended(BadInput):
    """The week has no recommendation that could be approved."""


class Recorded:
    """The latest recommendation of a week, ready to be decided about."""

    def __init__(self, artifacts: str, country: str, week_start: str) -> None:
        """Raises NothingRecommended where there is none, BadInput where it was changed since."""
        folder = latest(artifacts, country, week_start)
        if folder is None:
            raise NothingRecommended.of(
                f"{country}: {artifacts} holds no recommendation for {week_start}; `lottery recommend {country} --week {week_start}` makes "
                f"one; where it says that there is none, {INSTEAD}",
                country=country,
                key="week",
            )
        content = (folder / RECOMMENDATION).read_bytes()
        self.folder: UPath = folder
        self.recommendation = Recommendation.model_validate_json(content)
        self.sealed = Sealed.of(folder)
        self.sha256 = digest(content)
        if self.sealed.recommendation_sha256 != self.sha256:
            raise BadInput.of(
                f"{folder / RECOMMENDATION}: is not what {METADATA} beside it sealed; sign nothing, and fetch it from a backup",
                file=str(folder / RECOMMENDATION),
                country=country,
            )
        self.pending = any(warning.code == PENDING for warning in self.recommendation.warnings)

    def approve(self, by: str, reason: str | None, at: datetime) -> Kept:
        """The recommended jackpot is to be announced. Raises NothingRecommended where the recommendation is not the final one."""
        r = self.recommendation
        if self.pending:
            raise NothingRecommended.of(
                f"{r.country}: the recommendation for {r.week_start} is its own choice, before its treasury has decided; run "
                f"`lottery recommend` for the countries of the treasury first; where the treasury has no answer, {INSTEAD}",
                country=r.country,
            )
        return add(
            self.folder,
            lambda before: SignOff(
                **self._about(by, reason, at, before),
                decision="approved",
                jackpot=r.jackpot,
                rules=r.rules,
                expected_net_revenue=r.expected_net_revenue,
                expected_difference=0.0,
                difference_80=(0.0, 0.0),
            ),
        )

    def override(self, its: Chosen, by: str, reason: str, at: datetime, despite_rules: bool) -> Kept:
        """Another jackpot is to be announced. Raises Broken with the rules that it breaks, unless `despite_rules`.

        Where the recommendation is not the final one, no jackpot is known to be covered by the treasury.
        """
        if self.pending and POOLED not in its.broken:
            its = replace(its, broken=(*its.broken, POOLED))
        if its.broken and not despite_rules:
            raise Broken(self._refusal(its))
        return add(
            self.folder,
            lambda before: SignOff(
                **self._about(by, reason, at, before),
                decision="overridden",
                not_recommended=UNDECIDED if self.pending else None,
                jackpot=its.jackpot,
                rules=tuple(rule.model_dump() for rule in its.rules),
                broken=its.broken,
                despite_rules=bool(its.broken),
                expected_net_revenue=its.expected_net_revenue,
                expected_difference=its.difference,
                difference_80=its.band_80,
            ),
        )

    def _refusal(self, its: Chosen) -> str:
        r = self.recommendation
        limit = "" if self.pending else f" above {r.jackpot:.10g}"
        said = f"{r.country}: {its.jackpot:.10g} million in the week of {r.week_start} breaks {', '.join(its.broken)}; nothing is recorded"
        return "\n".join([said, *misses(its, limit), DESPITE])

    def _about(self, by: str, reason: str | None, at: datetime, before: str | None) -> dict[str, object]:
        r = self.recommendation
        return {
            "country": r.country,
            "week_start": r.week_start,
            "currency": r.currency,
            "recommended_jackpot": r.jackpot,
            "by": by,
            "reason": reason,
            "decided_at": at,
            "recommendation_sha256": self.sha256,
            "previous_sha256": before,
        }


def misses(its: Chosen, limit: str = "") -> list[str]:
    """A line for each rule that a jackpot breaks; `limit`: from where on the treasury's is not known."""
    told = [
        f"{rule.rule} is {rule.value:.10g} against a limit of {rule.limit:.10g} {rule.unit}: misses by {-rule.slack:.6g}"
        for rule in its.rules
        if not rule.holds
    ]
    return [
        *told,
        *(
            [f"{POOLED} is decided over all countries of the treasury, and not known{limit}"]
            if POOLED in its.broken
            else []
        ),
    ]
