"""Model versions in Amazon SageMaker Model Registry: a model package group a country, a package a version, the approval status its stage.

SageMaker knows which versions there are and which may be champion: whoever rejects a package in the console has it retired, whoever
approves one lets it stand for champion. Their state and cards lie in the folder, on S3, where a package's `SourceUri` leads; nothing is
pickled, and SageMaker runs nothing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from lottery_assets.audit.models.card import Decision, ModelCard, Version
from lottery_assets.audit.models.home import CARD, FolderHome
from lottery_assets.complaints import BadInput
from lottery_assets.demand import SalesModel

SECONDS = 10
_DESCRIBED = re.compile(r"trained until (\d{4}-\d{2}-\d{2}), sha256 ([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """One version as SageMaker knows it."""

    version: Version
    arn: str
    approved: bool


class SageMakerHome(FolderHome):
    """The registry above a folder. `root`: an `s3://` URL, where SageMaker can lead people to."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self._known: dict[str, list[Package]] = {}

    def versions(self, country: str) -> list[Version]:
        """The packages of the country's group."""
        found = {its.version for its in self._packages(country)}
        return sorted(found, key=lambda its: (its.trained_until, its.version), reverse=True)

    def card(self, version: Version) -> ModelCard | None:
        """None also where the package is missing: whoever stored the state was interrupted then."""
        return super().card(version) if self._package(version) else None

    def put(self, model: SalesModel, card: ModelCard) -> None:
        """State and card first, the package last."""
        super().put(model, card)
        stored = super().card(card.version) or card
        with self._asking(card.version.country) as sagemaker:
            _group(sagemaker, card.version.country)
            sagemaker.create_model_package(
                ModelPackageGroupName=group_name(card.version.country),
                ModelPackageDescription=f"trained until {card.version.trained_until}, sha256 {card.version.version}",
                ModelApprovalStatus="Approved" if stored.verdict.passed else "Rejected",
                SourceUri=str(self.folder(card.version)),
                ModelMetrics={
                    "ModelQuality": {
                        "Statistics": {
                            "ContentType": "application/json",
                            "S3Uri": str(self.folder(card.version) / CARD),
                        }
                    }
                },
                CustomerMetadataProperties=_metadata(stored),
                ClientToken=card.version.version[:36],
            )

    def approved(self, card: ModelCard) -> bool:
        """As the package says: people may have changed it."""
        package = self._package(card.version)
        return package is not None and package.approved

    def decide(self, decision: Decision) -> None:
        """In the folder's log, and as the packages' approval."""
        super().decide(decision)
        said = f"{decision.kind} by {decision.by}: {decision.reason}"[:1024]
        self._set(decision.champion, "Approved", said)
        if decision.kind == "rollback" and decision.replaced:
            self._set(decision.replaced, "Rejected", said)

    def _set(self, version: Version, status: str, said: str) -> None:
        package, card = self._package(version), super().card(version)
        if package is None:
            return
        with self._asking(version.country) as sagemaker:
            sagemaker.update_model_package(
                ModelPackageArn=package.arn,
                ModelApprovalStatus=status,
                ApprovalDescription=said,
                CustomerMetadataProperties=_metadata(card) if card else {},
            )

    def _package(self, version: Version) -> Package | None:
        return next((its for its in self._packages(version.country) if its.version == version), None)

    def _packages(self, country: str) -> list[Package]:
        """In the order of their making: where two runs made a version at once, the first counts."""
        if country not in self._known:
            with self._asking(country) as sagemaker:
                found = _listed(sagemaker, country) if _has_group(sagemaker, country) else []
            self._known[country] = [package for its in found if (package := _read(country, its))]
        return self._known[country]

    @contextmanager
    def _asking(self, country: str) -> Iterator[Any]:
        """SageMaker's client; what was known of the country is asked anew afterwards. Raises BadInput where it refuses."""
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        self._known.pop(country, None)
        patience = Config(connect_timeout=SECONDS, read_timeout=SECONDS, retries={"mode": "standard"})
        try:
            yield boto3.client("sagemaker", config=patience)
        except (ClientError, BotoCoreError) as error:
            raise BadInput.of(
                f"{country}: Amazon SageMaker Model Registry does not answer as it should ({error}); see that the task's role may "
                "list, create and change model packages; or write LOTTERY_MODEL_REGISTRY=folder",
                country=country,
                key="LOTTERY_MODEL_REGISTRY",
            ) from None


def group_name(country: str) -> str:
    """Letters, digits and hyphens are all that SageMaker takes."""
    return "lottery-" + re.sub(r"[^A-Za-z0-9]+", "-", country).strip("-")


def _group(sagemaker: Any, country: str) -> None:
    """Makes the country's group where there is none."""
    if not _has_group(sagemaker, country):
        sagemaker.create_model_package_group(
            ModelPackageGroupName=group_name(country),
            ModelPackageGroupDescription=f"Demand models of the lottery in {country}",
        )


def _has_group(sagemaker: Any, country: str) -> bool:
    name = group_name(country)
    pages = sagemaker.get_paginator("list_model_package_groups").paginate(NameContains=name)
    return name in {its["ModelPackageGroupName"] for page in pages for its in page["ModelPackageGroupSummaryList"]}


def _listed(sagemaker: Any, country: str) -> list[dict[str, Any]]:
    """Summaries, the oldest first."""
    pages = sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=group_name(country), SortBy="CreationTime", SortOrder="Ascending"
    )
    return [its for page in pages for its in page["ModelPackageSummaryList"]]


def _read(country: str, summary: dict[str, Any]) -> Package | None:
    """None for a package that somebody else put there."""
    described = _DESCRIBED.fullmatch(summary.get("ModelPackageDescription", ""))
    if described is None:
        return None
    version = Version(country=country, trained_until=date.fromisoformat(described[1]), version=described[2])
    return Package(version, summary["ModelPackageArn"], summary.get("ModelApprovalStatus") == "Approved")


def _metadata(card: ModelCard) -> dict[str, str]:
    """What SageMaker shows beside a package: at most 256 characters each."""
    its = card.calibration
    shown = {
        "trained_from": card.trained_from,
        "data_version": card.data_version,
        "wape": its.wape,
        "crps": its.crps,
        "inside_80": f"{its.inside_80} of {its.weeks}",
        "elasticity": card.elasticity.mean,
        "judged_against": card.verdict.champion.version if card.verdict.champion else "no champion",
        "refused_because": "; ".join(card.verdict.why),
    }
    return {name: f"{value}"[:256] for name, value in shown.items() if value not in (None, "")}
