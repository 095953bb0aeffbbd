"""Records of made-up weeks, for tests that need a store and no recommendation."""

from datetime import UTC, datetime
from typing import Any

from lottery_assets.audit import Provenance, Publication, digest, publish, sealed

PROVENANCE = Provenance(
    country="brazil",
    week_start="2026-09-07",
    created_at=datetime(2026, 9, 6, 12, tzinfo=UTC),
    git_commit="0" * 40,
    git_dirty=False,
    data_version="d41d8cd98f00b204e9800998ecf8427e",
    data_source="s3://landing/sales.csv",
    config_sha256=digest(""),
    image_digest=None,
    model_version=digest("model"),
    dagster_run_id="run",
    lock_sha256=digest("lock"),
    recommendation_sha256=digest(""),
)


def sealing(provenance: Provenance, document: bytes):
    """The seal of a record with this recommendation."""
    named = provenance.model_copy(update={"recommendation_sha256": digest(document)})
    return lambda files: sealed(named, files)


def record(
    artifacts,
    country: str = "brazil",
    week: str = "2026-09-07",
    document: bytes = b"{}",
    page: bytes = b"<p>",
    **changes: Any,
) -> Publication:
    """A whole record, as a run publishes it."""
    made = PROVENANCE.model_copy(update={"country": country, "week_start": week, **changes})
    return publish(str(artifacts), country, week, document, sealing(made, document), page=lambda: page)
