"""A line the size of a word. Written by hand: a page has one a country, and what draws charts takes a hundredth of a second for each."""

from collections.abc import Sequence
from html import escape

from lottery_assets.report.figures import BLUE, ORANGE

WIDTH, HEIGHT, EDGE = 110, 24, 5
"""Points: of the picture, and what is kept free around the line."""
LONGEST = 26
"""Values that fill the width; of fewer, the line is shorter."""


def spark(values: Sequence[float], last: float | None, alt: str) -> str:
    """An `<svg>` element of the values [n] from left to right; `last`: one more, a diamond at their end."""
    shown = [*values] if last is None else [*values, last]
    low, high = min(shown), max(shown)
    step = (WIDTH - 2 * EDGE) / max(len(values), LONGEST)
    points = [
        (EDGE + step * place, HEIGHT / 2 if low == high else EDGE + (HEIGHT - 2 * EDGE) * (high - value) / (high - low))
        for place, value in enumerate(shown)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points[: len(values)])
    drawn = f'<polyline points="{line}" fill="none" stroke="{BLUE}" stroke-width="1.2"/>'
    if last is not None:
        x, y = points[-1]
        drawn += f'<path d="M{x:.1f} {y - 4:.1f}l4 4l-4 4l-4 -4z" fill="{ORANGE}"/>'
    return f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {WIDTH} {HEIGHT}">{drawn}</svg>'
