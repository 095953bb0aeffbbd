"""The sales and configurations of a past week, put together in a folder for a run."""

import re
from collections.abc import Iterator
from pathlib import Path

from upath import UPath

from lottery_assets.audit.data_versions import default_remote, fetch, kept_beside, version_of
from lottery_assets.audit.provenance import Configuration, Provenance, committed, digest
from lottery_assets.audit.replay.comparison import Cause
from lottery_assets.audit.replay.record import Refused

SECRET = re.compile(r"^available_cash_secret_name[ \t]*:.*$", re.MULTILINE)
ANYWAY = "add --anyway to replay with that one and see what differs"


def stores(provenance: Provenance, artifacts: str, dvc_remote: str | None, checkout: Path) -> list[str]:
    """Where the version of the sales may lie, the nearest first: beside the artifacts, in the checkout's own remote and cache, where the
    record has it, and where the settings keep versions now."""
    of_checkout = default_remote(checkout / ".dvc")
    own = [kept_beside(artifacts), of_checkout, str(checkout / ".dvc" / "cache"), provenance.data_remote, dvc_remote]
    return list(dict.fromkeys(store for store in own if store))


def put_sales(provenance: Provenance, places: list[str], now: UPath, into: Path) -> tuple[Path, list[Cause]]:
    """Writes the sales of then below `into`; `now` is today's file, taken where no store has the version, and then a cause.

    Raises Refused where there is not even that.
    """
    content = fetch(provenance.data_version, places)
    causes = []
    if content is None:
        said = f"the sales of then, version {provenance.data_version}, lie in none of {', '.join(places)}"
        if not now.is_file():
            raise Refused(f"{said}; bring the version back from a backup, or name a copy of it with --data")
        content = now.read_bytes()
        if version_of(content) != provenance.data_version:
            causes = [Cause("data", f"{said}; {now} is version {version_of(content)}", ANYWAY)]
    file = into / Path(provenance.data_source).name
    file.write_bytes(content)
    return file, causes


def put_configs(provenance: Provenance, folder: Path, checkout: Path, into: Path) -> list[Cause]:
    """Writes the configurations of then into `into`: from the folder of today where they are the same, else from the record's commit.

    Where neither has one, today's is taken and is a cause. Raises Refused where there is not even that. Cash that was read from a secret
    is what the record has of it.
    """
    recorded = provenance.configs or {f"{provenance.country}.yaml": Configuration(sha256=provenance.config_sha256)}
    causes = []
    into.mkdir()
    for name, its in recorded.items():
        versions = list(_versions(name, folder, checkout, provenance.git_commit))
        if not versions:
            raise Refused(
                f"{folder / name}: is gone, and no commit of the record has it; name the folder of then with --configs"
            )
        content = next((text for text in versions if digest(text) == its.sha256), None)
        if content is None:
            content = versions[0]
            said = f"{folder / name}: is not what it was, and the record's commit has no configs/{name} of that digest"
            causes.append(Cause("config", f"{said} ({its.sha256})", ANYWAY))
        (into / name).write_bytes(_with_cash(content.decode(), its.available_cash).encode())
    return causes


def _versions(name: str, folder: Path, checkout: Path, commit: str | None) -> Iterator[bytes]:
    """Today's, then that of the commit."""
    if (folder / name).is_file():
        yield (folder / name).read_bytes()
    shown = None if commit is None else committed(checkout, commit, f"configs/{name}")
    if shown is not None:
        yield shown


def _with_cash(text: str, cash: float | None) -> str:
    return text if cash is None else SECRET.sub(f"available_cash: {cash!r}", text)
