"""Making a decision: what may be signed, and what it says."""

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


class Broken(Exception):
    """The jackpot breaks rules, and nobody said that it shall be announced despite them."""


class Recorded:
    """The latest recommendation of a week, ready to be decided about."""

    def __init__(self, artifacts: str, country: str, week_start: str) -> None:
        """Raises BadInput where there is none, where it was changed since, or where it is not the final one."""
        folder = latest(artifacts, country, week_start)
        if folder is None:
            raise BadInput.of(
                f"{country}: {artifacts} holds no recommendation for {week_start}; `lottery recommend {country} --week {week_start}` makes one",
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
        if any(warning.code == PENDING for warning in self.recommendation.warnings):
            raise BadInput.of(
                f"{country}: the recommendation for {week_start} is its own choice, before its treasury has decided; run "
                "`lottery recommend` for the countries of the treasury first",
                country=country,
            )

    def approve(self, by: str, reason: str | None, at: datetime) -> Kept:
        """The recommended jackpot is to be announced."""
        r = self.recommendation
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
        """Another jackpot is to be announced. Raises Broken with the rules that it breaks, unless `despite_rules`."""
        if its.broken and not despite_rules:
            raise Broken(self._refusal(its))
        return add(
            self.folder,
            lambda before: SignOff(
                **self._about(by, reason, at, before),
                decision="overridden",
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
        told = [
            f"{rule.rule} is {rule.value:.10g} against a limit of {rule.limit:.10g} {rule.unit}: misses by {-rule.slack:.6g}"
            for rule in its.rules
            if not rule.holds
        ]
        if POOLED in its.broken:
            told.append(f"{POOLED} is decided over all countries of the treasury, and not known above {r.jackpot:.10g}")
        said = f"{r.country}: {its.jackpot:.10g} million in the week of {r.week_start} breaks {', '.join(its.broken)}; nothing is recorded"
        return "\n".join([said, *told, "to announce it all the same, say --despite-rules"])

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
