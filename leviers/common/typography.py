"""French typography: no-break spaces, apostrophes, ligatures."""

from __future__ import annotations

import re
from functools import cache

from leviers.common.french import THOUSANDS

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_LETTERS = {"'": APOSTROPHE, "CO2": "CO₂", "CH4": "CH₄", "N2O": "N₂O", "Coeur": "Cœur"}
_TEXT = re.compile(r">(?<!<code>)(?<!<pre>)\s*[^<\s][^<]*<")
_PATTERNS = (
    (re.compile(r" ([;:!?»])"), "\N{NO-BREAK SPACE}\\1"),
    (re.compile(r"« "), "«\N{NO-BREAK SPACE}"),
    (re.compile(r"(?<=\d)[ \N{NO-BREAK SPACE}]%"), f"{THOUSANDS}%"),
    (re.compile(r"(?<![\w./-])((?:19|20)\d\d)-((?:19|20)\d\d)(?![\w/-]|\.\w)"), "\\1\N{EN DASH}\\2"),
)


def typeset(html: str) -> str:
    """Sets French typography in the text of a page, but not in tags and code."""
    return _TEXT.sub(lambda match: _typeset(match[0]), html)


@cache  # many pages have the same words
def _typeset(text: str) -> str:
    return in_french(text.replace("&#39;", "'"))


@cache
def in_french(text: str) -> str:
    """Returns a text with French typography."""
    for plain, written in _LETTERS.items():
        text = text.replace(plain, written)
    for pattern, by in _PATTERNS:
        text = pattern.sub(by, text)
    return text
