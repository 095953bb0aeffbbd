"""Cash that is a secret: read through boto3, never shown."""

import boto3
import pytest

from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig, TreasuryConfig
from lottery_assets.orchestration.cash import with_cash
from lottery_assets_tests.countries import country

SECRET = "lottery/atlantis/cash"


@pytest.fixture
def secretive() -> CountryConfig:
    return country(available_cash=None, available_cash_secret_name=SECRET)


def store(value: str) -> None:
    boto3.client("secretsmanager").create_secret(Name=SECRET, SecretString=value)


def test_cash_in_the_configuration_needs_no_aws():
    config = country(available_cash=55.0)
    assert with_cash(config) is config


@pytest.mark.parametrize("value", ["120.5", '{"available_cash": 120.5}', ' "120.5" ', '{"available_cash": "120.5"}'])
def test_a_secret_is_a_number_or_json_with_available_cash(aws, secretive, value):
    store(value)
    config = with_cash(secretive)
    assert config.available_cash == 120.5
    assert config.available_cash_secret_name is None


@pytest.mark.parametrize("value", ["hunter2", '{"cash": 987654}', "[987654]", "NaN", "-987654", "true", "", "1e999"])
def test_a_secret_that_is_no_number_is_named_and_never_shown(aws, secretive, value):
    store(value or " ")
    with pytest.raises(BadInput) as caught:
        with_cash(secretive)
    message = str(caught.value)
    assert SECRET in message
    assert "available_cash" in message
    assert "hunter2" not in message
    assert "987654" not in message
    assert caught.value.__cause__ is None


def test_a_missing_secret_is_named_with_the_reason_of_aws(aws, secretive):
    with pytest.raises(BadInput, match=rf"{SECRET} cannot be read .*ResourceNotFoundException"):
        with_cash(secretive)


def test_no_aws_at_all_is_an_error_that_names_the_secret(monkeypatch, secretive):
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(BadInput, match=f"{SECRET} cannot be read"):
        with_cash(secretive)


def test_the_pools_cash_goes_the_same_way(aws):
    pool = TreasuryConfig(countries=["atlantis"], currency="EUR", safety_buffer=1, available_cash_secret_name=SECRET)
    with pytest.raises(BadInput, match=rf"treasury: .*{SECRET} cannot be read"):
        with_cash(pool)
    store("75")
    assert with_cash(pool).available_cash == 75
