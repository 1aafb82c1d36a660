from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingestion.http import HttpClient
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import local_client


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as running:
        yield running


@pytest.fixture
def sleeps() -> list[float]:
    """The waits that the client asked for; nobody really waits."""
    return []


@pytest.fixture
def http(sleeps: list[float]) -> HttpClient:
    return local_client(sleep=sleeps.append)
