"""A week for which nothing was recommended: what people announce all the same, recorded apart from the recommendations.

    <artifacts>/decisions/<country>/<week_start>/decision.json, decision-2.json, ...

There is no `metadata.json` to name the inputs that the jackpot was judged from, so each decision names them itself.
"""

from dataclasses import dataclass
from datetime import date, datetime

from lottery_assets.signoff.chosen import Chosen
from lottery_assets.signoff.deciding import DESPITE, Broken, misses
from lottery_assets.signoff.document import JudgedFrom, SignOff
from lottery_assets.signoff.store import Kept, add, apart


@dataclass(frozen=True)
class Unadvised:
    """The week; `why`: the reasons that nothing was recommended for, as people were told them."""

    country: str
    week_start: date
    currency: str
    why: str

    def announce(
        self,
        artifacts: str,
        its: Chosen,
        judged_from: JudgedFrom,
        by: str,
        reason: str,
        at: datetime,
        despite_rules: bool,
    ) -> Kept:
        """Records the jackpot to be announced. Raises Broken unless `despite_rules`: nobody has said that any jackpot is right."""
        if not despite_rules:
            raise Broken(self._refusal(its))
        return add(
            apart(artifacts, self.country, self.week_start.isoformat()),
            lambda before: SignOff(
                country=self.country,
                week_start=self.week_start,
                currency=self.currency,
                decision="without_advice",
                jackpot=its.jackpot,
                not_recommended=self.why,
                by=by,
                reason=reason,
                decided_at=at,
                rules=tuple(rule.model_dump() for rule in its.rules),
                broken=its.broken,
                despite_rules=True,
                expected_net_revenue=its.expected_net_revenue,
                judged_from=judged_from,
                previous_sha256=before,
            ),
        )

    def _refusal(self, its: Chosen) -> str:
        breaks = f"breaks {', '.join(its.broken)}" if its.broken else "breaks no rule of this week"
        said = (
            f"{self.country}: nothing is recommended for the week of {self.week_start} ({self.why.splitlines()[0]}), and "
            f"{its.jackpot:.10g} million {breaks}; nothing is recorded"
        )
        return "\n".join([said, *misses(its), DESPITE])
