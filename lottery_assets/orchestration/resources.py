"""What the assets are given: the installation's files, read when a run starts."""

from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pandas as pd

from lottery_assets.audit import Code, Provenance, Publication, code_of, digest, publish
from lottery_assets.country import CountryConfig, country_files, load_country
from lottery_assets.demand import SalesModel
from lottery_assets.jackpot import Recommendation
from lottery_assets.orchestration.treasury import with_cash
from lottery_assets.sales import RawSales, read_sales
from lottery_assets.settings import CHECKOUT, Settings


class Installation(dg.ConfigurableResource):
    """Configurations, sales and artifacts of this installation; each a folder or file, local or on S3."""

    configs: str
    data: str
    artifacts: str
    git_commit: str | None = None
    image_digest: str | None = None
    lock_file: str

    @classmethod
    def of(cls, settings: Settings) -> "Installation":
        """The same places as the settings name."""
        return cls(**settings.model_dump(include=set(cls.model_fields)))

    def country(self, name: str) -> CountryConfig:
        """One country's configuration. Raises BadInput."""
        return load_country(country_files(self.configs)[name])

    def country_with_cash(self, name: str) -> CountryConfig:
        """The same with `available_cash` known, fetched from Secrets Manager if need be. Raises BadInput."""
        return with_cash(self.country(name))

    def config_sha256(self, name: str) -> str:
        """Digest of the YAML as it lies there."""
        return digest(Path(country_files(self.configs)[name]).read_bytes())

    def sales(self) -> RawSales:
        """The sales file as text, with its version. Raises BadInput."""
        return read_sales(self.data)

    def publish(
        self, recommendation: Recommendation, weekly: pd.DataFrame, model: SalesModel, run_id: str | None
    ) -> Publication:
        """Writes the recommendation and its `metadata.json`; what lies there already is never changed."""
        document = recommendation.as_bytes()
        week = recommendation.week_start.isoformat()

        def seal() -> bytes:
            provenance = Provenance(
                country=recommendation.country,
                week_start=week,
                created_at=datetime.now(UTC),
                data_version=weekly.attrs["data_version"],
                data_source=weekly.attrs["data_source"],
                config_sha256=self.config_sha256(recommendation.country),
                model_version=digest(model.model_dump_json()),
                dagster_run_id=run_id,
                recommendation_sha256=digest(document),
                **self._code().model_dump(),
            )
            return provenance.model_dump_json(indent=1).encode() + b"\n"

        return publish(self.artifacts, recommendation.country, week, document, seal)

    def _code(self) -> Code:
        return code_of(CHECKOUT, Path(self.lock_file), git_commit=self.git_commit, image_digest=self.image_digest)
