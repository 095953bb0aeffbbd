"""When no jackpot keeps every rule: which rules collide, and by how much the nearest jackpot misses them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from lottery_assets.jackpot.catalogue import CATALOGUE, Gives
from lottery_assets.jackpot.plan import Line, RuleResult, lines
from lottery_assets.jackpot.problem import JackpotProblem
from lottery_assets.jackpot.recovery import Recovery

ORDER: tuple[Gives, ...] = ("cash", "ratio", "steps")
"""What must give last, first."""


@dataclass(frozen=True)
class Miss:
    """One rule at the nearest jackpot; `shortfall` is 0 where it holds there."""

    rule: str
    value: float
    limit: float
    shortfall: float
    unit: str


@dataclass(frozen=True)
class Diagnosis:
    """Why nothing is feasible. `collisions`: smallest sets of rules that leave no jackpot; `jackpot`: the nearest one.

    `way_out` plans a recovery, which takes longer than all the rest: it is planned when somebody asks for it.
    """

    jackpot: float
    misses: tuple[Miss, ...]
    collisions: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]
    way_out: Callable[[], Recovery] | None = None

    @cached_property
    def recovery(self) -> Recovery | None:
        """The way out, where there is one to be planned."""
        return self.way_out() if self.way_out else None


class NoRecommendation(Exception):
    """No admissible jackpot keeps every rule; nothing is announced in its place."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        super().__init__(diagnosis)
        self.diagnosis = diagnosis

    def __str__(self) -> str:
        found = self.diagnosis.recovery
        return "\n".join([*self.diagnosis.sentences, *(found.sentences if found else ())])


class NotDecided(NoRecommendation):
    """A plan was found, and too little is proven of it: nothing is announced, and nothing is said to be infeasible."""

    def __init__(self, jackpot: float, gap: float, most: float) -> None:
        said = (
            f"not decided: the best plan found begins with {jackpot:.10g} million, and another might earn {gap:.1%} more over its weeks; "
            f"max_plan_gap allows {most:.1%}",
            "plan fewer weeks (horizon_weeks), or raise max_plan_gap if that much may be lost",
        )
        super().__init__(Diagnosis(jackpot, (), (), said))


def diagnose(problem: JackpotProblem, ahead: RuleResult | None = None) -> Diagnosis:
    """Blame and distance of an infeasible week; `ahead`: a rule that no plan keeps over its weeks, at the plan that misses least."""
    rules = lines(problem)
    if ahead is not None:
        size = len(problem.jackpots)
        value = np.full(size, ahead.value)
        rules[ahead.rule] = Line(value, ahead.limit, np.full(size, ahead.slack), ahead.unit)
    shortfall = {name: np.where(line.holds, 0.0, -line.slack) for name, line in rules.items()}
    place = _nearest(problem, shortfall)
    misses = tuple(
        Miss(
            name,
            float(line.value[place]),
            float(np.broadcast_to(line.limit, line.value.shape)[place]),
            float(shortfall[name][place]),
            line.unit,
        )
        for name, line in rules.items()
    )
    collisions = _collisions(rules)
    jackpot = float(problem.jackpots[place])
    said = _sentences(problem, rules, misses, collisions, jackpot)
    if ahead is not None:
        said[0] = (
            f"no plan found from {problem.jackpots[0]:.10g} to {problem.jackpots[-1]:.10g} million keeps every rule over its weeks"
        )
        said[1] = (
            f"{ahead.rule} is not kept over the weeks planned: the nearest that any plan found comes is {ahead.value:.6g} {ahead.unit} "
            f"against a limit of {ahead.limit:.6g}"
        )
    return Diagnosis(jackpot, misses, collisions, tuple(said))


def _nearest(problem: JackpotProblem, shortfall: dict[str, np.ndarray]) -> int:
    """Place of the jackpot that misses least, in the order cash, payout ratio, steps; of equals, the one that earns most."""
    left = np.arange(len(problem.jackpots))
    for group in ORDER:
        lacking = [short for name, short in shortfall.items() if CATALOGUE[name].gives == group]
        total = np.sum(lacking or [np.zeros(len(problem.jackpots))], axis=0)
        left = left[total[left] <= total[left].min() * (1 + 1e-9)]
    return int(left[np.argmax(problem.expected_net_revenue[left])])


def _collisions(rules: dict[str, Line]) -> tuple[tuple[str, ...], ...]:
    """Every smallest set of rules that no jackpot keeps together."""
    for size in range(1, len(rules) + 1):
        found = [
            names
            for names in combinations(rules, size)
            if not np.logical_and.reduce([rules[name].holds for name in names]).any()
        ]
        if found:
            return tuple(found)
    return ()


def _sentences(
    problem: JackpotProblem,
    rules: dict[str, Line],
    misses: tuple[Miss, ...],
    collisions: tuple[tuple[str, ...], ...],
    jackpot: float,
) -> list[str]:
    low, high = problem.jackpots[0], problem.jackpots[-1]
    said = [f"no jackpot from {low:.10g} to {high:.10g} million keeps every rule"]
    for names in collisions:
        if len(names) == 1:
            [name] = names
            best = int(np.argmax(rules[name].slack))
            said.append(
                f"{name} cannot be met by any jackpot this week: the nearest it comes is {rules[name].value[best]:.6g} "
                f"{rules[name].unit}, at {problem.jackpots[best]:.10g} million"
            )
        else:
            said.append(f"{' and '.join(names)} exclude each other: each can be met, not together")
    said.append(f"at {jackpot:.10g} million, the jackpot that misses least this week:")
    for miss in misses:
        state = f"misses by {miss.shortfall:.6g}" if miss.shortfall else "holds"
        said.append(f"  {miss.rule} is {miss.value:.6g} against a limit of {miss.limit:.6g} {miss.unit}: {state}")
    return said
