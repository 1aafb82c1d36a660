from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingestion.http import HttpClient
from tests.fakes.server import FakeServer


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as running:
        yield running
    for remembered in (HttpClient._closed_until, HttpClient._silent_since):
        remembered.clear()  # another server may get the port


@pytest.fixture
def sleeps() -> list[float]:
    """The waits that the client asked for; nobody really waits."""
    return []


@pytest.fixture
def http(sleeps: list[float]) -> HttpClient:
    return HttpClient(frozenset({"127.0.0.1"}), insecure_loopback=True, sleep=sleeps.append)
