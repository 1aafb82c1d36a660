from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.http import HttpClient
from ingestion.options import Options
from tests.fakes.server import FakeServer
from tests.ingestion.helpers import Bring, local_client


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


@pytest.fixture
def bring(http: HttpClient, tmp_path: Path) -> Bring:
    return Bring(http, tmp_path)


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(home=tmp_path / "home", offline=True)
