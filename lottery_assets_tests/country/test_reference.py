"""The reference that is generated from the model, and the reference configurations themselves."""

from pathlib import Path

import pytest

from lottery_assets.country import CountryConfig, load_countries
from lottery_assets.country.reference import BEGIN, END, main, table, with_table

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def test_the_readme_holds_the_table_that_the_model_makes():
    readme = (CONFIGS / "README.md").read_text(encoding="utf-8")
    assert with_table(readme) == readme, "run `python -m lottery_assets.country configs/README.md`"


def test_the_table_has_a_row_for_every_key_and_the_model_a_unit_and_a_meaning():
    rows = table().split("\n")[2:]
    assert [row.split("`")[1] for row in rows] == list(CountryConfig.model_fields)
    for field in CountryConfig.model_fields.values():
        assert field.description
        assert field.json_schema_extra["unit"]
        assert field.examples


def test_each_example_in_the_table_is_a_sound_value():
    examples = {key: field.examples[0] for key, field in CountryConfig.model_fields.items()}
    del examples["optimization_grid_steps"], examples["available_cash_secret_name"]
    assert CountryConfig.model_validate(examples).country_name == examples["country_name"]


def test_the_table_is_written_between_its_markers_alone(tmp_path, capsys):
    path = tmp_path / "README.md"
    path.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    main([str(path)])
    assert path.read_text() == f"before\n{BEGIN}\n\n{table()}\n\n{END}\nafter\n"
    main([])
    assert capsys.readouterr().out == table() + "\n"
    with pytest.raises(ValueError, match="markers"):
        with_table("nothing")


@pytest.fixture(scope="module")
def references():
    found = load_countries(CONFIGS)
    assert found.complaints == ()
    return found.configs


@pytest.mark.parametrize(
    ("country", "currency", "price", "odds", "share"),
    [
        ("brazil", "BRL", 6.0, 50_063_860, 0.12),
        ("hong_kong", "HKD", 10.0, 13_983_816, 0.35),
        ("south_africa", "ZAR", 5.0, 20_358_520, 0.25),
        ("usa", "USD", 2.0, 292_201_338, 0.16),
    ],
)
def test_reference_configurations_have_the_published_figures(references, country, currency, price, odds, share):
    config = references[country]
    assert (config.currency, config.ticket_price) == (currency, price)
    assert config.prob_single_ticket_win == pytest.approx(1 / odds, rel=1e-12)
    assert config.secondary_prize_payout_percentage == share
    assert config.holidays is not None
    assert config.timezone != "UTC"
    assert 50 <= len(config.jackpots) <= 250


def test_reference_configurations_say_which_figures_are_reference_values():
    for path in CONFIGS.glob("*.yaml"):
        assert "Reference value" in path.read_text(encoding="utf-8")
