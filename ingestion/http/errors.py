"""What is raised when a portal does not give the data: each is one line with the address and what was found."""

from __future__ import annotations


class FetchError(Exception):
    """A download that did not give the data: one line with the address and what was found."""


class NotReachedError(FetchError):
    """The portal did not answer, or not now: nothing is known of the data."""


class UnauthorizedError(FetchError):
    """The host wants to know who asks, and does not accept the answer (HTTP 401)."""


class RetryableError(Exception):
    """An attempt that failed and may succeed when it is made again, after ``retry_after`` seconds if the host says so.

    It never leaves this package: after the last attempt it is a ``NotReachedError``.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
