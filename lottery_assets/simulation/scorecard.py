"""What the games say: each policy in each world, over all seeds."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from lottery_assets.simulation.play import Game

AGAINST = "first_pipeline"


class Score(BaseModel):
    """One policy in one world. Regret is 1 - expected net revenue / that of a planner who knows the demand; null where nobody knows."""

    model_config = ConfigDict(frozen=True)

    seeds: int
    weeks: int = Field(description="of a game")
    regret: float | None = Field(description="mean over the seeds")
    worst_regret: float | None = Field(description="of one seed")
    regret_standard_error: float | None
    ahead_of_first_pipeline: float | None = Field(
        description="mean difference of net revenue on the same seeds, as a share of the first pipeline's"
    )
    ahead_standard_error: float | None
    net_revenue: float = Field(description="expected, of a whole game, mean over the seeds; millions")
    rule_violations: int = Field(description="weeks of all seeds in which a rule was broken, by the truth")
    broken_rules: dict[str, int] = Field(description="the same by rule")
    undecided: int = Field(description="weeks of all seeds in which the policy found no jackpot that keeps every rule")
    cash_breaches: float = Field(description="share of plans (horizon_weeks long) in which cash fell below the buffer")
    stated_cash_risk: float = Field(description="max_cash_breach of the configuration")
    coverage_80: float | None = Field(description="share of weeks inside the 80 % band of tickets; null without bands")
    seconds: float | None = Field(description="a decision, median; null without a clock")

    @classmethod
    def of(cls, games: Sequence[Game], first_pipeline: Sequence[Game]) -> Self:
        """From one policy's games in one world, and the first pipeline's in the same world."""
        weeks = [week for game in games for week in game.weeks]
        inside = [week.in_band for week in weeks if week.in_band is not None]
        seconds = [week.seconds for week in weeks if week.seconds is not None]
        regret = [game.regret for game in games if game.regret is not None]
        other = {game.seed: game.net_revenue for game in first_pipeline}
        ahead = [game.net_revenue / other[game.seed] - 1 for game in games if game.seed in other]
        plans = [breached for game in games for breached in _breaches(game)]
        rules = sorted({rule for week in weeks for rule in week.broken})
        return cls(
            seeds=len(games),
            weeks=max(game.length for game in games),
            regret=_mean(regret),
            worst_regret=max(regret, default=None),
            regret_standard_error=_error(regret),
            ahead_of_first_pipeline=_mean(ahead),
            ahead_standard_error=_error(ahead),
            net_revenue=float(np.mean([game.net_revenue for game in games])),
            rule_violations=sum(bool(week.broken) for week in weeks),
            broken_rules={rule: sum(rule in week.broken for week in weeks) for rule in rules},
            undecided=sum(week.undecided for week in weeks),
            cash_breaches=float(np.mean(plans)) if plans else 0.0,
            stated_cash_risk=games[0].max_cash_breach,
            coverage_80=_mean(inside),
            seconds=float(np.median(seconds)) if seconds else None,
        )


def scorecard(games: Iterable[Game]) -> dict[str, dict[str, Score]]:
    """World by policy, in the order in which they come."""
    found: dict[str, dict[str, list[Game]]] = {}
    for game in games:
        found.setdefault(game.world, {}).setdefault(game.policy, []).append(game)
    return {
        world: {policy: Score.of(of, policies.get(AGAINST, [])) for policy, of in policies.items()}
        for world, policies in found.items()
    }


class Summary(BaseModel):
    """One policy over many worlds, each of which counts the same."""

    model_config = ConfigDict(frozen=True)

    regret: float | None = Field(description="mean over the worlds whose best is known")
    regret_standard_error: float | None
    worst_regret: float | None = Field(description="of one seed in any of the worlds")
    ahead_of_first_pipeline: float | None = Field(description="mean over the worlds")
    ahead_standard_error: float | None
    rule_violations: int = Field(description="weeks of all games")

    @classmethod
    def of(cls, scores: Sequence[Score]) -> Self:
        """Standard errors are those of the seeds; the worlds themselves are not a sample of anything."""
        regret = [score.regret for score in scores if score.regret is not None]
        ahead = [score.ahead_of_first_pipeline for score in scores if score.ahead_of_first_pipeline is not None]
        return cls(
            regret=_mean(regret),
            regret_standard_error=_pooled(
                [score.regret_standard_error for score in scores if score.regret is not None]
            ),
            worst_regret=max((score.worst_regret for score in scores if score.worst_regret is not None), default=None),
            ahead_of_first_pipeline=_mean(ahead),
            ahead_standard_error=_pooled(
                [score.ahead_standard_error for score in scores if score.ahead_of_first_pipeline is not None]
            ),
            rule_violations=sum(score.rule_violations for score in scores),
        )


def over_worlds(found: Mapping[str, Mapping[str, Score]]) -> dict[str, Summary]:
    """Each policy that played all of the worlds, over all of them."""
    first, *others = found.values()
    return {
        policy: Summary.of([row[policy] for row in found.values()])
        for policy in first
        if all(policy in row for row in others)
    }


def _breaches(game: Game) -> list[bool]:
    """Whether cash fell below the buffer, of each stretch as long as a plan."""
    cash = [week.cash for week in game.weeks]
    stretches = [cash[week : week + game.horizon_weeks] for week in range(0, len(cash), game.horizon_weeks)]
    return [min(stretch) < game.safety_buffer - 1e-6 for stretch in stretches]


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _error(values: Sequence[float]) -> float | None:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else None


def _pooled(errors: Sequence[float | None]) -> float | None:
    """Standard error of the mean of means that are independent of each other."""
    known = [error for error in errors if error is not None]
    return float(np.linalg.norm(known) / len(known)) if known and len(known) == len(errors) else None
