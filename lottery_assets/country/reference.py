"""The tables of keys in `configs/README.md`, written from the models. `python -m lottery_assets.country` prints a country's.

`python -m lottery_assets.country configs/README.md` writes them into the file, each between its two markers.
"""

from pathlib import Path

from lottery_assets.country.config import CountryConfig
from lottery_assets.country.configuration import Configuration
from lottery_assets.country.treasury import TreasuryConfig

BEGIN, END = "<!-- keys: written by python -m lottery_assets.country configs/README.md -->", "<!-- end of keys -->"
TREASURY_BEGIN, TREASURY_END = "<!-- treasury keys: written by the same -->", "<!-- end of treasury keys -->"


def table(model: type[Configuration] = CountryConfig) -> str:
    """Markdown: one row a key, in the order of the model."""
    lines = ["| key | needed | unit | meaning | example |", "|---|---|---|---|---|"]
    for key, field in model.model_fields.items():
        needed, unit = _needed(model, key), model.unit(key)
        lines.append(f"| `{key}` | {needed} | {unit} | {field.description} | `{model.example(key)}` |")
    return "\n".join(lines)


def with_table(readme: str) -> str:
    """The README with the present tables between their markers; only a country's has to be there. Raises ValueError."""
    readme = _between(readme, BEGIN, END, table())
    if TREASURY_BEGIN in readme:
        readme = _between(readme, TREASURY_BEGIN, TREASURY_END, table(TreasuryConfig))
    return readme


def _between(readme: str, first: str, last: str, text: str) -> str:
    before, begin, rest = readme.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise ValueError(f"the file needs both markers: {first} and {last}")
    return f"{before}{first}\n\n{text}\n\n{last}{after}"


def main(arguments: list[str]) -> None:
    """Prints the table, or writes it into the file named."""
    if not arguments:
        print(table())
    for path in map(Path, arguments):
        path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")


def _needed(model: type[Configuration], key: str) -> str:
    if any(key in pair for pair in model.one_of_two):
        return "one of the two"
    field = model.model_fields[key]
    if field.is_required():
        return "yes"
    if field.default_factory is not None:
        return "no"
    default = str(field.default).lower() if isinstance(field.default, bool) else field.default
    return "no" if default is None else f"no (`{default}`)"
