"""Words for a person."""

from __future__ import annotations

from collections.abc import Sequence


def first_of(names: Sequence[str], shown: int = 3) -> str:
    """Returns the first of several names, with the number of the others."""
    first = ", ".join(names[:shown])
    return f"{first} and {len(names) - shown} more" if names[shown:] else first
