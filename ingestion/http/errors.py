"""Errors of portals: each is one line with the address and the finding."""

from __future__ import annotations

from ingestion.fault import RefusalError


class FetchError(RefusalError):
    """A download that failed: one line with the address. ``finding`` is a kind of ``ingestion/probe.yml``."""

    finding = "answer"

    def __init__(self, line: str, finding: str | None = None) -> None:
        super().__init__(line)
        self.finding = finding or self.finding


class NotReachedError(FetchError):
    """The portal does not answer, or wants no call now. Nothing is known of its data."""

    finding = "silent"


class UnauthorizedError(FetchError):
    """The host asks for credentials, and does not accept the ones it got (HTTP 401)."""

    finding = "account_refused"


class RetryableError(Exception):
    """An attempt that failed and may succeed when it is repeated, after ``retry_after`` seconds if the host names them.

    It never leaves this package: after the last attempt it becomes a ``NotReachedError``.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
