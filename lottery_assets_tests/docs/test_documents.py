"""What the documents promise to their readers: diagrams that draw, links that lead somewhere."""

import re
from pathlib import Path

import mermaidx
import pytest

from lottery_assets_tests.conftest import ROOT

FOLDERS = (".", "benchmarks", "configs", "data", "deploy", "docs", "requirements")
DOCUMENTS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.md"))
DIAGRAMS = [
    pytest.param(diagram, id=f"{path.relative_to(ROOT)}-{number}")
    for path in DOCUMENTS
    for number, diagram in enumerate(re.findall(r"^```mermaid\n(.*?)^```", path.read_text(), re.S | re.M), 1)
]


def drawn(diagram: str) -> str:
    """The picture that Mermaid draws, as SVG. Raises RuntimeError where it cannot read the diagram."""
    return str(mermaidx.render(diagram).svg())


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_a_diagram_draws(diagram):
    assert "</svg>" in drawn(diagram)


def test_a_faulty_diagram_does_not_draw():
    with pytest.raises(RuntimeError, match="Parse error"):
        drawn("flowchart LR\n  sales --> [model")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(path: Path):
    links = re.findall(r"\]\(([^)#\s]+)|<img src=\"([^\"]+)\"", path.read_text())
    files = [link for pair in links for link in pair if link and "://" not in link]
    assert [link for link in files if not (path.parent / link).exists()] == []
