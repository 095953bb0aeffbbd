"""Where this installation reads and writes: the only reader of the environment.

A laptop and AWS differ in these settings alone. Names of secrets are settings; secrets themselves are not.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

CHECKOUT = Path(__file__).resolve().parents[1]
"""The folder that holds the package: the checkout on a laptop, the application's folder in the image."""


class Settings(BaseModel):
    """Folders may be local paths or `s3://` URLs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    configs: str = str(CHECKOUT / "configs")
    data: str = str(CHECKOUT / "data" / "lottery_sales.csv.gz")
    artifacts: str = str(CHECKOUT / "artifacts")
    dvc_remote: str | None = None
    """Where the versions of the sales are kept, laid out as a DVC remote; where it is not given, `data` below the artifacts has what the
    DVC remote of the sales file lacks."""
    models: str | None = None
    """Folder or S3 prefix of the model versions; by default `models` below the artifacts."""
    model_registry: Literal["folder", "sagemaker"] = "folder"
    """Who knows the versions: that folder alone, or Amazon SageMaker Model Registry above it."""
    models_read_only: bool = False
    """Versions are read and none is kept: to look at a decision without taking part in it."""
    pages: str | None = None
    """Address under which a browser finds the artifacts, for the links in the UI."""
    git_commit: str | None = None
    """Commit the image was built from; a checkout asks git instead."""
    image_digest: str | None = None
    """Digest of the image; where it is not given, ECS is asked."""
    container_metadata: str | None = None
    """Address at which ECS tells a container about itself; ECS sets it."""
    lock_file: str = str(CHECKOUT / "requirements" / "run.txt")
    dagster_home: str | None = None
    alerts: str = "log"
    """Where alerts go: any of log, slack and sns, separated by commas."""
    alerts_grace_hours: str = "4"
    """Hours after its scheduled run by which a country's recommendation is due."""
    ui_url: str = "http://127.0.0.1:3000"
    """Address of the Dagster UI, for the links in alerts."""
    slack_channel: str | None = None
    slack_token_variable: str = "SLACK_TOKEN"  # noqa: S105 - a name
    """Name of the environment variable that holds Slack's bot token; `slack_token_secret_name`, where given, comes first."""
    slack_token_secret_name: str | None = None
    """Name of the secret in AWS Secrets Manager that holds it."""
    slack_api_url: str = "https://slack.com/api/"
    sns_topic_arn: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """`LOTTERY_CONFIGS`, `LOTTERY_DATA`, `LOTTERY_ARTIFACTS`, ... and, of others, `DAGSTER_HOME` and ECS's address; an empty value counts as unset."""
        named = {field: environment.get(f"LOTTERY_{field.upper()}") for field in cls.model_fields}
        named["dagster_home"] = environment.get("DAGSTER_HOME")
        named["container_metadata"] = environment.get("ECS_CONTAINER_METADATA_URI_V4")
        return cls.model_validate({field: value for field, value in named.items() if value})


def variable(name: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """A secret that a setting names: read when it is used, kept nowhere."""
    return environment.get(name) or None
