"""Where assets lie between steps: `<artifacts>/<asset>/<country>.parquet` or `.json`, in a folder or on S3.

Frames are parquet, documents are JSON; nothing is pickled, so a stored asset can be read by anything and loading it never
executes code.
"""

from typing import Any, get_args, get_origin

import dagster as dg
import pandas as pd
from pydantic import BaseModel
from upath import UPath


class ParquetFrames(dg.UPathIOManager):
    """Data frames, with their `attrs`."""

    extension: str = ".parquet"

    def dump_to_path(self, context: dg.OutputContext, obj: pd.DataFrame, path: UPath) -> None:
        """One frame to one file."""
        with path.open("wb") as file:
            obj.to_parquet(file)

    def load_from_path(self, context: dg.InputContext, path: UPath) -> pd.DataFrame:
        """The frame as it was stored."""
        with path.open("rb") as file:
            return pd.read_parquet(file)


class JsonDocuments(dg.UPathIOManager):
    """Pydantic documents; the asset's type annotation says which."""

    extension: str = ".json"

    def dump_to_path(self, context: dg.OutputContext, obj: BaseModel, path: UPath) -> None:
        """One document to one file."""
        path.write_text(obj.model_dump_json(indent=1) + "\n")

    def load_from_path(self, context: dg.InputContext, path: UPath) -> Any:
        """The document, of the type that the reading asset names."""
        document = context.dagster_type.typing_type
        if get_origin(document) is dict:  # several partitions at once, by their key
            document = get_args(document)[1]
        return document.model_validate_json(path.read_text())


def stored_frame(artifacts: str, asset: str, country: str) -> pd.DataFrame | None:
    """The frame that a country's newest run stored of an asset; None where there is none."""
    path = UPath(artifacts) / asset / f"{country}{ParquetFrames.extension}"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return pd.read_parquet(file)


def stored_document(artifacts: str, asset: str, country: str) -> bytes | None:
    """The JSON document that a country's newest run stored of an asset; None where there is none."""
    path = UPath(artifacts) / asset / f"{country}{JsonDocuments.extension}"
    return path.read_bytes() if path.exists() else None


class Frames(dg.ConfigurableIOManagerFactory):
    """Parquet below `artifacts`."""

    artifacts: str

    def create_io_manager(self, context: dg.InitResourceContext) -> ParquetFrames:
        """Below the folder of this installation."""
        return ParquetFrames(base_path=UPath(self.artifacts))


class Documents(dg.ConfigurableIOManagerFactory):
    """JSON below `artifacts`."""

    artifacts: str

    def create_io_manager(self, context: dg.InitResourceContext) -> JsonDocuments:
        """Below the folder of this installation."""
        return JsonDocuments(base_path=UPath(self.artifacts))
