"""Charts as SVG that stands inside a page: text stays text, no date, no id that would recur; the same figure gives the same bytes."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from typing import Any

PER_INCH = 72
"""Points: of a figure, and of the picture's own coordinates."""


@contextmanager
def drawing(name: str) -> Iterator[None]:
    """Settings to draw and to save under. `name` keeps inner names apart from those of the page's other charts."""
    from matplotlib import rc_context

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.family": "sans-serif", "font.size": 11}):
        yield


def canvas(width: float, height: float) -> Any:
    """An empty figure [points] without a background."""
    from matplotlib.figure import Figure  # half a second, paid only where a picture is drawn

    empty = Figure(figsize=(width / PER_INCH, height / PER_INCH), dpi=PER_INCH)
    empty.patch.set_visible(False)
    return empty


def inline(drawn: Any, paint: Mapping[str, str] | None = None, alt: str | None = None) -> str:
    """An `<svg>` element, without prologue, metadata and ids that nothing refers to: they would recur in every chart of a page.

    `paint`: colour -> the page's variable that stands in for it; `alt`: what those hear who do not see.
    """
    buffer = io.StringIO()
    drawn.savefig(buffer, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    text = buffer.getvalue()
    text = re.sub(r' id="[A-Za-z0-9.]+_\d+"', "", text[text.index("<svg") :])
    for colour, variable in (paint or {}).items():
        text = re.sub(f"(fill|stroke): {colour}", rf"\1: var({variable})", text, flags=re.IGNORECASE)
    return text if alt is None else text.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)
