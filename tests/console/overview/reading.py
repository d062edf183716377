"""Reading the page as a person does: its language, sections, tables, facts and links."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override

REFERENCES = ("href", "src", "data-source")
VOID = {"meta", "link", "progress"}


@dataclass
class Element:
    """An element with its attributes and all the text inside it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None"
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, tag: str) -> list["Element"]:
        """Find every element of a tag inside this one, in the order of the page."""
        found = [self] if self.tag == tag else []
        return found + [each for child in self.children for each in child.all(tag)]

    @property
    def words(self) -> str:
        """The text without needless space."""
        return " ".join(self.text.split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.current = Element("", {}, None)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.current)
        self.current.children.append(element)
        if tag not in VOID - {"progress"}:
            self.current = element

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.current.tag == tag, f"</{tag}> closes <{self.current.tag}>"
        assert self.current.parent is not None
        self.current = self.current.parent

    @override
    def handle_data(self, data: str) -> None:
        place: Element | None = self.current
        while place is not None:
            place.text += data
            place = place.parent


@dataclass
class Page:
    """A page; every element that was opened was closed."""

    root: Element

    @property
    def elements(self) -> list[Element]:
        """Every element, in order."""

        def walk(element: Element) -> list[Element]:
            return [element, *(each for child in element.children for each in walk(child))]

        return walk(self.root)[1:]

    @property
    def language(self) -> str:
        """The language that the page says it is in."""
        return self.root.all("html")[0].attributes["lang"]

    @property
    def references(self) -> list[str]:
        """Whatever the page links to or loads."""
        return [
            e.attributes[name] for e in self.elements for name in REFERENCES if name in e.attributes
        ]

    @property
    def facts(self) -> dict[str, str]:
        """The named facts: term and description."""
        terms, descriptions = self.root.all("dt"), self.root.all("dd")
        return {t.words: d.words for t, d in zip(terms, descriptions, strict=True)}

    def table(self, caption: str) -> dict[str, dict[str, str]]:
        """Read a table by its caption: row, then column."""
        (table,) = [t for t in self.root.all("table") if t.all("caption")[0].words == caption]
        _, *columns = [cell.words for cell in table.all("thead")[0].all("th")]
        rows = [
            row for part in ("tbody", "tfoot") for each in table.all(part) for row in each.all("tr")
        ]
        return {
            row.all("th")[0].words: dict(
                zip(columns, (cell.words for cell in row.all("td")), strict=True)
            )
            for row in rows
        }


def read(html: str) -> Page:
    """Read a page, or a part of one."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.current is builder.root, f"<{builder.current.tag}> is not closed"
    return Page(builder.root)
