"""Whether the versions of models below the artifacts are still what was kept: by their names, which are digests, and by the chain of decisions.

    models/<country>/versions/<trained_until>-<sha256 of model.json>/{model.json, card.json}
    models/<country>/decisions/0001.json, 0002.json, ...   each but the first names the digest of the one before

Versions that are kept elsewhere (`LOTTERY_MODELS`) are not looked at.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from upath import UPath

from lottery_assets.audit.decision_chain import broken_chain, document
from lottery_assets.audit.findings import READERS, REMEDY, Finding, Kind, finding
from lottery_assets.audit.models.home import CARD, MODEL
from lottery_assets.audit.provenance import digest
from lottery_assets.audit.publication import files_below

FOLDER = "models"
DIGITS = 64
"""Of a SHA-256."""


def of_models(root: UPath, countries: Collection[str], carried: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """`countries`: none for all; `carried`: country and version of models that recommended in the place of a week's fit."""
    files = [
        file for file in sorted(files_below(root / FOLDER)) if not countries or file.partition("/")[0] in countries
    ]
    groups = [(folder, list(its)) for folder, its in groupby(files, key=lambda file: file.rpartition("/")[0])]
    with ThreadPoolExecutor(READERS) as readers:
        told = list(readers.map(lambda group: list(_of_folder(root, *group)), groups))
    yield from (its for of_folder in told for its in of_folder)
    there = {(folder.partition("/")[0], folder[-DIGITS:]) for folder, _ in groups}
    for country, version in sorted({*carried} - there if files else ()):
        said = f"has no version {version}, by which a record was decided; {REMEDY}"
        yield finding("missing", None, f"{FOLDER}/{country}", said).model_copy(update={"country": country})


def _of_folder(root: UPath, folder: str, files: list[str]) -> Iterator[Finding]:
    """One version, or the decisions about a country's."""
    country, _, below = folder.partition("/")
    contents = {file.rpartition("/")[2]: (root / FOLDER / file).read_bytes() for file in files}
    told = _of_decisions(contents) if below == "decisions" else _of_version(folder[-DIGITS:], contents)
    for what, name, said in told:
        yield finding(what, None, f"{FOLDER}/{folder}/{name}", said).model_copy(update={"country": country})


def _of_version(version: str, files: dict[str, bytes]) -> Iterator[tuple[Kind, str, str]]:
    if CARD not in files:
        for name in files:
            yield (
                "half_written",
                name,
                f"was left by a run that was killed while it wrote (there is no {CARD}); nothing reads it",
            )
        return
    if (document(files[CARD]) or {}).get("version", {}).get("version") != version:
        yield "changed", CARD, f"is not the card of this version; {REMEDY}"
    if MODEL not in files:
        yield "missing", MODEL, f"is gone, and its {CARD} is there; {REMEDY}"
    elif digest(files[MODEL]) != version:
        yield "changed", MODEL, f"was changed: it does not have the SHA-256 that its folder is named by; {REMEDY}"


def _of_decisions(files: dict[str, bytes]) -> Iterator[tuple[Kind, str, str]]:
    numbered = {int(name[:4]): content for name, content in files.items() if name[:4].isdigit()}
    for kind, number, why in broken_chain(numbered):
        yield kind, f"{number:04d}.json", f"{why}; {REMEDY}"
