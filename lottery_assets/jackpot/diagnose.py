"""When no jackpot keeps every rule: which rules collide, and by how much the nearest jackpot misses them."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lottery_assets.jackpot.plan import Line, lines
from lottery_assets.jackpot.problem import JackpotProblem

ORDER = (
    ("cash_cover", "cash_at_risk"),
    ("payout_ratio_floor", "payout_ratio_ceiling"),
    ("jackpot_range", "no_fall_unless_won", "step_up", "step_down"),
)
"""What must give last, first: cash, then the payout ratio, then steps."""


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
    """Why nothing is feasible. `collisions`: smallest sets of rules that leave no jackpot; `jackpot`: the nearest one."""

    jackpot: float
    misses: tuple[Miss, ...]
    collisions: tuple[tuple[str, ...], ...]
    sentences: tuple[str, ...]


class NoRecommendation(Exception):
    """No admissible jackpot keeps every rule; nothing is announced in its place."""

    def __init__(self, diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis
        super().__init__("\n".join(diagnosis.sentences))


def diagnose(problem: JackpotProblem) -> Diagnosis:
    """Blame and distance of an infeasible week."""
    rules = lines(problem)
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
    return Diagnosis(jackpot, misses, collisions, tuple(_sentences(problem, rules, misses, collisions, jackpot)))


def _nearest(problem: JackpotProblem, shortfall: dict[str, np.ndarray]) -> int:
    """Place of the jackpot that misses least, in the order cash, payout ratio, steps; of equals, the one that earns most."""
    left = np.arange(len(problem.jackpots))
    for group in ORDER:
        total = np.sum(
            [shortfall[name] for name in group if name in shortfall] or [np.zeros(len(problem.jackpots))], axis=0
        )
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
    said = [f"no jackpot from {low:g} to {high:g} million keeps every rule"]
    for names in collisions:
        if len(names) == 1:
            [name] = names
            best = int(np.argmax(rules[name].slack))
            said.append(
                f"{name} cannot be met by any jackpot this week: the nearest it comes is {rules[name].value[best]:.6g} "
                f"{rules[name].unit}, at {problem.jackpots[best]:g} million"
            )
        else:
            said.append(f"{' and '.join(names)} exclude each other: each can be met, not together")
    for miss in misses:
        state = f"misses by {miss.shortfall:.6g}" if miss.shortfall else "holds"
        said.append(
            f"at {jackpot:g} million, the jackpot that misses least, {miss.rule} is {miss.value:.6g} against a limit of "
            f"{miss.limit:.6g} {miss.unit}: {state}"
        )
    return said
