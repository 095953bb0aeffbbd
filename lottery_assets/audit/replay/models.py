"""Versions of the demand model as they were at a record's time, put where a run looks for them: the champion of then may have recommended.

    <models>/<country>/versions/<trained_until>-<version>/{model.json, card.json}   the card says when it was registered: `registered_at`
    <models>/<country>/decisions/0001.json   what people decided about them, and when: `at`

What else stands in a file is asked only where a registry apart says which version may be champion: `as_decided`.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from upath import UPath

from lottery_assets.audit.models.card import REJECTED
from lottery_assets.audit.provenance import Provenance
from lottery_assets.audit.publication import files_below
from lottery_assets.audit.replay.comparison import Cause

VERSIONS, DECISIONS, CARD = "versions", "decisions", "card.json"


def put_models(
    models: str, countries: Sequence[str], its: Provenance, into: Path, judged_apart: bool = False
) -> list[Cause]:
    """Copies what there was of these countries when the record was made. `judged_apart`: by a registry that knows of no past.

    A cause is that the model which recommended in the place of the week's fit is not there.
    """
    for country in countries:
        for file, content in _of_then(UPath(models) / country, its):
            (into / country / file).parent.mkdir(parents=True, exist_ok=True)
            as_then = as_decided(content, its) if judged_apart and file.endswith(CARD) else content
            (into / country / file).write_bytes(as_then)
    if its.challenger is None or list(into.glob(f"{its.country}/{VERSIONS}/*-{its.model_version}/{CARD}")):
        return []
    said = f"model {its.model_version[:12]}, which recommended in the place of the week's own fit, is not among the versions in {models}"
    return [
        Cause(
            "model",
            said,
            "bring it back from a backup, or name the folder of the versions of then with LOTTERY_MODELS; or add --anyway to see "
            "what another model says",
        )
    ]


def as_decided(card: bytes, its: Provenance) -> bytes:
    """The card of the week's own fit with the verdict that the record tells of, where people had approved or rejected it in a registry."""
    told = _document(card)
    own = its.challenger or its.model_version
    if told["version"]["version"] != own or its.model_stage != "champion":
        return card
    gates = told["verdict"]["gates"]
    passed = all(gate["passed"] for gate in gates)
    if passed and its.challenger:
        by_people = {"name": "registry", "passed": False, "value": 0, "limit": 0, "unit": "", "reason": REJECTED}
        told["verdict"]["gates"] = [*gates, by_people]
    if not passed and not its.challenger:
        told["verdict"]["gates"] = [gate | {"passed": True} for gate in gates]
    return json.dumps(told).encode()


def _of_then(folder: UPath, its: Provenance) -> Iterator[tuple[str, bytes]]:
    """Path below the folder and content of each file."""
    files = set(files_below(folder))
    for file in sorted(files):
        kind, _, name = file.partition("/")
        content = (folder / file).read_bytes()
        card = f"{kind}/{name.partition('/')[0]}/{CARD}"
        if kind == DECISIONS:
            at = _document(content)["at"]
        elif kind == VERSIONS and card in files:
            at = _document((folder / card).read_bytes())["registered_at"]
        else:
            continue
        if datetime.fromisoformat(at) <= its.created_at:
            yield file, content


def _document(content: bytes) -> dict[str, Any]:
    told = json.loads(content)
    assert isinstance(told, dict)  # noqa: S101 - cards, models and decisions are
    return told
