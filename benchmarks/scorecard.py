"""The scorecard: every policy in the six families and after the four games, and the page that shows it. Interrupted, it goes on."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from upath import UPath

from benchmarks.timing import markdown
from lottery_assets import sales
from lottery_assets.country import load_countries
from lottery_assets.report.playing import play_watched
from lottery_assets.report.scorecard_page import scorecard_page
from lottery_assets.report.scorecards import cells, percent, with_error
from lottery_assets.simulation.families import FAMILIES
from lottery_assets.simulation.games import Sources, tournament
from lottery_assets.simulation.play import Game
from lottery_assets.simulation.policies import ORACLE, POLICIES
from lottery_assets.simulation.scorecard import Score, Summary, over_worlds, scorecard

SEEDS, AFTER_GAMES, WEEKS = 30, 5, 104
"""Games in each family, and fewer after each real game: where cash is short a decision takes seconds."""
KEPT, PAGE = UPath("artifacts/simulations"), Path("artifacts/scorecard.html")
"""Games are those of `lottery simulate`, which finds them there."""
HEADER = ["world", "policy", "games", "regret %", "worst", "ahead %", "weeks broken", "cash %", "80 % band held %", "s"]


def table() -> str:
    """One row a policy in each world, and their means over the families; writes the page too."""
    games = played()
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(scorecard_page(games), encoding="utf-8")
    return written(games)


def played(seeds: int = SEEDS, after_games: int = AFTER_GAMES, weeks: int = WEEKS) -> list[Game]:
    """All games, those kept from before included; progress on standard error."""
    raw = sales.read_sales("data/lottery_sales.csv.gz").frame
    configs = load_countries("configs").configs
    policies = [*POLICIES, ORACLE]
    tasks = tournament([*FAMILIES], policies, seeds, weeks) + tournament([*configs], policies, after_games, weeks)
    sources = Sources({name: (config, raw) for name, config in configs.items()})
    return play_watched(tasks, sources, KEPT, os.cpu_count() or 1, time.perf_counter, Console(stderr=True))


def written(games: list[Game]) -> str:
    """Markdown."""
    found = scorecard(games)
    families = {world: row for world, row in found.items() if world in FAMILIES}
    means = over_worlds(families) if families else {}
    rows = [[f"mean of {len(families)} families", policy, "", *_mean(mean)] for policy, mean in means.items()]
    rows += [
        [world, policy, str(score.seeds), *cells(score)]
        for world, row in found.items()
        for policy, score in row.items()
    ]
    return markdown(f"Policies in worlds whose demand is known, {_length(found)}", HEADER, rows)


def _mean(mean: Summary) -> list[str]:
    regret = with_error(mean.regret, mean.regret_standard_error)
    ahead = with_error(mean.ahead_of_first_pipeline, mean.ahead_standard_error)
    return [regret, percent(mean.worst_regret), ahead, str(mean.rule_violations), "", "", ""]


def _length(found: Mapping[str, Mapping[str, Score]]) -> str:
    scores = [score for row in found.values() for score in row.values()]
    return f"games of {max(score.weeks for score in scores)} weeks"
