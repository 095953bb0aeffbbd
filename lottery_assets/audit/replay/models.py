"""Versions of the demand model that an installation had, put where a run looks for them: which one recommended depends on those before it.

    <models>/<country>/versions/<trained_until>-<version>/...
    <models>/<country>/...   what people decided about them

What a version holds is not asked here.
"""

from collections.abc import Sequence
from pathlib import Path

from upath import UPath

from lottery_assets.audit.publication import files_below

MODELS = "models"
"""Folder below the artifacts."""


def put_models(models: str, countries: Sequence[str], week_start: str, into: Path) -> None:
    """Copies what there is of these countries, but for versions that learnt from the week itself or from later ones."""
    for country in countries:
        folder = UPath(models) / country
        for file in files_below(folder):
            kind, _, rest = file.partition("/")
            if kind != "versions" or rest[: len(week_start)] < week_start:
                target = into / country / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((folder / file).read_bytes())
