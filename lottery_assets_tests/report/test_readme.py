"""What the README shows is what the commands print. LOTTERY_GOLDEN=write renews it."""

import io
import os

import pytest
from rich.console import Console, RenderableType

from lottery_assets.country import load_countries
from lottery_assets.report.backtests import backtest_table
from lottery_assets.report.outcomes import Outcome, table
from lottery_assets.weekly import backtest, recommend
from lottery_assets_tests.conftest import ROOT


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text()


def shown(table: RenderableType) -> str:
    """As printed on a terminal of 80 columns."""
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(table)
    return "\n".join(line.rstrip() for line in console.export_text().rstrip().splitlines())


def hold(printed: str) -> None:
    """The README has it; with LOTTERY_GOLDEN=write it will."""
    readme = (ROOT / "README.md").read_text()
    if os.environ.get("LOTTERY_GOLDEN") == "write":
        start = readme.index(printed.splitlines()[0] + "\n")
        readme = readme[:start] + printed + readme[readme.index("\n```", start) :]
        (ROOT / "README.md").write_text(readme)
    assert printed in readme, printed


def test_the_table_in_the_readme_is_what_make_recommend_prints(real_sales):
    outcomes = []
    for name, config in load_countries(ROOT / "configs").configs.items():
        r = recommend(config, real_sales)
        folder = f"artifacts/recommendations/{name}/{r.week_start}"
        outcomes.append(Outcome(country=name, status="recommended", recommendation=r, folder=folder))
    hold(shown(table(outcomes)))


def test_the_back_test_in_the_readme_is_what_lottery_backtest_prints(real_sales):
    configs = load_countries(ROOT / "configs").configs
    hold(shown(backtest_table({name: backtest(config, real_sales)[1] for name, config in configs.items()})))


def test_every_folder_that_the_readme_names_is_there(readme):
    section = readme[readme.index("## Where things live") : readme.index("## Add a country")]
    for row in [line for line in section.splitlines() if line.startswith("| `")]:
        first = row.split("`")[1].rstrip("/")
        assert (ROOT / first).exists(), first
