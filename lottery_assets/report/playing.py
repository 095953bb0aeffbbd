"""Games of a simulation under a progress bar, for whoever waits: a bar on a terminal, a line now and then in a log."""

from collections.abc import Sequence

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from upath import UPath

from lottery_assets.simulation.games import Sources, Task, check, run
from lottery_assets.simulation.play import Clock, Game

LINES = 50
"""In a log, from the first game to the last."""


def play_watched(
    tasks: Sequence[Task], sources: Sources, kept: UPath, processes: int, clock: Clock, console: Console
) -> list[Game]:
    """The game of each task, in the order of the tasks. Raises BadInput before anything is played, and what a game raises."""
    check(tasks, sources)
    place = {(task.world, task.policy, task.seed): number for number, task in enumerate(tasks)}
    games = []
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console) as progress:
        bar = progress.add_task("playing", total=len(tasks))
        for game in run(tasks, sources, kept, processes, clock):
            games.append(game)
            progress.advance(bar)
            if not console.is_terminal and LINES * len(games) // len(tasks) > LINES * (len(games) - 1) // len(tasks):
                console.print(f"{len(games)} of {len(tasks)} games")
    return sorted(games, key=lambda game: place[game.world, game.policy, game.seed])
