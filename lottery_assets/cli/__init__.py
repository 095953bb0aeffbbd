"""`lottery`: the command line, thin over the same assets.

Standard output holds the answer, as a table or, with `--json`, as one JSON document; progress and complaints go to standard
error. Exit: 0 all good; 1 a bug; 2 usage, or bad input that leaves no country with an answer; 3 some countries have their
answer and some have none, or none has one because no jackpot is feasible.
"""

from lottery_assets.cli import answers, auditing, judging, learning, models, onboarding, signing  # noqa: F401 - they add their commands
from lottery_assets.cli.options import app

__all__ = ["app", "main"]


def main() -> None:
    """Entry point of `lottery`."""
    app()
