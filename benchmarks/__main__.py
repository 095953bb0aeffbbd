"""Prints tables: `python -m benchmarks [NAME ...] [--write]`; all of them without a name, into README.md too with `--write`."""

import argparse
from pathlib import Path

from benchmarks import ablation, decision, fitting, planning, weekly

TABLES = {
    "weekly": weekly.table,
    "fitting": fitting.table,
    "decision": decision.table,
    "planning": planning.table,
    "ablation": ablation.table,
}
README = Path(__file__).with_name("README.md")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TABLES))
    parser.add_argument("--write", action="store_true", help="put the tables into benchmarks/README.md")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - TABLES.keys():
        parser.error(f"{', '.join(sorted(unknown))}: there are {', '.join(TABLES)}")
    for name in arguments.names or TABLES:
        table = TABLES[name]()
        print(table, end="\n\n", flush=True)
        if arguments.write:
            README.write_text(_with(README.read_text(encoding="utf-8"), name, table), encoding="utf-8")


def _with(page: str, name: str, table: str) -> str:
    """The page with the table between its two marks."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, rest = page.split(begin)
    return before + begin + table + "\n" + end + rest.split(end)[1]


if __name__ == "__main__":
    main()
