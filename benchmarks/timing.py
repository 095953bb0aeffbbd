"""Medians of repeated calls, and Markdown tables of them."""

import statistics
import time
from collections.abc import Callable, Iterable


def median_ms(call: Callable[[], object], repeats: int = 15) -> float:
    """Median wall time of a call in milliseconds, after one call that is not counted."""
    call()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)


def markdown(title: str, header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table under a heading."""
    head = [str(cell) for cell in header]
    lines = [f"### {title}", "", "| " + " | ".join(head) + " |", "|" + "-|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)
