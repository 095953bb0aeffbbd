"""The code that made a record, and the packages it ran with: those of this checkout, or of the record's commit in a worktree."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from lottery_assets.audit.provenance import PACKAGE, Code, Provenance, git
from lottery_assets.audit.replay.comparison import Cause
from lottery_assets.audit.replay.record import Refused

SHOWN = 5
"""Files that are named."""


def not_as_recorded(provenance: Provenance, now: Code, checkout: Path, remedy: str) -> list[Cause]:
    """What of code and lock is not what made the record."""
    causes = []
    if not _same_code(provenance, now):
        causes.append(Cause("code", _code(provenance, now, checkout), remedy))
    if now.lock_sha256 != provenance.lock_sha256:
        said = f"the lock of packages is not what it was ({provenance.lock_sha256} then, {now.lock_sha256} now)"
        causes.append(Cause("lock", said, remedy))
    return causes


def _same_code(provenance: Provenance, now: Code) -> bool:
    """By the digest of the package; a record from before there was one is held to its commit."""
    if provenance.code_sha256 is None:
        clean = provenance.git_dirty is False and now.git_dirty is False
        return clean and provenance.git_commit == now.git_commit
    return provenance.code_sha256 == now.code_sha256


def _code(provenance: Provenance, now: Code, checkout: Path) -> str:
    commit = provenance.git_commit
    if commit is None:
        return "the record names no commit, and its code is not that of this checkout"
    if now.git_commit == commit and provenance.git_dirty:
        return f"the record was made from commit {commit} with changes that were never committed"
    changed = (git(checkout, "diff", "--name-only", commit, "--", PACKAGE) or "").splitlines()
    more = f" and {len(changed) - SHOWN} more" if len(changed) > SHOWN else ""
    named = f", in {', '.join(changed[:SHOWN])}{more}," if changed else ""
    return f"the code of this checkout differs{named} from that of commit {commit}, which made the record"


@contextmanager
def worktree(checkout: Path, commit: str | None) -> Iterator[Path]:
    """A temporary worktree of the commit. Raises Refused where the repository does not have it."""
    if commit is None:
        raise Refused("the record names no commit; replay it without --at-commit")
    if git(checkout, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        raise Refused(f"{checkout}: has no commit {commit}; `git fetch` it, or run from the repository that has it")
    with TemporaryDirectory(prefix="lottery-replay-") as folder:
        place = Path(folder) / "checkout"
        subprocess.run(
            ["git", "worktree", "add", "--quiet", "--detach", place, commit],
            cwd=checkout,
            check=True,
            capture_output=True,
        )
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], cwd=checkout, capture_output=True)


def environment(lock: Path, version: str | None, into: Path) -> Path:
    """A Python with exactly the packages of a lock. `version`: the Python of then; its minor version is taken where it is installed.

    Raises Refused where the packages cannot be installed.
    """
    minor = ".".join((version or "").split(".")[:2])
    base = shutil.which(f"python{minor}") if minor and not sys.version.startswith(f"{minor}.") else None
    pip = [sys.executable, "-m", "pip", "--python", str(into), "--disable-pip-version-check", "--quiet"]
    for command in (
        [base or sys.executable, "-m", "venv", "--without-pip", str(into)],
        [*pip, "install", "--no-deps", "--require-hashes", "--requirement", str(lock)],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Refused(f"{lock.name}: the packages of then cannot be installed:\n{done.stderr.strip()}")
    return into / "bin/python"
