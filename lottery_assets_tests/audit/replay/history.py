"""A small repository with a history, and a run that answers with what it was given: every input leaves its trace in the document."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from upath import UPath

from lottery_assets.audit import Configuration, Provenance, code_of, digest, publish, sealed
from lottery_assets.audit.data_versions import keep, version_of
from lottery_assets.audit.publication import files_below
from lottery_assets.audit.replay import PastRecord, Places, Replay, past_record, replay
from lottery_assets.audit.replay.rerun import Answer, Task
from lottery_assets_tests.audit.records import PROVENANCE

WEEK = "2026-09-07"
SECRET = "available_cash_secret_name: lottery/cash\n"


class History:
    """A checkout with code, lock, configuration and sales; weeks are published from it, and replayed after it has moved on."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.artifacts = folder / "checkout", str(folder / "artifacts")
        self.solver, self.model, self.noise, self.reason = "1.15", "fit", 0, None
        self.tasks: list[Task] = []
        self.built: list[str] = []
        self.models: list[str] = []
        for file, content in {
            "lottery_assets/rule.py": "cash = 1\n",
            "requirements/run.txt": "numpy==2\n",
            "configs/brazil.yaml": "country_name: brazil\n",
            "data/sales.csv": "one\n",
        }.items():
            (self.checkout / file).parent.mkdir(parents=True, exist_ok=True)
            (self.checkout / file).write_text(content)
        self.git("init", "-q")
        self.commit()

    @property
    def places(self) -> Places:
        return Places(
            artifacts=self.artifacts,
            configs=self.checkout / "configs",
            data=str(self.checkout / "data/sales.csv"),
            dvc_remote=None,
            checkout=self.checkout,
            lock_file=self.checkout / "requirements/run.txt",
            models=f"{self.artifacts}/models",
        )

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
        return subprocess.check_output(["git", *who, *arguments], cwd=self.checkout, text=True)

    def commit(self) -> None:
        self.git("add", ".")
        self.git("commit", "-q", "--allow-empty", "-m", "next")

    def change(self, file: str, content: str, commit: bool = True) -> None:
        (self.checkout / file).write_text(content)
        if commit:
            self.commit()

    def publish(self, kept: bool = True, cash: float | None = None, **changes: Any) -> PastRecord:
        """A record of what a run over the checkout says now."""
        sales, config = self.checkout / "data/sales.csv", (self.checkout / "configs/brazil.yaml").read_bytes()
        version, store = version_of(sales.read_bytes()), f"{self.artifacts}/data"
        if kept:
            keep(str(sales), version, store)
        document = self.answer(
            self.checkout, config.decode().replace(SECRET, f"available_cash: {cash}\n"), sales.read_text()
        )
        told = PROVENANCE.model_copy(
            update={
                "data_source": str(sales),
                "data_version": version,
                "data_remote": store,
                "model_version": self.model,
                "configs": {"brazil.yaml": Configuration(sha256=digest(config), available_cash=cash)},
                "recommendation_sha256": digest(document),
                **code_of(self.checkout, self.places.lock_file).model_dump(),
                **changes,
            }
        )
        publish(self.artifacts, "brazil", WEEK, document, lambda files: sealed(Provenance.model_validate(told), files))
        return past_record(self.artifacts, "brazil", WEEK)

    def answer(self, code: Path, config: str, sales: str) -> bytes:
        document = {
            "rule": (code / "lottery_assets/rule.py").read_text(),
            "config": config,
            "plan": [{"sales": line} for line in sales.split()],
            "packages": (code / "requirements/run.txt").read_text(),
            "solver": {"version": self.solver},
            "noise": self.noise,
        }
        return json.dumps(document).encode()

    def replay(self, past: PastRecord, **options: Any) -> Replay:
        places = replace(self.places, **options.pop("places", {}))
        return replay(past, places, run=self._run, build=self._build, **options)

    def _run(self, python: Path, code: Path, configs: Path, data: Path, into: Path, task: Task) -> Answer:
        self.tasks.append(task)
        self.models = files_below(UPath(into) / "models")
        assert str(python) == (sys.executable if not self.built else "built")
        if self.reason:
            return Answer(None, self.reason)
        return Answer(
            self.answer(code, (configs / "brazil.yaml").read_text(), data.read_text()), model_version=self.model
        )

    def _build(self, lock: Path, version: str | None, into: Path) -> Path:
        self.built.append(lock.read_text())
        return Path("built")
