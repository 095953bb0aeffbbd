"""Versions of the sales that were read, each kept under the md5 of its bytes, as a remote of DVC keeps them:

    <store>/files/md5/bc/858720acc0446a4fbfc6706c3004cb

So a `data_version` can be fetched with DVC, or by hand, for as long as the store is kept. DVC itself is not needed to read or write one.
"""

import hashlib
from collections.abc import Iterable
from configparser import ConfigParser
from configparser import Error as Unreadable
from pathlib import Path

import yaml
from upath import UPath

from lottery_assets.audit.publication import replace
from lottery_assets.complaints import BadInput

KEPT = "data"
"""Folder below the artifacts for what no other store has."""


def version_of(content: bytes) -> str:
    """md5 in hexadecimal digits, DVC's name of a version."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def place_of(store: str, version: str) -> UPath:
    """Where a store has a version."""
    return UPath(store) / "files" / "md5" / version[:2] / version[2:]


def kept_beside(artifacts: str) -> str:
    """The store of an installation that was told no other."""
    return str(UPath(artifacts) / KEPT)


def has(store: str, version: str) -> bool:
    """Whether a store has the version, undamaged."""
    return fetch(version, [store]) is not None


def fetch(version: str, stores: Iterable[str]) -> bytes | None:
    """The bytes, from the first store that has them undamaged; None where none has."""
    for store in stores:
        try:
            content = place_of(store, version).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        if version_of(content) == version:
            return bytes(content)
    return None


def keep(source: str, version: str, store: str) -> None:
    """Copies what lies at `source` into the store, unless it has it. Raises BadInput where the source is another version by now."""
    if has(store, version):
        return
    content = UPath(source).read_bytes()
    if version_of(content) != version:
        raise BadInput.of(f"{source}: changed while it was read; run again", file=source)
    replace(place_of(store, version), content, mode=0o444)


def refuse_changed(source: str, version: str) -> None:
    """Raises BadInput where DVC tracks the file and names another version of it: whose sales these are, nobody could say later."""
    named = _named_by_dvc(source)
    if named not in (None, version):
        raise BadInput.of(
            f"{source}: was changed by hand: its md5 is {version}, and {source}.dvc names {named}; if the change is meant, `dvc add {source}`, "
            f"`dvc push` and commit; if not, `dvc checkout --force {source}`",
            file=source,
        )


def remote_of(source: str) -> str | None:
    """The default DVC remote of the repository that tracks a file; None where DVC does not track it, or has no such remote."""
    if _named_by_dvc(source) is None:
        return None
    folders = (parent / ".dvc" for parent in Path(source).resolve().parents)
    folder = next((its for its in folders if (its / "config").is_file()), None)
    return default_remote(folder) if folder else None


def default_remote(folder: Path) -> str | None:
    """URL of the default remote that a `.dvc` folder configures; a path is relative to that folder."""
    config = ConfigParser(interpolation=None)
    try:
        config.read([folder / "config", folder / "config.local"])
    except Unreadable:
        return None
    url = config.get(f"'remote \"{config.get('core', 'remote', fallback='')}\"'", "url", fallback=None)
    return url if url is None or "://" in url else str((folder / url).resolve())


def _named_by_dvc(source: str) -> str | None:
    """The version that the file's `.dvc` names; None where there is none. Raises BadInput where it cannot be read."""
    if "://" in source:
        return None
    file = Path(f"{source}.dvc")
    try:
        outs = yaml.safe_load(file.read_text())["outs"]
        return next(
            (str(out["md5"]) for out in outs if out["path"] == Path(source).name and out.get("hash") == "md5"), None
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, yaml.YAMLError):
        raise BadInput.of(
            f"{file}: is no file of DVC's; restore it with `git checkout {file}`", file=str(file)
        ) from None
