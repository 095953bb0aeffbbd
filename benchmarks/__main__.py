"""Prints tables: `python -m benchmarks [NAME ...] [--write]`; without a name all that take minutes, into the page too with `--write`."""

import argparse
from pathlib import Path

from benchmarks import ablation, costs, decision, fitting, gates, growth, planning, scorecard, weekly

TABLES = {
    "weekly": weekly.table,
    "fitting": fitting.table,
    "decision": decision.table,
    "planning": planning.table,
    "ablation": ablation.table,
    "gates": gates.table,
    "growth": growth.table,
    "costs": costs.table,
}
HOURS = {"scorecard": scorecard.table}
"""Printed only when named."""
README = Path(__file__).with_name("README.md")
RUNBOOK = README.parents[1] / "deploy" / "README.md"
PAGES = {"growth": RUNBOOK, "costs": RUNBOOK}
"""Where a table is written, if not into README.md."""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(TABLES)}; only when named: {', '.join(HOURS)}"
    )
    parser.add_argument(
        "--write", action="store_true", help="put the tables into benchmarks/README.md, or deploy/README.md"
    )
    arguments = parser.parse_args()
    every = TABLES | HOURS
    if unknown := set(arguments.names) - every.keys():
        parser.error(f"{', '.join(sorted(unknown))}: there are {', '.join(every)}")
    for name in arguments.names or TABLES:
        table = every[name]()
        print(table, end="\n\n", flush=True)
        if arguments.write:
            page = PAGES.get(name, README)
            page.write_text(_with(page.read_text(encoding="utf-8"), name, table), encoding="utf-8")


def _with(page: str, name: str, table: str) -> str:
    """The page with the table between its two marks."""
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, rest = page.split(begin)
    return before + begin + table + "\n" + end + rest.split(end)[1]


if __name__ == "__main__":
    main()
