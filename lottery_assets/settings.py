"""Where this installation reads and writes: the only reader of the environment.

A laptop and AWS differ in these settings alone. Names of secrets are settings; secrets themselves are not.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

CHECKOUT = Path(__file__).resolve().parents[1]
"""The folder that holds the package: the checkout on a laptop, the application's folder in the image."""


class Settings(BaseModel):
    """Folders may be local paths or `s3://` URLs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    configs: str = str(CHECKOUT / "configs")
    data: str = str(CHECKOUT / "data" / "lottery_sales.csv.gz")
    artifacts: str = str(CHECKOUT / "artifacts")
    pages: str | None = None
    """Address under which a browser finds the artifacts, for the links in the UI."""
    git_commit: str | None = None
    """Commit the image was built from; a checkout asks git instead."""
    image_digest: str | None = None
    lock_file: str = str(CHECKOUT / "requirements" / "run.txt")
    dagster_home: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """`LOTTERY_CONFIGS`, `LOTTERY_DATA`, `LOTTERY_ARTIFACTS`, ... and `DAGSTER_HOME`; an empty value counts as unset."""
        named = {field: environment.get(f"LOTTERY_{field.upper()}") for field in cls.model_fields}
        named["dagster_home"] = environment.get("DAGSTER_HOME")
        return cls.model_validate({field: value for field, value in named.items() if value})
