"""A person's Ctrl-C, by whichever name it comes: Python's, a library's that wraps it, or DuckDB's in its place."""

from __future__ import annotations

WORDS = "Query interrupted"


def is_interrupted(error: BaseException) -> bool:
    """Whether a person's Ctrl-C is behind an error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt) or (isinstance(cause, RuntimeError) and str(cause) == WORDS):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
