"""Detects a full disk: by the error number of the system, or the words of DuckDB, dlt and dbt."""

from __future__ import annotations

import errno

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
WORDS = ("No space left on device", "Disk quota exceeded", "File too large")


def is_full_disk(error: BaseException) -> bool:
    """Returns whether a full disk is the cause of an error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in FULL:
            return True
        if any(words in str(cause) for words in WORDS):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
