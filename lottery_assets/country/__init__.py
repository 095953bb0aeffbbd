"""A country: what its operator sets, read from `configs/<country>.yaml` and checked key by key; and the pool of several.

Here: the models of configurations, their files, and the reference that is generated from it. Not here: sales, secrets
(the cash behind `available_cash_secret_name` is fetched in `orchestration`), rules that need more than a configuration.
"""

from lottery_assets.country.config import CountryConfig
from lottery_assets.country.files import Countries, country_files, load_countries, load_country
from lottery_assets.country.treasury import TreasuryConfig, listed_countries, load_treasury, treasury_file, treasury_of

__all__ = [
    "Countries",
    "CountryConfig",
    "TreasuryConfig",
    "country_files",
    "listed_countries",
    "load_countries",
    "load_country",
    "load_treasury",
    "treasury_file",
    "treasury_of",
]
