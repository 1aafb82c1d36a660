"""A page of the site as its text: what a reader would read, follow and load, without a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

WORD = re.compile(r"\S*[^\W_]\S*")
THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3})")  # "15 338" is a word
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "cite", "code", "dfn", "em", "i", "kbd", "mark", "q", "s", "small", "span", "strong",
    "sub", "sup", "time", "tspan", "u", "wbr",
})  # fmt: skip
UNSEEN = frozenset({"script", "style", "template", "noscript", "title", "desc", "head", "option"})
UNSEEN_CLASSES = frozenset({"hidden", "unseen", "narrow"})  # the wide one of the drawings for two widths counts


class Element(NamedTuple):
    """An element that is open: whether its text is no French, is not seen, or is folded except its summary."""

    tag: str
    is_quiet: bool
    is_unseen: bool
    is_closed: bool


class Page(HTMLParser):
    """Links, ids, addresses and texts of a page, and the words that are visible with every ``details`` closed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []
        self.texts: list[str] = []
        self.unnamed: list[str] = []
        self._open = [Element("", is_quiet=False, is_unseen=False, is_closed=False)]
        self._seen: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    @property
    def folded_words(self) -> int:
        """How many words are visible with everything folded."""
        return len(WORD.findall(THOUSANDS.sub("_", "".join(self._seen))))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag in ("script", "img", "iframe", "link"):
            self.loads.append(given.get("src") or given.get("href") or "")
        if (
            tag == "svg"
            and given.get("aria-hidden") != "true"
            and not (given.get("role") == "img" and given.get("aria-label"))
        ):
            self.unnamed.append(str(given))
        if tag == "input":
            self._seen.append(given.get("placeholder") or "")
        self._separate(tag)
        if tag not in VOID:
            above = self._open[-1]
            self._open.append(
                Element(
                    tag,
                    is_quiet=above.is_quiet or tag in ("script", "style", "code") or given.get("lang") == "en",
                    is_unseen=above.is_unseen or (above.is_closed and tag != "summary") or _is_unseen(tag, given),
                    is_closed=tag == "details" and "open" not in given,
                )
            )

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._separate(tag)
        if any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        within = self._open[-1]
        if not within.is_quiet and data.strip():
            self.texts.append(data)
        if not (within.is_unseen or within.is_closed):
            self._seen.append(data)

    def _separate(self, tag: str) -> None:
        if tag not in INLINE:
            self._seen.append(" ")


def _is_unseen(tag: str, given: dict[str, str | None]) -> bool:
    return tag in UNSEEN or "hidden" in given or not UNSEEN_CLASSES.isdisjoint((given.get("class") or "").split())
