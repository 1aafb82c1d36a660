"""Words for a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula
CONTROLS = ("Cc", "Cf")


def first_of(names: Sequence[str], shown: int = 3) -> str:
    """Returns the first of several names, with the number of the others."""
    first = ", ".join(names[:shown])
    return f"{first} and {len(names) - shown} more" if names[shown:] else first


def without_formula(text: str) -> str:
    """Returns a text for a spreadsheet. One that looks like a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(FORMULA) else text


def without_controls(text: str) -> str:
    """Returns a text for a terminal: a control character, such as one that begins an escape sequence, is spelt out."""
    is_control = [unicodedata.category(letter) in CONTROLS for letter in text]
    return "".join(ascii(c)[1:-1] if is_one else c for c, is_one in zip(text, is_control, strict=True))
