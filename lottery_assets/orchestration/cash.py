"""Cash of a country or of the treasury's pool, where it is a secret and not a line of the configuration."""

import json
import math
from typing import TypeVar

from lottery_assets.complaints import BadInput
from lottery_assets.country import CountryConfig, TreasuryConfig
from lottery_assets.orchestration.secret import SecretUnread, read_secret

Config = TypeVar("Config", CountryConfig, TreasuryConfig)


def with_cash(config: Config) -> Config:
    """The configuration with `available_cash` known, in millions. Raises BadInput that never shows the secret's value."""
    name = config.available_cash_secret_name
    if name is None:
        return config
    try:
        secret = read_secret(name)
    except SecretUnread as error:
        raise _complaint(config, str(error)) from None
    cash = _number(secret)
    if cash is None:
        raise _complaint(config, 'holds no number of millions; store 120.5, or {"available_cash": 120.5}')
    return config.with_cash(cash)


def _number(secret: str) -> float | None:
    try:
        value = json.loads(secret)
        value = value["available_cash"] if isinstance(value, dict) else value
        cash = float(value)
    except (ValueError, TypeError, KeyError):
        return None
    return cash if math.isfinite(cash) and cash >= 0 and not isinstance(value, bool) else None


def _complaint(config: CountryConfig | TreasuryConfig, what: str) -> BadInput:
    country = config.country_name if isinstance(config, CountryConfig) else None
    return BadInput.of(
        f"{country or 'treasury'}: available_cash_secret_name: the secret {config.available_cash_secret_name} {what}",
        country=country,
        key="available_cash_secret_name",
    )
