"""What a world offers to the policies that play it, and how anybody's own is loaded: nothing of this package needs to be imported."""

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
from pydantic import ValidationError

from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.country import CountryConfig


class World(Protocol):
    """A market with a known demand. It begins after its history; `play` lets one week happen."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The keys of a country's YAML file."""

    @property
    def history(self) -> pd.DataFrame:
        """Rows of the sales file."""

    @property
    def available_cash(self) -> float:
        """The treasury's cash now, millions."""

    def expected_tickets(self, jackpot: float) -> float:
        """Tickets that the coming week sells in expectation at a jackpot [millions], given all that was announced."""

    def play(self, jackpot: float) -> Mapping[str, Any]:
        """The coming week happens at this jackpot; its row of the sales file. The next week is the coming one."""

    def oracle_net_revenue(self, weeks: int) -> float | None:
        """Expected net revenue [millions] of a planner who knows the demand, over the first `weeks`; None where nobody knows."""


Maker = Callable[[int], World]
"""A seed in, a world out."""

_NEEDED = ("config", "history", "expected_tickets", "play", "available_cash", "oracle_net_revenue")


def load(place: str) -> Maker:
    """The function of `FILE.py:FUNCTION`. Raises BadInput where there is no such file or function."""
    file, _, function = place.rpartition(":")
    path = Path(file)
    if not path.is_file():
        raise BadInput.of(f"{place}: there is no file {file or place}; write path/to/file.py:function", key="world")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise BadInput.of(f"{place}: {file} is no Python file", key="world")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    maker = getattr(module, function, None)
    if not callable(maker):
        raise BadInput.of(f"{place}: {file} has no function {function}", key="world")
    return maker


def checked(world: Any, name: str) -> World:
    """The world itself. Raises BadInput that lists what it lacks, or what is wrong with its configuration."""
    lacking = [part for part in _NEEDED if not hasattr(world, part)]
    if lacking:
        raise BadInput.of(f"{name}: the world has no {', '.join(lacking)}", key="world")
    try:
        CountryConfig.model_validate(dict(world.config))
    except ValidationError as fault:
        raise BadInput(
            Complaint(key="world", message=f"{name}: in its config, {line['msg']}") for line in fault.errors()
        ) from None
    return world
