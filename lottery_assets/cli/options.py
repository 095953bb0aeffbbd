"""What all commands share: the application, where answers and asides go, and the options by name."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

app = typer.Typer(
    help="Which jackpot to announce next week, country by country.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
answer = Console()
aside = Console(stderr=True)

CountryNames = Annotated[list[str] | None, typer.Argument(metavar="[COUNTRY ...]", help="default: every country")]
Configs = Annotated[Path, typer.Option(help="folder of <country>.yaml files")]
Data = Annotated[str, typer.Option(help="the sales file: a path or an s3:// URL")]
Artifacts = Annotated[str, typer.Option(help="where results are written: a folder or an s3:// URL")]
Json = Annotated[bool, typer.Option("--json", help="one JSON document on standard output, nothing else")]
Week = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="a Monday; default: the week after the last sales"),
]

CONFIGS, DATA, ARTIFACTS = Path("configs"), "data/lottery_sales.csv.gz", "artifacts"


def print_json(document: Any) -> None:
    """One document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
