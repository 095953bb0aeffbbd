"""What the README shows is what the commands print. LOTTERY_GOLDEN=write renews it."""

import io
import os
import re
import shutil

import pytest
from rich.console import Console, RenderableType

from lottery_assets.country import load_countries, load_country, load_treasury
from lottery_assets.report.backtests import backtest_table
from lottery_assets.report.outcomes import Outcome, table
from lottery_assets.weekly import NoRecommendation, backtest, case, recommend, recommend_together
from lottery_assets_tests.conftest import ROOT


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text()


def shown(table: RenderableType) -> str:
    """As printed on a terminal of 80 columns."""
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(table)
    return "\n".join(line.rstrip() for line in console.export_text().rstrip().splitlines())


def hold(printed: str, section: str = "") -> None:
    """The README has it, below the heading `section`; with LOTTERY_GOLDEN=write it will."""
    readme = (ROOT / "README.md").read_text()
    if os.environ.get("LOTTERY_GOLDEN") == "write":
        start = readme.index(printed.splitlines()[0] + "\n", readme.index(section))
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


def test_the_way_out_in_the_readme_is_what_a_floor_out_of_reach_gets(real_sales):
    """South Africa with `min_payout_ratio_12m: 0.47`."""
    config = load_country(ROOT / "configs" / "south_africa.yaml").model_copy(update={"min_payout_ratio_12m": 0.47})
    with pytest.raises(NoRecommendation) as caught:
        recommend(config, real_sales)
    hold(f"south_africa: no recommendation\n{caught.value}")


def test_the_treasury_in_the_readme_is_read_and_what_comes_of_it_is_printed(readme, real_sales, tmp_path):
    section = "## Several countries, one treasury"
    for path in (ROOT / "configs").glob("*.yaml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "treasury.yaml").write_text(readme.split(section)[1].split("```yaml\n")[1].split("```")[0])
    treasury = load_treasury(tmp_path)
    configs = load_countries(tmp_path).configs
    together = recommend_together(treasury, [case(configs[name], real_sales) for name in treasury.countries])
    outcomes = [
        Outcome(
            country=name,
            status="recommended",
            recommendation=r,
            folder=f"artifacts/recommendations/{name}/{r.week_start}/r2",
        )
        for name, r in together.recommendations.items()
    ]
    hold(shown(table(outcomes)), section)


def test_the_back_test_in_the_readme_is_what_lottery_backtest_prints(real_sales):
    configs = load_countries(ROOT / "configs").configs
    hold(shown(backtest_table({name: backtest(config, real_sales)[1] for name, config in configs.items()})))


def test_every_folder_that_the_readme_names_is_there(readme):
    section = readme[readme.index("## Where things live") : readme.index("## Add a country")]
    for row in [line for line in section.splitlines() if line.startswith("| `")]:
        first = row.split("`")[1].rstrip("/")
        assert (ROOT / first).exists(), first


def test_every_picture_of_the_readme_is_there_and_every_picture_that_is_made_is_in_the_readme(readme):
    shown = set(re.findall(r"docs/pictures/(\w+)\.png", readme))
    walk = (ROOT / "lottery_assets_tests" / "browser" / "test_ui.py").read_text()
    made = set(re.findall(r'take\(\w+, "(\w+)"\)', walk))
    kept = {file.stem for file in (ROOT / "docs" / "pictures").glob("*.png")}
    assert shown == made == kept
    assert all(file.stat().st_size < 150_000 for file in (ROOT / "docs" / "pictures").glob("*.png"))
