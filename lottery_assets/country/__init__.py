"""A country: what its operator sets, read from `configs/<country>.yaml` and checked key by key.

Here: the model of a configuration, its files, and the reference that is generated from it. Not here: sales, secrets
(the cash behind `available_cash_secret_name` is fetched in `orchestration`), rules that need more than a configuration.
"""

from lottery_assets.country.config import CountryConfig
from lottery_assets.country.files import Countries, country_files, load_countries, load_country

__all__ = ["Countries", "CountryConfig", "country_files", "load_countries", "load_country"]
