"""What the assets are given: the installation's files, read when a run starts."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import pandas as pd
from pydantic import Field
from upath import UPath

from lottery_assets.audit import (
    Code,
    Configuration,
    ImageUnknown,
    Provenance,
    Publication,
    TreasuryProvenance,
    code_of,
    digest,
    publish,
    publish_treasury,
    running_image,
    sealed,
)
from lottery_assets.audit.data_versions import has, keep, kept_beside, refuse_changed, remote_of
from lottery_assets.audit.models import RecommendingModel, model_provenance, recommending
from lottery_assets.audit.replay import is_pending
from lottery_assets.complaints import BadInput
from lottery_assets.country import (
    CountryConfig,
    TreasuryConfig,
    country_files,
    load_country,
    load_treasury,
    treasury_file,
    treasury_of,
)
from lottery_assets.demand import SalesModel
from lottery_assets.jackpot import Recommendation, TreasuryRecord
from lottery_assets.orchestration import landing
from lottery_assets.orchestration.cash import with_cash
from lottery_assets.orchestration.model_homes import model_home
from lottery_assets.sales import RawSales, read_sales
from lottery_assets.settings import CHECKOUT, Settings


class Installation(dg.ConfigurableResource):
    """Configurations, sales and artifacts of this installation; each a folder or file, local or on S3."""

    configs: str = Field(description="Folder of the countries' YAML files (LOTTERY_CONFIGS).")
    data: str = Field(description="The sales file (LOTTERY_DATA).")
    artifacts: str = Field(description="Folder that everything is written below (LOTTERY_ARTIFACTS).")
    dvc_remote: str | None = Field(
        default=None, description="Where versions of the sales are kept (LOTTERY_DVC_REMOTE)."
    )
    git_commit: str | None = Field(default=None, description="Commit that an image was built from.")
    image_digest: str | None = Field(default=None, description="Digest of the image.")
    container_metadata: str | None = Field(default=None, description="Where a container of ECS is asked for its image.")
    lock_file: str = Field(description="The lock whose digest goes into `metadata.json`.")
    models: str | None = Field(
        default=None, description="Where model versions lie; `models` below the artifacts (LOTTERY_MODELS)."
    )
    model_registry: str = Field(
        default="folder", description="`folder`, or `sagemaker` for Amazon SageMaker Model Registry above it."
    )
    models_read_only: bool = Field(default=False, description="Versions are read, and none is kept.")
    pages: str | None = Field(default=None, description="Address of the artifacts in a browser (LOTTERY_PAGES).")

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

    def treasury_of(self, country: str) -> TreasuryConfig | None:
        """The pool that a country shares, if any. Raises BadInput where its file is faulty and the country may be in it."""
        return treasury_of(self.configs, country)

    def treasury_with_cash(self) -> TreasuryConfig:
        """The pool with its cash known. Raises BadInput, also where there is no pool."""
        treasury = load_treasury(self.configs)
        if treasury is None:
            raise BadInput.of(f"{self.configs}: there is no treasury.yaml any more; reload the code location")
        return with_cash(treasury)

    def address(self, file: UPath) -> str | None:
        """Where a browser finds a file below the artifacts; None where only its path is known.

        Below `pages` where that is set; on S3 the object's page in the AWS console, which asks who is there.
        """
        if self.pages:
            below = str(file).removeprefix(str(UPath(self.artifacts))).lstrip("/")
            return f"{self.pages.rstrip('/')}/{quote(below)}"
        if file.protocol == "s3":
            bucket, _, key = file.path.partition("/")
            return f"https://console.aws.amazon.com/s3/object/{bucket}?prefix={quote(key)}"
        return None

    def config_sha256(self, name: str) -> str:
        """Digest of the YAML as it lies there."""
        return digest(Path(country_files(self.configs)[name]).read_bytes())

    def _configurations(self, country: str, cash: Mapping[str, float | None]) -> dict[str, Configuration]:
        """The files that decide over a country, as they lie there."""
        pool = self.treasury_of(country)
        files = [country_files(self.configs).get(name) for name in (pool.countries if pool else [country])]
        return {
            file.name: Configuration(sha256=digest(file.read_bytes()), available_cash=cash.get(file.stem))
            for file in (*files, treasury_file(self.configs) if pool else None)
            if file is not None
        }

    def recommending(self, model: SalesModel, features: pd.DataFrame, country: str) -> RecommendingModel:
        """This week's fit, registered, or the champion in its place. Raises BadInput."""
        home = model_home(self.model_registry, self.models, self.artifacts)
        version, now = features.attrs.get("data_version"), datetime.now(UTC)
        return recommending(home, country, model, features, version, now, kept=not self.models_read_only)

    def sales(self) -> RawSales:
        """The sales file as text, with its version. Raises BadInput, also where DVC knows another version of the file."""
        raw = read_sales(self.data)
        refuse_changed(raw.source, raw.data_version)
        return raw

    def kept(self, raw: RawSales) -> str:
        """The store that has this version of the sales from now on, at the latest. Raises BadInput where the file changes meanwhile."""
        tracked = None if self.dvc_remote else remote_of(raw.source)
        if tracked and "://" not in tracked and has(tracked, raw.data_version):
            return tracked
        store = self.dvc_remote or kept_beside(self.artifacts)
        keep(raw.source, raw.data_version, store)
        return store

    def landed(self) -> str:
        """Which version of the sales file lies there now."""
        return landing.landed(self.data)

    def publish(
        self,
        recommendation: Recommendation,
        weekly: pd.DataFrame,
        model: SalesModel,
        run_id: str | None,
        page: Callable[[Provenance], str],
        cash: Mapping[str, float | None],
    ) -> Publication:
        """Writes the recommendation, its page and its `metadata.json`; what lies there already is never changed.

        `cash` [millions]: what was known of each country's, and of `treasury`'s.
        """
        document = recommendation.as_bytes()
        week = recommendation.week_start.isoformat()

        @cache
        def provenance() -> Provenance:
            return Provenance(
                country=recommendation.country,
                week_start=week,
                created_at=datetime.now(UTC),
                data_version=weekly.attrs["data_version"],
                data_source=weekly.attrs["data_source"],
                data_remote=weekly.attrs.get("data_remote"),
                week_asked=weekly.attrs.get("week_asked"),
                configs=self._configurations(recommendation.country, cash),
                config_sha256=self.config_sha256(recommendation.country),
                **model_provenance(model),
                dagster_run_id=run_id,
                recommendation_sha256=digest(document),
                **self.code().model_dump(),
            )

        def seal(files: Mapping[str, bytes]) -> bytes:
            return sealed(provenance(), files)

        def alike(other: bytes) -> bool:
            return is_pending(other) == is_pending(document)

        return publish(
            self.artifacts, recommendation.country, week, document, seal, alike, lambda: page(provenance()).encode()
        )

    def publish_treasury(
        self,
        record: TreasuryRecord,
        recommendations: Mapping[str, Recommendation],
        data_versions: Mapping[str, str],
        run_id: str | None,
    ) -> Publication:
        """Writes the pool's record and its `metadata.json`."""
        document, week = record.as_bytes(), record.week_start.isoformat()

        def seal(files: Mapping[str, bytes]) -> bytes:
            file = treasury_file(self.configs)
            provenance = TreasuryProvenance(
                week_start=week,
                created_at=datetime.now(UTC),
                data_versions=dict(data_versions),
                config_sha256=digest(file.read_bytes() if file else b""),
                dagster_run_id=run_id,
                recommendations={country: digest(r.as_bytes()) for country, r in recommendations.items()},
                treasury_sha256=digest(document),
                **self.code().model_dump(),
            )
            return sealed(provenance, files)

        return publish_treasury(self.artifacts, week, document, seal)

    def code(self) -> Code:
        """What runs here."""
        image = self.image_digest or self._running_image()
        return code_of(CHECKOUT, Path(self.lock_file), git_commit=self.git_commit, image_digest=image)

    def _running_image(self) -> str | None:
        """Asked when a record is written and not before. A recommendation is not lost over it: the run's log says that it is unknown."""
        if self.container_metadata is None:
            return None
        try:
            return running_image(self.container_metadata)
        except ImageUnknown as unknown:
            dg.get_dagster_logger().warning(f"{unknown}; metadata.json has no image_digest")
            return None
