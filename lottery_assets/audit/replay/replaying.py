"""A past week decided again, step by step: code, packages, sales, configurations, run, comparison."""

import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from upath import UPath

from lottery_assets.audit.provenance import Provenance, code_of
from lottery_assets.audit.replay.code import environment, not_as_recorded, worktree
from lottery_assets.audit.replay.comparison import Cause, Difference, differences, relative_size
from lottery_assets.audit.replay.inputs import put_configs, put_sales, stores
from lottery_assets.audit.replay.models import put_models
from lottery_assets.audit.replay.record import PastRecord, Refused, is_pending
from lottery_assets.audit.replay.rerun import Answer, Task, rerun

MODELS = "models"
"""Folder below the artifacts in which a run looks for the versions of models."""


@dataclass(frozen=True)
class Places:
    """Where this installation has what it needs. `data` and `configs` are today's; `judged_apart`: a registry beside `models` says which
    version may be champion.
    """

    artifacts: str
    configs: Path
    data: str
    dvc_remote: str | None
    checkout: Path
    lock_file: Path
    models: str
    git_commit: str | None = None
    judged_apart: bool = False


@dataclass(frozen=True)
class Replay:
    """`same`: byte for byte. `reason`: why the week has no recommendation now. `causes`: of the differences, the likeliest first."""

    same: bool
    differences: tuple[Difference, ...] = ()
    causes: tuple[Cause, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class _Code:
    folder: Path
    python: Path
    causes: list[Cause]


def replay(
    past: PastRecord,
    places: Places,
    *,
    at_commit: bool = False,
    anyway: bool = False,
    run: Callable[..., Answer] = rerun,
    build: Callable[[Path, str | None, Path], Path] = environment,
) -> Replay:
    """Decides the record's week again. `at_commit`: with the record's code and packages; otherwise with those of the checkout.

    Raises Refused where an input is not what it was, or is gone; `anyway` takes what there is today instead, and names it as a cause.
    """
    its = past.provenance
    prepared = _of_commit(its, places, build) if at_commit else _of_checkout(its, places)
    with TemporaryDirectory(prefix="lottery-replay-") as folder, prepared as code:
        inputs = Path(folder)
        data, sales_causes = put_sales(
            its, stores(its, places.artifacts, places.dvc_remote, places.checkout), UPath(places.data), inputs
        )
        config_causes = put_configs(its, places.configs, places.checkout, inputs / "configs")
        causes = [*sales_causes, *config_causes, *code.causes]
        countries, into = [Path(name).stem for name in its.configs], inputs / "artifacts" / MODELS
        causes += put_models(places.models, countries, its, into, places.judged_apart)
        if causes and not anyway:
            raise Refused("\n".join(f"{cause.message}; {cause.remedy}" for cause in causes))
        task = Task(its.country, its.week_start, _week(its), is_pending(past.document))
        answer = run(code.python, code.folder, inputs / "configs", data, inputs / "artifacts", task)
    return _compared(past, answer, causes)


@contextmanager
def _of_checkout(its: Provenance, places: Places) -> Iterator[_Code]:
    now = code_of(places.checkout, places.lock_file, git_commit=places.git_commit)
    remedy = "add --at-commit to replay with the code and packages of then, or --anyway to see what differs"
    yield _Code(places.checkout, Path(sys.executable), not_as_recorded(its, now, places.checkout, remedy))


@contextmanager
def _of_commit(its: Provenance, places: Places, build: Callable[[Path, str | None, Path], Path]) -> Iterator[_Code]:
    if not places.lock_file.is_relative_to(places.checkout):
        raise Refused(
            f"{places.lock_file}: lies outside of {places.checkout}, whose commits have no lock then; unset LOTTERY_LOCK_FILE"
        )
    with worktree(places.checkout, its.git_commit) as folder, TemporaryDirectory(prefix="lottery-replay-") as packages:
        lock = folder / places.lock_file.relative_to(places.checkout)
        causes = not_as_recorded(its, code_of(folder, lock), folder, "add --anyway to see what differs")
        here = code_of(places.checkout, places.lock_file).lock_sha256
        python = Path(sys.executable) if its.lock_sha256 == here else build(lock, its.python, Path(packages) / "venv")
        yield _Code(folder, python, causes)


def _week(its: Provenance) -> str | None:
    """A record that knows no configurations is from before the week was recorded; the week itself then is what was asked for."""
    return its.week_asked if its.configs else its.week_start


def _compared(past: PastRecord, answer: Answer, causes: list[Cause]) -> Replay:
    if answer.document is None:
        return Replay(False, causes=tuple(causes or [UNKNOWN]), reason=answer.reason)
    if answer.document == past.document:
        return Replay(True)
    differ = differences(past.document, answer.document)
    found = [*causes, *_solver(past.document, answer.document), *_model(past.provenance, answer, causes)]
    return Replay(False, differ, tuple(found or [_digits(differ) or UNKNOWN]))


def _digits(found: Sequence[Difference]) -> Cause | None:
    """Numbers that are the same but for rounding, where every input is the same."""
    most = max(map(relative_size, found), default=math.inf)
    said = f"the answer is the same but for the last digits, by at most {most:.1g} of a number: another processor under the same lock"
    return Cause("digits", said) if most <= LAST_DIGITS else None


def _solver(recorded: bytes, replayed: bytes) -> Iterator[Cause]:
    then, now = (json.loads(document)["solver"]["version"] for document in (recorded, replayed))
    if then != now:
        yield Cause(
            "solver",
            f"the solver was HiGHS {then} then and is {now} now: the packages installed here are not those of the lock",
        )


def _model(its: Provenance, answer: Answer, causes: list[Cause]) -> Iterator[Cause]:
    """Of no interest where an input of the model differs already."""
    if not causes and answer.model_version not in (None, its.model_version):
        yield Cause(
            "model",
            f"the model is version {answer.model_version} now and was {its.model_version} then, from the same sales",
        )


LAST_DIGITS = 1e-6
UNKNOWN = Cause(
    "unknown",
    "sales, configuration, code, lock and solver are what they were: look whether the packages installed here are those of the lock "
    "(`pip freeze`); if they are, it is a bug, report it",
)
