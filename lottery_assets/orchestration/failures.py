"""Faults of the input and decisions without an answer, told in the run's failure as people should read them."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from lottery_assets.complaints import BadInput
from lottery_assets.jackpot import NoRecommendation
from lottery_assets.orchestration.alerts.facts import FAULT, Fault

MEND = "mend it as said, then choose Re-execute all; other countries go on, and nothing was published for this one"
SIGN = "nothing was published and the last approved jackpot stays in force; the reason says what is in the way and what people may sign; `lottery decide` records what they announce"


@contextmanager
def told_plainly(context: dg.AssetExecutionContext) -> Iterator[None]:
    """Turns BadInput and NoRecommendation into a failure that says what to do and is never retried."""
    try:
        yield
    except (BadInput, NoRecommendation) as fault:
        raise dg.Failure(
            description=str(fault),
            metadata={
                "country": _whose(context),
                "reason": dg.MetadataValue.md(as_list(str(fault))),
                FAULT: Fault.of(fault).model_dump(mode="json"),
                "next": MEND if isinstance(fault, BadInput) else SIGN,
            },
            allow_retries=False,
        ) from fault


def _whose(context: dg.AssetExecutionContext) -> str:
    """The country; what has no partition is the treasury's."""
    return context.partition_key if context.has_partition_key else "treasury"


def as_list(text: str) -> str:
    """Lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in text.splitlines() if line.strip())
