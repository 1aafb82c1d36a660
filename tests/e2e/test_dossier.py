"""The file of proofs of a territory and its ten answers: as short as they promise, and as many rows as the file has."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.cases import cases
from tests.conftest import FinishedRun

CASES = cases(__file__)

ANSWER, EPCI, OTHERS = 30, 250, 300  # words at most
SPACES = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "__")  # a number and its unit are one word
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def site(demo: FinishedRun) -> Path:
    return (demo.home.path / "published" / "site").resolve()


def words(html: str) -> int:
    """How many words a piece of a page has."""
    text = unescape(re.sub(r"<[^>]+>", "", html)).translate(SPACES)
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def answers(page: Path) -> list[tuple[str, str]]:
    """The questions of a page and their answers."""
    section = page.read_text(encoding="utf-8").partition('<section id="questions">')[2].partition("</section>")[0]
    return re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", section, re.DOTALL)


def test_answers_are_short_made_of_numbers_and_lead_on(site: Path) -> None:
    pages = sorted(site.glob("territoires/*.html"))
    assert pages
    for page in pages:
        entries = answers(page)
        assert 4 <= len(entries) <= 6, page
        assert not [answer for _, answer in entries if words(answer) > ANSWER or "href=" not in answer], page
        most = EPCI if page.name.startswith("epci") else OTHERS
        assert sum(words(question) + words(answer) for question, answer in entries) <= most, page


@pytest.mark.parametrize(
    ("part", "noun", "query"),
    CASES["a_part_says_how_many_rows_the_file_has_and_shows_them"],
)
def test_a_part_says_how_many_rows_the_file_has_and_shows_them(
    demo: FinishedRun, site: Path, part: str, noun: str, query: str
) -> None:
    rows = demo.home.query(f"select territoire_id, count(*) from ({query}) group by all")
    counts = {str(place): number for place, number in rows}
    printed: dict[str, int] = {}
    for page in sorted(site.glob("dossiers/*.html")):
        section = re.search(rf'<details class="part" id="{part}">.*?</details>', page.read_text("utf-8"), re.DOTALL)
        count = re.search(rf"([\d\s]+?)\s{noun}s?\b", section[0].partition("</summary>")[0]) if section else None
        printed[page.stem.replace("-", ":", 1)] = int(re.sub(r"\s", "", count[1])) if count else 0
        if section and count and part != "engagements":
            assert section[0].count("<tr") > printed[page.stem.replace("-", ":", 1)], page
    assert {place: number for place, number in printed.items() if number} == counts


def test_an_anchor_of_an_answer_is_a_part_that_opens(site: Path) -> None:
    for page in sorted(site.glob("territoires/*.html")):
        for name, anchor in re.findall(r'dossiers/([\w-]+)\.html#([\w-]+)"', "".join(a for _, a in answers(page))):
            dossier = (site / "dossiers" / f"{name}.html").read_text(encoding="utf-8")
            assert f'<details class="part" id="{anchor}"><summary>' in dossier, (page, anchor)
