"""What the pool's choice means for one of its countries: the plan that begins with it, and why.

The pool itself is decided in `treasury`; here is one country, seen with the others' jackpots as they are.
"""

from dataclasses import dataclass, replace

import numpy as np

from lottery_assets.jackpot.ahead import Outlook, decide_ahead
from lottery_assets.jackpot.decide import VerificationFailed
from lottery_assets.jackpot.explain import Reasons, explain
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.treasury.pool import RULE, Pool, highest_left
from lottery_assets.jackpot.treasury.together import Joint


@dataclass(frozen=True, eq=False)
class Share:
    """What the pool leaves to one country: the plan's outlook, its reasons, and what beginning otherwise was worth."""

    outlook: Outlook
    reasons: Reasons
    own_jackpot: float
    gave_up: float
    highest_left: float
    """Highest jackpot that the pool leaves while the other countries stay as they are [millions]."""


def share(pool: Pool, joint: Joint, which: int, horizon: Horizon, own: Outlook, currency: str) -> Share:
    """One country's part of the joint choice; its own plan where that begins with the same jackpot.

    Raises VerificationFailed where the country's own check does not come to the pool's jackpot.
    """
    place, jackpots = joint.places[which], horizon.jackpots
    highest = highest_left(pool, joint.places, which)
    left = np.arange(len(jackpots)) <= highest
    if place == own.decision.index:
        kept = tuple(other for other in own.decision.runners_up if left[other[0]])
        outlook = replace(own, decision=replace(own.decision, runners_up=kept))
        return Share(outlook, explain(horizon, own, currency), own.decision.jackpot, 0.0, float(jackpots[highest]))
    outlook = decide_ahead(horizon, only=np.arange(len(jackpots)) == place)
    if outlook.decision.index != place:
        raise VerificationFailed(
            f"{pool.members[which].country} does not come to the pool's {jackpots[place]:.10g} million"
        )
    decision = outlook.decision
    worth = joint.worths[which] if joint.worths is not None else np.full(len(jackpots), -np.inf)
    others = [g for g in np.argsort(-worth, kind="stable") if left[g] and g != place and np.isfinite(worth[g])]
    runners_up = tuple((int(g), max(float(worth[place] - worth[g]), 0.0)) for g in others)
    outlook = replace(outlook, decision=replace(decision, runners_up=runners_up))
    reasons = explain(replace(horizon, first=replace(horizon.first, offered=left)), outlook, currency)
    lost = joint.gave_up[which]
    sentence = (
        f"{currency} {decision.jackpot:.10g} million is what {RULE} leaves, all countries of the pool decided together; by itself the "
        f"country would announce {own.decision.jackpot:.10g} million, which earns {lost:.3g} million more over its plan."
    )
    return Share(outlook, replace(reasons, sentence=sentence), own.decision.jackpot, lost, float(jackpots[highest]))
