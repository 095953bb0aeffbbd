"""An operator with two made-up countries, and the project's graph over them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest
import yaml

from lottery_assets.definitions import build_definitions
from lottery_assets.settings import Settings
from lottery_assets_tests import countries

NAMES = ("atlantis", "lemuria")


class Operator:
    """Configs, sales and artifacts below one folder; runs the weekly job."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(
            configs=str(folder / "configs"), data=str(folder / "sales.csv"), artifacts=str(folder / "artifacts")
        )
        self.artifacts = folder / "artifacts"
        (folder / "configs").mkdir()
        for name in NAMES:
            self.configure(name)
        self.deliver(pd.concat([countries.sales(seed=n, name=name) for n, name in enumerate(NAMES)]))

    def configure(self, name: str, **changes: Any) -> None:
        keys = countries.settings(country_name=name, **changes)
        Path(self.settings.configs, f"{name}.yaml").write_text(yaml.safe_dump(keys))

    def deliver(self, sales: pd.DataFrame) -> None:
        sales.to_csv(self.settings.data, index=False)

    def run(self, name: str, week: str | None = None, instance: dg.DagsterInstance | None = None, **kwargs: Any) -> Any:
        job = build_definitions(self.settings).resolve_job_def("weekly_recommendation")
        return job.execute_in_process(
            partition_key=name,
            run_config={"ops": {"raw_sales": {"config": {"week_start": week}}}},
            raise_on_error=False,
            instance=instance,
            **kwargs,
        )

    def recommended(self, name: str, week: str) -> float:
        """Jackpot of the week's first record, millions."""
        record = self.artifacts / "recommendations" / name / week / "recommendation.json"
        return float(json.loads(record.read_text())["jackpot"])

    def published(self) -> list[str]:
        return sorted(
            str(path.relative_to(self.artifacts)) for path in self.artifacts.glob("recommendations/**/*.json")
        )


@pytest.fixture
def operator(tmp_path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture
def checks() -> Callable[[Any], dict[str, dg.AssetCheckEvaluation]]:
    return lambda result: {evaluation.check_name: evaluation for evaluation in result.get_asset_check_evaluations()}
