"""A page taken apart as a browser would: elements with their attributes and text, scripts apart from text."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "input", "br", "img", "link"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    children: "list[Element]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text below, blanks joined."""
        return re.sub(r"\s+", " ", "".join(self.pieces)).strip()

    def all(self, tag: str, **having: str) -> "list[Element]":
        """Elements below, in their order; `class_` and `data_rule` stand for class and data-rule."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in having.items()}
        found = []
        for child in self.children:
            if child.tag == tag and all(child.attributes.get(name) == value for name, value in wanted.items()):
                found.append(child)
            found += child.all(tag, **having)
        return found

    def one(self, tag: str, **having: str) -> "Element":
        [found] = self.all(tag, **having)
        return found

    def everything(self) -> "list[Element]":
        return [self, *(below for child in self.children for below in child.everything())]

    def rows(self) -> list[list[str]]:
        """Text of a table's body, cell by cell."""
        body = self.one("tbody")
        return [[cell.text for cell in row.children if cell.tag in ("td", "th")] for row in body.all("tr")]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        inside = self.open[-1].tag in ("script", "style")
        for element in self.open[-1:] if inside else self.open:
            element.pieces.append(data)


def parse(page: str) -> Element:
    """The page's tree; an element that is not closed, or closed in the wrong place, fails."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert len(builder.open) == 1, [element.tag for element in builder.open]
    return builder.root
