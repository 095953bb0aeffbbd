"""Many games at once: in processes of their own, each result kept as soon as it is there, so that an interrupted run goes on.

A result is filed under what it was made from (this package but the rooms that show results, the libraries that compute, the world's own
file or sales): a change of any of them plays anew.
"""

import hashlib
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from pydantic import ValidationError
from threadpoolctl import threadpool_limits
from upath import UPath

from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig
from lottery_assets.simulation import calibrated
from lottery_assets.simulation.families import FAMILIES
from lottery_assets.simulation.play import Clock, Game, play
from lottery_assets.simulation.policies import ORACLE, POLICIES
from lottery_assets.simulation.world import Maker, checked, load

APART = ("audit", "cli", "definitions.py", "onboarding", "orchestration", "report", "settings.py", "signoff")
"""What no game imports, by the contract on imports: a page may change without an hour of games being played again."""
LIBRARIES = ("numpy", "scipy", "pandas", "highspy", "pyomo")


@dataclass(frozen=True)
class Task:
    """One game to be played."""

    world: str
    policy: str
    seed: int
    weeks: int


@dataclass(frozen=True, eq=False)
class Sources:
    """Where worlds come from beside the families: countries with their configuration and sales, and files of one's own."""

    countries: Mapping[str, tuple[CountryConfig, pd.DataFrame]]

    def maker(self, name: str) -> Maker:
        """The function that makes a world. Raises BadInput that lists the worlds there are."""
        if name in FAMILIES:
            return FAMILIES[name]
        if name in self.countries:
            return partial(calibrated.world, *self.countries[name])
        if ".py" in name:
            return load(name)
        there = ", ".join([*FAMILIES, *sorted(self.countries)])
        raise BadInput.of(
            f"{name}: there is no such world; there are {there}, and path/to/file.py:function", key="world"
        )

    def fingerprint(self, name: str) -> str:
        """Of everything that a game in this world depends on."""
        found = hashlib.sha256(_package().encode())
        if name in self.countries and name not in FAMILIES:
            config, frame = self.countries[name]
            found.update(config.model_dump_json().encode())
            found.update(frame[frame["country"] == name].to_csv(index=False).encode())
        elif name not in FAMILIES:
            found.update(Path(name.rpartition(":")[0]).read_bytes())
        return found.hexdigest()[:16]


def tournament(
    worlds: Sequence[str], policies: Sequence[str], seeds: int, weeks: int, first_seed: int = 0
) -> list[Task]:
    """Every policy in every world, all of a seed before the next: an interrupted run has each of them."""
    return [
        Task(world, policy, seed, weeks)
        for seed in range(first_seed, first_seed + seeds)
        for world in worlds
        for policy in policies
    ]


def run(
    tasks: Iterable[Task], sources: Sources, kept: UPath, processes: int, clock: Clock | None = None
) -> Iterator[Game]:
    """The game of each task, in the order they end; games found in the folder `kept` come first. Raises what a game raises."""
    left: dict[Task, UPath] = {}
    made_from = cache(sources.fingerprint)
    for task in tasks:
        place = kept / made_from(task.world) / _name(task)
        game = _found(place)
        if game is None:
            left[task] = place  # as of now: files that change while games are played are not what they were made from
        else:
            yield game
    if not left:
        return
    # spawn: a forked process would inherit the solver's and the UI's threads in the middle of whatever they do
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _begin, (sources,))
    try:
        running = {pool.submit(_game, task, clock): task for task in left}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                task, game = running.pop(future), future.result()
                _keep(left[task], game)
                yield game
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def check(tasks: Iterable[Task], sources: Sources) -> None:
    """Makes each world once. Raises BadInput for an unknown world or policy, and where a world lacks something."""
    worlds: dict[str, int] = {}
    for task in tasks:
        if task.policy not in (*POLICIES, ORACLE):
            there = ", ".join([*POLICIES, ORACLE])
            raise BadInput.of(f"{task.policy}: there is no such policy; there are {there}", key="policy")
        worlds.setdefault(task.world, task.seed)
    for world, seed in worlds.items():
        checked(sources.maker(world)(seed), world)


_sources: Sources


def _begin(sources: Sources) -> None:
    global _sources
    _sources = sources
    threadpool_limits(1)


def _game(task: Task, clock: Clock | None) -> Game:
    world = checked(_sources.maker(task.world)(task.seed), task.world)
    oracle = _oracle(task.world, task.seed, task.weeks)
    return play(world, task.world, task.policy, task.seed, task.weeks, oracle, clock)


@lru_cache(maxsize=1024)
def _oracle(world: str, seed: int, weeks: int) -> float | None:
    return checked(_sources.maker(world)(seed), world).oracle_net_revenue(weeks)


def _name(task: Task) -> str:
    slug = "".join(letter if letter.isalnum() else "_" for letter in Path(task.world).name)
    return f"{slug}-{task.policy}-{task.seed}-{task.weeks}.json"


def _found(place: UPath) -> Game | None:
    try:
        return Game.model_validate_json(place.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        return None


def _keep(place: UPath, game: Game) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(game.model_dump_json(), encoding="utf-8")


def _package() -> str:
    root = Path(__file__).parent.parent
    files = sorted(
        path
        for path in root.rglob("*")
        if path.suffix in (".py", ".json") and path.relative_to(root).parts[0] not in APART
    )
    parts = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    return " ".join([*parts, *(version(name) for name in LIBRARIES)])
