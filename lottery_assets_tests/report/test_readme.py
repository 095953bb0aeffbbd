"""What the README shows is what the commands print. LOTTERY_GOLDEN=write renews it."""

import os

import pytest
from rich.console import Console

from lottery_assets.country import load_countries
from lottery_assets.report.outcomes import Outcome, table
from lottery_assets.weekly import recommend
from lottery_assets_tests.conftest import ROOT


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text()


def test_the_table_in_the_readme_is_what_make_recommend_prints(readme, real_sales):
    outcomes = []
    for name, config in load_countries(ROOT / "configs").configs.items():
        r = recommend(config, real_sales)
        folder = f"artifacts/recommendations/{name}/{r.week_start}"
        outcomes.append(Outcome(country=name, status="recommended", recommendation=r, folder=folder))
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(table(outcomes))
    printed = "\n".join(line.rstrip() for line in console.export_text().rstrip().splitlines())
    if os.environ.get("LOTTERY_GOLDEN") == "write":
        start = readme.index("Jackpot to announce\n")
        readme = readme[:start] + printed + readme[readme.index("\n```", start) :]
        (ROOT / "README.md").write_text(readme)
    assert printed in readme, printed


def test_every_folder_that_the_readme_names_is_there(readme):
    section = readme[readme.index("## Where things live") : readme.index("## Add a country")]
    for row in [line for line in section.splitlines() if line.startswith("| `")]:
        first = row.split("`")[1].rstrip("/")
        assert (ROOT / first).exists(), first
