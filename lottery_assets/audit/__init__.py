"""Provenance: where a recommendation came from, and its publication as a record that is never changed.

Belongs here: `metadata.json`, the artifact folders. Not here: what the recommendation says (`jackpot`), how it is shown
(`report`), when it runs (`orchestration`).
"""

from lottery_assets.audit.image import ImageUnknown, running_image
from lottery_assets.audit.provenance import Code, Provenance, TreasuryProvenance, code_of, digest
from lottery_assets.audit.publication import Publication, latest, publish, publish_treasury
from lottery_assets.audit.store import Record, records, write_index

__all__ = [
    "Code",
    "ImageUnknown",
    "Provenance",
    "Publication",
    "Record",
    "TreasuryProvenance",
    "code_of",
    "digest",
    "latest",
    "publish",
    "publish_treasury",
    "records",
    "running_image",
    "write_index",
]
