"""Configurations and sales of the countries asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pandas as pd
from rich.text import Text

from lottery_assets.audit.data_versions import refuse_changed
from lottery_assets.cli.options import aside
from lottery_assets.complaints import BadInput, Complaint
from lottery_assets.country import CountryConfig, country_files, load_country, load_treasury, treasury_of
from lottery_assets.sales import RawSales, read_sales


class Inputs:
    """Configurations and sales of the countries asked for; who complains is left out, and the others go on."""

    def __init__(self, configs: Path, data: str, countries: list[str] | None) -> None:
        self.data, self.folder = data, configs
        self.names: list[str] = list(countries or [])
        self.configs: dict[str, CountryConfig] = {}
        self.complaints: list[Complaint] = []
        try:
            files = country_files(configs)
        except BadInput as fault:
            self.complaints += fault.complaints
            return
        self.names = self.names or sorted(files)
        for country in self.names:
            with self.complaining(country):
                self.configs[country] = load_country(known(country, files))

    @cached_property
    def _read(self) -> RawSales | BadInput:
        try:
            return read_sales(self.data)
        except BadInput as fault:
            return fault

    def raw(self) -> pd.DataFrame:
        """The sales as text. Raises BadInput, the same for every country that asks."""
        read = self._read
        if isinstance(read, BadInput):
            raise read
        self.complaints += [complaint for complaint in read.complaints if complaint not in self.complaints]
        return read.frame

    def tracked(self) -> pd.DataFrame:
        """The same, for what is kept. Raises BadInput also where DVC tracks the file and knows another version of it."""
        frame, read = self.raw(), self._read
        assert isinstance(read, RawSales)  # noqa: S101 - it was read
        refuse_changed(self.data, read.data_version)
        return frame

    @contextmanager
    def complaining(self, country: str) -> Iterator[None]:
        """Notes what is wrong with a country and drops it."""
        try:
            yield
        except BadInput as fault:
            self.configs.pop(country, None)
            self.complaints += [c for c in fault.complaints if c not in self.complaints]

    def check_treasury(self) -> None:
        """Notes what is wrong with the treasury's file and drops the countries that it stops."""
        try:
            load_treasury(self.folder)
        except BadInput as fault:
            self.complaints += fault.complaints
        for country in list(self.configs):
            with self.complaining(country):
                treasury_of(self.folder, country)

    def check_version(self) -> None:
        """Notes where DVC tracks the sales and knows another version of them; no country is recommended for from such a file."""
        read = self._read
        try:
            refuse_changed(self.data, read.data_version) if isinstance(read, RawSales) else None
        except BadInput as fault:
            self.complaints += fault.complaints
            self.configs.clear()

    def tell(self) -> None:
        """Says the complaints on standard error."""
        for complaint in self.complaints:
            aside.print(Text(complaint.message))

    def exit_code(self) -> int:
        """0 all can be served, 3 some, 2 none."""
        return 2 if not self.configs else 0 if len(self.configs) == len(self.names) else 3


def known(country: str, files: dict[str, Path]) -> Path:
    """The country's file. Raises BadInput that lists the countries there are."""
    if country not in files:
        raise BadInput.of(
            f"{country}: there is no such country; there are {', '.join(sorted(files)) or 'none'}", country=country
        )
    return files[country]
