"""The pool's file: what is accepted, what each fault says, and whom a faulty file stops."""

from pathlib import Path

import pytest
import yaml

from lottery_assets.complaints import BadInput
from lottery_assets.country import TreasuryConfig, listed_countries, load_treasury, treasury_of
from lottery_assets.country.reference import table
from lottery_assets_tests.countries import settings

POOL = {"countries": ["atlantis", "lemuria"], "available_cash": 60, "safety_buffer": 10}


@pytest.fixture
def folder(tmp_path) -> Path:
    for name in ("atlantis", "lemuria", "mu"):
        currency = "BRL" if name == "mu" else "EUR"
        keys = settings(country_name=name, currency=currency)
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(keys))
    return tmp_path


def write(folder: Path, text: str | None = None, **changes) -> Path:
    keys = {key: value for key, value in (POOL | changes).items() if value is not None}
    path = folder / "treasury.yaml"
    path.write_text(yaml.safe_dump(keys) if text is None else text)
    return path


def faults(folder: Path) -> str:
    with pytest.raises(BadInput) as refused:
        load_treasury(folder)
    for complaint in refused.value.complaints:
        assert complaint.file is not None
        assert complaint.message.startswith(complaint.file)
    return str(refused.value)


def test_without_a_file_there_is_no_pool(folder):
    assert load_treasury(folder) is None
    assert listed_countries(folder) == ()
    assert treasury_of(folder, "atlantis") is None


def test_a_sound_file_is_read_and_takes_the_countries_currency(folder):
    write(folder)
    pool = load_treasury(folder)
    assert (pool.countries, pool.currency) == (("atlantis", "lemuria"), "EUR")
    assert (pool.available_cash, pool.safety_buffer, pool.max_cash_breach) == (60, 10, 0.05)
    assert pool.rate("EUR") == 1
    assert treasury_of(folder, "lemuria") == pool
    assert treasury_of(folder, "mu") is None


def test_other_currencies_have_their_rate(folder):
    write(folder, countries=["atlantis", "mu"], currency="EUR", exchange_rates={"BRL": 0.18})
    assert load_treasury(folder).rate("BRL") == 0.18


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"countries": None}, "countries", "countries is missing; add it, for example `countries: [brazil, usa]`"),
        ({"countries": []}, "countries", "name at least one"),
        ({"countries": "atlantis"}, "countries", "write it as [brazil, usa]"),
        ({"countries": ["atlantis", "atlantis"]}, "countries", "atlantis stands in it more than once"),
        ({"countries": [f"c{n}" for n in range(21)]}, "countries", "lists 21 countries; at most 20"),
        ({"countries": ["atlantis", "thule"]}, "countries", "there is no thule.yaml; there are atlantis, lemuria, mu"),
        ({"available_cash_secret_name": "x"}, "available_cash_secret_name", "keep one"),
        ({"available_cash": None}, "available_cash", "add one of the two"),
        ({"available_cash": "60 million"}, "available_cash", "it is the pool's cash, in millions"),
        ({"safety_buffer": -1}, "safety_buffer", "write a number of at least 0"),
        ({"max_cash_breach": 5}, "max_cash_breach", "it is a fraction of futures, write 0.05"),
        ({"currency": "euro"}, "currency", "write EUR"),
        ({"saftey_buffer": 3}, "saftey_buffer", "did you mean safety_buffer?"),
        ({"exchange_rates": {"brl": 0.18}}, "exchange_rates", "write BRL"),
        ({"exchange_rates": {"BRL": -1}}, "exchange_rates", "write a number above 0"),
        ({"exchange_rates": 0.18}, "exchange_rates", "write one currency a line"),
        ({"currency": "EUR", "exchange_rates": {"EUR": 2}}, "exchange_rates", "the pool's own; take it out"),
        ({"countries": ["atlantis", "mu"]}, "currency", "atlantis in EUR, mu in BRL"),
        ({"countries": ["atlantis", "mu"], "currency": "EUR"}, "exchange_rates", "lacks BRL, the currency of mu"),
    ],
)
def test_each_fault_names_file_key_and_remedy(folder, changes, key, says):
    write(folder, **changes)
    with pytest.raises(BadInput) as refused:
        load_treasury(folder)
    assert says in str(refused.value)
    assert {complaint.key for complaint in refused.value.complaints} == {key}


def test_every_fault_is_told_at_once(folder):
    write(folder, safety_buffer=-1, max_cash_breach=5)
    assert len(faults(folder).splitlines()) == 2


def test_a_yml_is_to_be_renamed_and_not_passed_over(folder):
    write(folder).rename(folder / "treasury.yml")
    assert "rename it" in faults(folder)


def test_a_faulty_file_stops_the_countries_it_lists(folder):
    write(folder, safety_buffer=-1)
    with pytest.raises(BadInput, match="safety_buffer is -1"):
        treasury_of(folder, "atlantis")
    assert treasury_of(folder, "mu") is None


@pytest.mark.parametrize("text", ["countries: [\n", "- a\n", "", "countries: atlantis\n", "countries: []\n"])
def test_a_list_that_cannot_be_read_stops_everybody(folder, text):
    write(folder, text=text)
    assert listed_countries(folder) is None
    with pytest.raises(BadInput, match=r"treasury\.yaml"):
        treasury_of(folder, "mu")


def test_a_country_whose_own_file_is_faulty_does_not_make_the_pools_file_faulty(folder):
    write(folder)
    (folder / "lemuria.yaml").write_text("currency: [\n")
    assert load_treasury(folder).countries == ("atlantis", "lemuria")


def test_cash_from_a_secret_takes_the_place_of_its_name(folder):
    write(folder, available_cash=None, available_cash_secret_name="lottery/pool")
    pool = load_treasury(folder)
    assert pool.available_cash is None
    assert pool.with_cash(70).available_cash == 70
    assert pool.with_cash(70).currency == "EUR"


def test_the_reference_has_a_row_for_every_key():
    rows = table(TreasuryConfig).split("\n")[2:]
    assert [row.split("`")[1] for row in rows] == list(TreasuryConfig.model_fields)
