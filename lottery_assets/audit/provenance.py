"""What a recommendation was made from: code, data, configuration, model, image."""

import hashlib
import platform
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

PACKAGE = "lottery_assets"


def digest(content: bytes | str) -> str:
    """SHA-256 in hexadecimal digits; text is taken as UTF-8."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


class Code(BaseModel):
    """The program that ran."""

    model_config = ConfigDict(frozen=True)

    git_commit: str | None
    git_dirty: bool | None
    """Files differ from the commit; None where that cannot be known."""
    lock_sha256: str | None
    image_digest: str | None
    code_sha256: str | None = None
    """Of the package's files, whatever git says of them: see `package_digest`."""
    python: str | None = None


class Configuration(BaseModel):
    """One file of the configurations that a recommendation was made with. `available_cash` [millions]: where a secret may have held it."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    available_cash: float | None = None


class Provenance(BaseModel):
    """`metadata.json`: every input of one recommendation, and when it was made."""

    model_config = ConfigDict(frozen=True)

    country: str
    week_start: str
    created_at: datetime
    git_commit: str | None
    git_dirty: bool | None
    data_version: str
    data_source: str
    config_sha256: str
    image_digest: str | None
    model_version: str
    """Of the model that recommended."""
    model_stage: str | None = None
    """`champion`; None where nobody has judged the model."""
    challenger: str | None = None
    """This week's fit, where the champion recommended in its place."""
    dagster_run_id: str | None
    lock_sha256: str | None
    recommendation_sha256: str
    data_remote: str | None = None
    """The store, laid out as a DVC remote, that has `data_version`."""
    week_asked: str | None = None
    """The week that the run was told; None: the one after the last sales."""
    configs: Mapping[str, Configuration] = {}
    """By file name: the country's own and, where it shares a treasury, the pool's and those of all that are in it."""
    code_sha256: str | None = None
    python: str | None = None
    files: Mapping[str, str] = {}
    """SHA-256 of everything that lies beside `metadata.json`, by name; the page is made before it, and knows none."""


class TreasuryProvenance(BaseModel):
    """`metadata.json` beside `treasury.json`. `recommendations`: digest of each member's published recommendation."""

    model_config = ConfigDict(frozen=True)

    week_start: str
    created_at: datetime
    git_commit: str | None
    git_dirty: bool | None
    data_versions: dict[str, str]
    config_sha256: str
    image_digest: str | None
    dagster_run_id: str | None
    lock_sha256: str | None
    recommendations: dict[str, str]
    treasury_sha256: str
    code_sha256: str | None = None
    python: str | None = None
    files: Mapping[str, str] = {}


def sealed(provenance: Provenance | TreasuryProvenance, files: Mapping[str, bytes]) -> bytes:
    """`metadata.json`, given what lies beside it."""
    digests = {name: digest(content) for name, content in files.items()}
    return provenance.model_copy(update={"files": digests}).model_dump_json(indent=1).encode() + b"\n"


def code_of(checkout: Path, lock_file: Path, *, git_commit: str | None = None, image_digest: str | None = None) -> Code:
    """The code in `checkout`. An image carries no git: there the commit comes in as an argument and is taken as clean."""
    commit, dirty = git_commit, None if git_commit is None else False
    if commit is None:
        commit = git(checkout, "rev-parse", "HEAD")
        dirty = None if commit is None else bool(git(checkout, "status", "--porcelain"))
    return Code(
        git_commit=commit,
        git_dirty=dirty,
        lock_sha256=digest(lock_file.read_bytes()) if lock_file.is_file() else None,
        image_digest=image_digest,
        code_sha256=package_digest(checkout / PACKAGE),
        python=platform.python_version(),
    )


def package_digest(package: Path) -> str | None:
    """One SHA-256 over the paths and bytes of all files of a package; None where there is no such folder.

    What Python compiled does not count, nor do files that a system leaves in every folder.
    """
    files = sorted(path for path in package.rglob("*") if path.is_file() and _is_code(path.relative_to(package)))
    lines = (f"{digest(path.read_bytes())} {path.relative_to(package).as_posix()}\n" for path in files)
    return digest("".join(lines)) if files else None


def _is_code(path: Path) -> bool:
    return "__pycache__" not in path.parts and not any(part.startswith(".") for part in path.parts)


def committed(checkout: Path, commit: str, file: str) -> bytes | None:
    """A file of a commit, or None where there is no git, no such commit or no such file in it."""
    try:
        return subprocess.run(["git", "show", f"{commit}:{file}"], cwd=checkout, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def git(checkout: Path, *arguments: str) -> str | None:
    """Output of git, or None where there is no git, no repository, or another project's repository around ours."""
    try:
        top = subprocess.run(
            ["git", "rev-parse", "--show-toplevel"], cwd=checkout, capture_output=True, text=True, check=True
        )
        if Path(top.stdout.strip()).resolve() != checkout.resolve():
            return None
        found = subprocess.run(["git", *arguments], cwd=checkout, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()
