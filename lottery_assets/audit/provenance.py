"""What a recommendation was made from: code, data, configuration, model, image."""

import hashlib
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict


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
    dagster_run_id: str | None
    lock_sha256: str | None
    recommendation_sha256: str
    data_remote: str | None = None
    """The store, laid out as a DVC remote, that has `data_version`."""
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
    files: Mapping[str, str] = {}


def sealed(provenance: Provenance | TreasuryProvenance, files: Mapping[str, bytes]) -> bytes:
    """`metadata.json`, given what lies beside it."""
    digests = {name: digest(content) for name, content in files.items()}
    return provenance.model_copy(update={"files": digests}).model_dump_json(indent=1).encode() + b"\n"


def code_of(checkout: Path, lock_file: Path, *, git_commit: str | None = None, image_digest: str | None = None) -> Code:
    """The code in `checkout`. An image carries no git: there the commit comes in as an argument and is taken as clean."""
    lock = digest(lock_file.read_bytes()) if lock_file.is_file() else None
    if git_commit is not None:
        return Code(git_commit=git_commit, git_dirty=False, lock_sha256=lock, image_digest=image_digest)
    commit = _git(checkout, "rev-parse", "HEAD")
    changes = _git(checkout, "status", "--porcelain")
    return Code(
        git_commit=commit,
        git_dirty=None if commit is None else bool(changes),
        lock_sha256=lock,
        image_digest=image_digest,
    )


def _git(checkout: Path, *arguments: str) -> str | None:
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
