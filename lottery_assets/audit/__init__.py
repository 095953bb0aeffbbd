"""Provenance: where a recommendation came from, and its publication as a record that is never changed.

Belongs here: `metadata.json`, the artifact folders. Not here: what the recommendation says (`jackpot`), how it is shown
(`report`), when it runs (`orchestration`).
"""

from lottery_assets.audit.findings import Finding
from lottery_assets.audit.image import ImageUnknown, running_image
from lottery_assets.audit.provenance import Code, Configuration, Provenance, TreasuryProvenance, code_of, digest, sealed
from lottery_assets.audit.publication import Publication, latest, publish, publish_treasury
from lottery_assets.audit.store import Record, records, write_index
from lottery_assets.audit.verification import Verification, verify

__all__ = [
    "Code",
    "Configuration",
    "Finding",
    "ImageUnknown",
    "Provenance",
    "Publication",
    "Record",
    "TreasuryProvenance",
    "Verification",
    "code_of",
    "digest",
    "latest",
    "publish",
    "publish_treasury",
    "records",
    "running_image",
    "sealed",
    "verify",
    "write_index",
]
