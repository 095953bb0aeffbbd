"""Where versions live: a folder or S3 prefix beside the artifacts.

    <models>/<country>/versions/<trained_until>-<version>/{model.json, card.json}
    <models>/<country>/decisions/0001.json   what people decided about the champion, one file a decision

`model.json` is the fitted document; its SHA-256 is the version, so a changed one is noticed when it is read. `card.json` is written
last and is the seal: a version without it is none. Nothing is written twice.
"""

import re
from datetime import date
from typing import Protocol

from pydantic import ValidationError
from upath import UPath

from lottery_assets.audit.models.card import Decision, ModelCard, Version
from lottery_assets.audit.provenance import digest
from lottery_assets.audit.publication import put_new
from lottery_assets.complaints import BadInput
from lottery_assets.demand import SalesModel

MODEL, CARD = "model.json", "card.json"
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-([0-9a-f]{64})")


class OtherProgram(BadInput):
    """A model that is whole, and that another version of the program wrote in another form."""


class ModelHome(Protocol):
    """What any home of versions can do."""

    def countries(self) -> list[str]:
        """Countries with versions."""

    def versions(self, country: str) -> list[Version]:
        """Of one country, the newest training end first."""

    def card(self, version: Version) -> ModelCard | None:
        """None where there is no such version."""

    def model(self, version: Version) -> SalesModel:
        """Its state. Raises BadInput where it is not what its name says, OtherProgram where it has another form."""

    def put(self, model: SalesModel, card: ModelCard) -> None:
        """A new version; one that is there already stays as it is."""

    def approved(self, card: ModelCard) -> bool:
        """Whether the version may be champion."""

    def decisions(self, country: str) -> list[Decision]:
        """What people decided, the first decision first."""

    def decide(self, decision: Decision) -> None:
        """One more decision."""


def state(model: SalesModel) -> bytes:
    """`model.json`."""
    return model.model_dump_json().encode()


def version_of(country: str, model: SalesModel) -> Version:
    """By content."""
    return Version(country=country, trained_until=model.trained_until, version=digest(state(model)))


class FolderHome:
    """Below `root`, a local folder or an `s3://` URL."""

    def __init__(self, root: str) -> None:
        self.root = UPath(root)

    def countries(self) -> list[str]:
        """Folders below the root."""
        return _names(self.root)

    def versions(self, country: str) -> list[Version]:
        """By the names of their folders."""
        found = filter(None, map(_NAME.fullmatch, _names(self.root / country / "versions")))
        its = [Version(country=country, trained_until=date.fromisoformat(m[1]), version=m[2]) for m in found]
        return sorted(its, key=lambda version: (version.trained_until, version.version), reverse=True)

    def card(self, version: Version) -> ModelCard | None:
        """Raises BadInput where it cannot be read."""
        file = self.folder(version) / CARD
        try:
            return ModelCard.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as fault:
            raise _unreadable(file, version, fault) from None

    def model(self, version: Version) -> SalesModel:
        """Its content is what its name says."""
        file = self.folder(version) / MODEL
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            raise BadInput.of(
                f"{file}: there is no such model; bring it back from a backup, or promote another version: "
                f"lottery models promote {version.country} VERSION",
                file=str(file),
                country=version.country,
            ) from None
        if digest(content) != version.version:
            raise BadInput.of(
                f"{file}: its content was changed, it is not version {version.short} any more; bring it back from a backup",
                file=str(file),
                country=version.country,
            )
        try:
            return SalesModel.model_validate_json(content)
        except ValidationError as fault:
            raise OtherProgram(_unreadable(file, version, fault).complaints) from None

    def put(self, model: SalesModel, card: ModelCard) -> None:
        """State first, then the seal."""
        folder = self.folder(card.version)
        put_new(folder / MODEL, state(model))
        put_new(folder / CARD, card.model_dump_json(indent=1).encode() + b"\n")

    def approved(self, card: ModelCard) -> bool:
        """As the gates said."""
        return card.verdict.passed

    def decisions(self, country: str) -> list[Decision]:
        """In the order of their numbers."""
        folder = self.root / country / "decisions"
        files = [folder / name for name in _names(folder)]
        return [Decision.model_validate_json(file.read_bytes()) for file in files]

    def decide(self, decision: Decision) -> None:
        """Under the next free number, naming the one before by its digest."""
        folder = self.root / decision.champion.country / "decisions"
        while True:
            names = _names(folder)
            before = digest((folder / names[-1]).read_bytes()) if names else None
            content = decision.model_copy(update={"previous_sha256": before}).model_dump_json(indent=1).encode() + b"\n"
            number = int(names[-1].removesuffix(".json")) + 1 if names else 1
            if put_new(folder / f"{number:04d}.json", content):
                return

    def folder(self, version: Version) -> UPath:
        """Of one version."""
        return self.root / version.country / "versions" / f"{version.trained_until}-{version.version}"


def _names(folder: UPath) -> list[str]:
    """What lies there now, in order: S3's client remembers what it listed, and another process may have written since."""
    folder.fs.invalidate_cache()
    try:
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    except (FileNotFoundError, NotADirectoryError):
        return []
    finally:
        folder.fs.invalidate_cache()


def _unreadable(file: UPath, version: Version, fault: ValidationError) -> BadInput:
    first = fault.errors()[0]
    where = ".".join(map(str, first["loc"])) or "the document"
    return BadInput.of(
        f"{file}: cannot be read ({where}: {first['msg']}); bring it back from a backup or, where another version of the program "
        f"wrote it, promote a newer model: lottery models promote {version.country} VERSION",
        file=str(file),
        country=version.country,
    )
