"""Decisions of people about weeks without a recommendation, which lie apart: `decisions/<country>/<week_start>/decision.json`, ...

Whether they are still what was made. What they say is asked only for the version of the sales that the jackpot was judged from.
"""

import json
from collections.abc import Collection, Iterator
from itertools import groupby

from upath import UPath

from lottery_assets.audit.decision_chain import DECISION, broken_links
from lottery_assets.audit.findings import REMEDY, Finding, finding
from lottery_assets.audit.publication import files_below

APART = "decisions"
"""Folder below the artifacts."""


def of_decisions(root: UPath, countries: Collection[str]) -> Iterator[Finding]:
    """`countries`: none for all."""
    for folder, names in groupby(_files(root, countries), key=lambda file: file.rpartition("/")[0]):
        country, _, week = folder.partition("/")
        its = {file.rpartition("/")[2]: file for file in names}
        decisions = {name: (root / APART / file).read_bytes() for name, file in its.items() if DECISION.fullmatch(name)}
        for kind, name, why in broken_links(decisions, None):
            told = finding(kind, None, f"{APART}/{folder}/{name}", f"{why}; {REMEDY}")
            yield told.model_copy(update={"country": country, "week_start": week})
        for name in its.keys() - decisions.keys():
            yield finding(
                "unexpected", None, f"{APART}/{its[name]}", "is no decision; look whose it is, and take it away"
            )


def versions_apart(root: UPath, countries: Collection[str]) -> Iterator[tuple[str, str]]:
    """Versions of the sales that decisions name, and the stores in which they were."""
    for file in _files(root, countries):
        try:
            told = json.loads((root / APART / file).read_bytes())["judged_from"]
            version, store = told["data_version"], told["data_remote"]
        except (ValueError, LookupError, TypeError):  # told as a broken link, or no decision
            continue
        if store:
            yield version, store


def _files(root: UPath, countries: Collection[str]) -> list[str]:
    files = sorted(files_below(root / APART))
    return [file for file in files if not countries or file.partition("/")[0] in countries]
