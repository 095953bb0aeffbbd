"""The scorecard as one page that opens anywhere: no network, charts and styles inside; the same games give the same bytes."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lottery_assets.report.dots import Axis, Line, dot_plot
from lottery_assets.report.pages import page
from lottery_assets.report.scorecards import Scorecard, number, percent, with_error
from lottery_assets.simulation.families import FAMILIES
from lottery_assets.simulation.play import Game
from lottery_assets.simulation.scorecard import AGAINST, Score, Summary, over_worlds, scorecard

IN_WORDS = {
    "product": "what this program recommends: it plans many weeks ahead and announces the first of them",
    "myopic": "the same program with no week in view but the coming one",
    "first_pipeline": "what this program replaces: one straight line through all past sales, and each week the jackpot that earns most by it",
    "fixed": "the jackpot that was usual before, every week",
    "last_week": "whatever was announced last week",
    "oracle": "the planner who knows what every jackpot will sell; nobody can, so the others are measured by it",
}
"""Policies for people who run a lottery."""
COLUMNS = ("mean", "worst", "broken")


@dataclass(frozen=True)
class Measure:
    """What a chart shows of a game, and of a policy as its Score has it. `worst`: `max` or `min`."""

    label: str
    of_game: Callable[[Game, Mapping[int, float]], float | None]
    """Of a game and the first pipeline's net revenue by seed."""
    of_score: Callable[[Score], float | None]
    worst: Callable[[list[float]], float]
    unit: float = 100
    rooted: bool = True

    def line(self, policy: str, score: Score, games: Sequence[Game], first: Mapping[int, float]) -> Line | None:
        """One policy's; None where it has no such value."""
        values = [self.unit * value for game in games if (value := self.of_game(game, first)) is not None]
        mean = self.of_score(score)
        if mean is None or not values:
            return None
        mean, worst = self.unit * mean, self.worst(values)
        return Line(policy, values, mean, worst, (number(mean), number(worst), str(score.rule_violations)))

    def axis(self, charts: Sequence[Sequence[Line]]) -> Axis:
        """Wide enough for every game of all charts."""
        values = [value for lines in charts for line in lines for value in line.games]
        return Axis(self.label, COLUMNS, min(0.0, *values), max(1.0, *values), self.rooted)


REGRET = Measure("regret, %: less is better", lambda game, _: game.regret, lambda score: score.regret, max)
AHEAD = Measure(
    f"net revenue beside {AGAINST}, %: more is better",
    lambda game, first: game.net_revenue / first[game.seed] - 1 if game.seed in first else None,
    lambda score: score.ahead_of_first_pipeline,
    min,
)
NET = Measure(
    "net revenue, millions: more is better",
    lambda game, _: game.net_revenue,
    lambda score: score.net_revenue,
    min,
    unit=1,
    rooted=False,
)


@dataclass(frozen=True)
class Shown:
    """One world on the page."""

    name: str
    what: str
    games: int
    weeks: int
    scores: Mapping[str, Score]
    measure: Measure
    lines: list[Line]


def scorecard_page(games: Sequence[Game]) -> str:
    """HTML. Worlds and policies stand in the order in which their games come."""
    found = scorecard(games)
    worlds = [_shown(name, row, [game for game in games if game.world == name]) for name, row in found.items()]
    axes = {
        kind: kind.axis([world.lines for world in worlds if world.measure is kind])
        for kind in {world.measure for world in worlds}
    }
    return page(
        "scorecard.html",
        worlds=worlds,
        charts=[dot_plot(world.lines, axes[world.measure], f"world{place}") for place, world in enumerate(worlds)],
        summaries=_summaries(found),
        policies={name: IN_WORDS.get(name, "") for row in found.values() for name in row},
        without_best=[world.name for world in worlds if world.measure is not REGRET],
        against=AGAINST,
        percent=percent,
        with_error=with_error,
    )


def _shown(name: str, scores: Mapping[str, Score], games: Sequence[Game]) -> Shown:
    """Regret where it is known, else the difference to the first pipeline, else what was earned."""
    first = {game.seed: game.net_revenue for game in games if game.policy == AGAINST}
    for measure in (REGRET, AHEAD, NET):
        drawn = [
            measure.line(policy, score, [game for game in games if game.policy == policy], first)
            for policy, score in scores.items()
        ]
        lines = [line for line in drawn if line is not None]
        if len(lines) == len(scores):
            break
    most = list(scores.values())
    return Shown(name, _what(name), max(s.seeds for s in most), max(s.weeks for s in most), scores, measure, lines)


def _summaries(found: Scorecard) -> dict[str, dict[str, Summary]]:
    """Of worlds of one kind, where there is more than one."""
    kinds: dict[str, dict[str, Mapping[str, Score]]] = {}
    for name, row in found.items():
        kinds.setdefault(_kind(name), {})[name] = row
    return {f"Over {len(rows)} {kind}": over_worlds(rows) for kind, rows in kinds.items() if len(rows) > 1}


def _kind(world: str) -> str:
    return "made-up markets" if world in FAMILIES else "worlds from files" if ".py" in world else "countries"


def _what(world: str) -> str:
    if world in FAMILIES:
        return inspect.getdoc(FAMILIES[world]) or ""
    return "A world from a file of its own." if ".py" in world else "A market estimated from this country's real sales."
