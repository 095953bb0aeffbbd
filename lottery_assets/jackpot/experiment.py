"""Announcing off the best on purpose, where what a week may teach is worth more than it costs.

The online knowledge gradient with correlated beliefs (Ryzhov, Powell and Frazier 2012): a week at one jackpot moves what is believed of
all of them, most where the curve is least known, as after a break or beyond the jackpots seen. What the best jackpot would then earn,
in expectation over what the week may show, counts for `PROFITS` weeks; what the plan loses by the detour is its price. What is worth
seeing may lie several steps away: then all weeks on the way there are the price, and each week decides anew whether to go on. A jackpot
that was announced of late is not sought: where the level is taken to wander, the gradient promises of it, week after week, what never comes.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from lottery_assets.complaints import Caution
from lottery_assets.jackpot import search
from lottery_assets.jackpot.ahead import Outlook, decide_ahead
from lottery_assets.jackpot.diagnose import NoRecommendation
from lottery_assets.jackpot.horizon import Horizon
from lottery_assets.jackpot.plan import feasible

PROFITS = 26
"""Weeks that profit from what is learnt: half a year, in which much stays as it is."""
WORTHWHILE = 0.05
"""Share of a week's net revenue that an experiment must promise above its cost; with a fifth of it, a flat top was experimented with for months."""
MOST = 0.1
"""Share of a week's net revenue that the week of an experiment costs in expectation at most."""
LATELY, ENOUGH = 13, 3
"""Where so many of the last weeks lay within half a step, a jackpot is no experiment any more."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(11)


class Announced(NamedTuple):
    """Jackpots so far [millions]: the lowest and the highest of the weeks learnt from, and all of the past but data faults, oldest first."""

    lowest: float
    highest: float
    past: np.ndarray

    def within_a_step(self, jackpots: np.ndarray, step: float) -> np.ndarray:
        """Which of them lie no further than a step beyond what was ever announced."""
        return (jackpots >= self.lowest / (1 + step) - 1e-9) & (jackpots <= self.highest * (1 + step) + 1e-9)

    def lately(self, jackpots: np.ndarray, step: float) -> np.ndarray:
        """Which of them the last weeks have shown."""
        away = np.abs(np.subtract.outer(np.log(jackpots), np.log(self.past[-LATELY:])))
        return np.asarray((away <= np.log1p(step) / 2).sum(axis=1) >= ENOUGH)


@dataclass(frozen=True, eq=False)
class Experiment:
    """What is announced in place of the best, in millions: `cost`: of the plan's merit; `promise`: what is learnt, in expectation.

    `way`: the jackpots on the way to the one that is worth seeing, week by week, this one first.
    """

    best: float
    cost: float
    promise: float
    way: tuple[float, ...]
    way_cost: float
    """Of all its weeks together."""
    offered: np.ndarray
    """The one jackpot, [G]."""

    def sentence(self, jackpot: float, currency: str) -> str:
        """For people."""
        towards = f" on the way to {self.way[-1]:.10g} million" if len(self.way) > 1 else ""
        return (
            f"{currency} {jackpot:.10g} million is an experiment{towards}: how sales answer there is not known well enough. It costs {self.cost:.3g} million in "
            f"expectation over the plan, beside {self.best:.10g} million, which would earn the most by what is known today."
        )

    def caution(self, jackpot: float) -> Caution:
        """That it is one, what it costs, and what for."""
        return Caution(
            code="experiment",
            message=f"{jackpot:.10g} million in place of {self.best:.10g} is an experiment that costs {self.cost:.3g} million in expectation over the plan"
            f"{self._onwards}; what it teaches is worth {self.promise:.3g} million over {PROFITS} weeks, in expectation; max_experiment_step: 0 ends experiments",
        )

    @property
    def _onwards(self) -> str:
        if len(self.way) == 1:
            return ""
        later = " and ".join(f"{jackpot:.10g}" for jackpot in self.way[1:])
        return f", and leads on to {later} million in the weeks after it, {self.way_cost:.3g} million together"


def experiment(
    horizon: Horizon, outlook: Outlook, teaches: np.ndarray, announced: Announced, step: float
) -> tuple[Outlook, Experiment | None]:
    """The outlook of the best experiment, all rules kept; else the outlook as it is.

    It lies within `step` (a share) of the best jackpot or of last week's, and of the range announced so far. `teaches` [G, G]: standard
    deviations by which a week at each jackpot (columns) moves what is believed of log tickets (rows).
    """
    best, jackpots = outlook.decision.index, horizon.jackpots
    learnt = _learnt(horizon, teaches)
    promise = PROFITS * (learnt - learnt[best])
    losses, weekly = _losses(horizon, outlook), abs(float(outlook.net.mean()))
    open_ = feasible(horizon.first) & announced.within_a_step(jackpots, step) & (losses <= MOST * weekly)
    sought = np.flatnonzero(~announced.lately(jackpots, step)).tolist()
    ways = [way for target in sought if open_[(way := _way(horizon, best, target, step))[0]]]
    way = max(ways, key=lambda way: promise[way[-1]] - losses[way].sum(), default=[best])
    if way[0] == best or promise[way[-1]] - losses[way].sum() <= WORTHWHILE * weekly:
        return outlook, None
    offered = np.arange(len(jackpots)) == way[0]
    try:
        moved = decide_ahead(horizon, only=offered)
    except NoRecommendation:  # with this jackpot the plan does not keep cash at risk, or too little is proven of it
        return outlook, None
    lost = outlook.decision.report.objective - moved.decision.report.objective
    others = (
        (best, -lost),
        *((place, loss - lost) for place, loss in outlook.decision.runners_up if not offered[place]),
    )
    moved = replace(moved, decision=replace(moved.decision, runners_up=others))
    return moved, Experiment(
        outlook.decision.jackpot, lost, float(promise[way[-1]]), tuple(jackpots[way]), float(losses[way].sum()), offered
    )


def _way(horizon: Horizon, best: int, target: int, step: float) -> list[int]:
    """Places week by week to `target`, none further than `step` from the one before: from the best, or from last week's if that is nearer.

    Where the grid is too coarse for a step, it ends before.
    """
    logs = horizon.log_jackpots
    last = int(np.argmin(np.abs(horizon.jackpots - horizon.first.last_jackpot)))
    starts = (best, last) if np.isclose(horizon.jackpots[last], horizon.first.last_jackpot) else (best,)
    here = min(starts, key=lambda start: abs(logs[start] - logs[target]))
    way: list[int] = []
    while not way or here != target:
        within = np.flatnonzero(np.abs(logs - logs[here]) <= np.log1p(step) + 1e-9)
        nearer = int(within[np.argmin(np.abs(logs[within] - logs[target]))])
        if nearer == here:
            return way or [here]
        way, here = [*way, nearer], nearer
    return way


def _learnt(horizon: Horizon, teaches: np.ndarray) -> np.ndarray:
    """Expected weekly gain of the best jackpot held for good once a week at each of M jackpots was seen, [M]; `teaches` [G, M]."""
    net, slope, allowed = horizon.held_for_good
    after = net[allowed, None, None] + (slope[allowed, None] * teaches[allowed])[:, :, None] * NODES
    return np.asarray(after.max(axis=0) @ (WEIGHTS / WEIGHTS.sum()) - net[allowed].max())


def _losses(horizon: Horizon, outlook: Outlook) -> np.ndarray:
    """What the plan loses if the coming week begins with each jackpot and the rest stays, [G]."""
    if outlook.plan is None:
        net = horizon.first.expected_net_revenue
        return np.asarray(net[outlook.decision.index] - net)
    if outlook.plan.decided is not None:
        return np.maximum(outlook.plan.decided.losses, 0.0)
    size = len(horizon.jackpots)
    paths = np.column_stack([np.arange(size), np.tile(outlook.path[1:], (size, 1))])
    return np.asarray(outlook.plan.merit - search.merit(horizon, paths, outlook.plan.risk))
