"""The table of keys in `configs/README.md`, written from the model. `python -m lottery_assets.country` prints it.

`python -m lottery_assets.country configs/README.md` writes it into the file, between its two markers.
"""

from pathlib import Path

from lottery_assets.country.config import CountryConfig, example, unit
from lottery_assets.country.rules import ONE_OF_TWO

BEGIN, END = "<!-- keys: written by python -m lottery_assets.country configs/README.md -->", "<!-- end of keys -->"


def table() -> str:
    """Markdown: one row a key, in the order of the model."""
    lines = ["| key | needed | unit | meaning | example |", "|---|---|---|---|---|"]
    for key, field in CountryConfig.model_fields.items():
        lines.append(f"| `{key}` | {_needed(key)} | {unit(key)} | {field.description} | `{example(key)}` |")
    return "\n".join(lines)


def with_table(readme: str) -> str:
    """The README with the present table between its markers. Raises ValueError when a marker is missing."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the file needs both markers: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def main(arguments: list[str]) -> None:
    """Prints the table, or writes it into the file named."""
    if not arguments:
        print(table())
    for path in map(Path, arguments):
        path.write_text(with_table(path.read_text(encoding="utf-8")), encoding="utf-8")


def _needed(key: str) -> str:
    if any(key in pair for pair in ONE_OF_TWO):
        return "one of the two"
    field = CountryConfig.model_fields[key]
    if field.is_required():
        return "yes"
    default = str(field.default).lower() if isinstance(field.default, bool) else field.default
    return "no" if default is None else f"no (`{default}`)"
