"""Approved pages: what a reader is told, word for word, with the sentence of each chart.

``LEVIERS_APPROVE=1 pytest -n 0 tests/e2e/test_approved.py`` writes what is to be approved; the difference is then read.
"""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import FinishedRun
from tests.fixtures.mirror import FIXTURES

pytestmark = pytest.mark.xdist_group("demo")
APPROVED = FIXTURES / "pages"
PAGES = ("territoires/region-76", "territoires/epci-200066355", "fiches/epci-200066355")
INLINE = {"a", "abbr", "b", "code", "data", "em", "i", "small", "span", "strong", "sub", "sup", "time", "tspan", "use",
    "path", "title",
}  # fmt: skip
GOES_ON = {"td", "th", "li", "dd"}  # a row, a list, a term with its words: each is a line
ENDS = {"td": " ", "th": " ", "dt": " : ", "li": " · "}
QUIET = {"script", "style", "head", "svg"}
DAY = re.compile(r"\b\d{1,2}(?:er)? \w{3,} 20\d\d\b")  # no year of a value: « 14,6 en 2030 »


class PageText(HTMLParser):
    """The words of a page, a line for each block, list or row; of a drawing, its sentence."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self._quiet: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "svg" and values.get("role") == "img" and "narrow" not in (values.get("class") or ""):
            self.text += f"\n[{values.get('aria-label')}]\n"
        if tag in QUIET:
            self._quiet.append(tag)
        if tag not in INLINE | GOES_ON:
            self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if self._quiet and self._quiet[-1] == tag:
            self._quiet.pop()
        self.text += ENDS.get(tag, "" if tag in INLINE else "\n")

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.text += data.replace("\n", " ")  # where a template breaks a sentence


def text_of(path: Path) -> str:
    """The text of a page, without the day of its edition."""
    lines = (" ".join(line.split()) for line in PageText(path.read_text(encoding="utf-8")).text.splitlines())
    return DAY.sub("JOUR", "\n".join(line for line in lines if line)) + "\n"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_was_approved(demo: FinishedRun, name: str) -> None:
    approved = APPROVED / f"{name.replace('/', '-')}.txt"
    text = text_of(demo.home.published.parent / "site" / f"{name}.html")
    if os.environ.get("LEVIERS_APPROVE"):
        approved.parent.mkdir(exist_ok=True)
        approved.write_text(text, encoding="utf-8")
    assert text.splitlines() == approved.read_text(encoding="utf-8").splitlines()
