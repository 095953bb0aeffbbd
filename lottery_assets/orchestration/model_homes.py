"""Which home the versions of the models have: the one that the settings name."""

from upath import UPath

from lottery_assets.audit.models import FolderHome, ModelHome


def model_home(registry: str, models: str | None, artifacts: str) -> ModelHome:
    """`registry`: `folder` or `sagemaker`; `models`: the folder, by default `models` below the artifacts."""
    root = models or str(UPath(artifacts) / "models")
    if registry == "folder":
        return FolderHome(root)
    from lottery_assets.orchestration.sagemaker import SageMakerHome

    return SageMakerHome(root)
