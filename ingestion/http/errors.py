"""What is raised when a portal does not give the data: each is one line with the address and what was found."""

from __future__ import annotations

from ingestion.fault import RefusalError
from leviers.text.message import Message


class FetchError(RefusalError):
    """A download that did not give the data: one line with the address, and what was ``found``, a kind of finding of
    ``ingestion/probe.yml``.
    """

    kind = Message("the portal does not give the data as its record says")
    found = "answer"

    def __init__(self, line: str, found: str | None = None) -> None:
        super().__init__(line)
        self.found = found or self.found


class NotReachedError(FetchError):
    """The portal did not answer, or not now: nothing is known of the data."""

    kind = Message("the portal was not reached")
    found = "silent"


class UnauthorizedError(FetchError):
    """The host wants to know who asks, and does not accept the answer (HTTP 401)."""

    kind = Message("the portal does not accept the identification")
    found = "account_refused"


class RetryableError(Exception):
    """An attempt that failed and may succeed when it is made again, after ``retry_after`` seconds if the host says so.

    It never leaves this package: after the last attempt it is a ``NotReachedError``.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
