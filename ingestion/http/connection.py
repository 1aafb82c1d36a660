"""Connections to the public network only: a host name that resolves to an internal address is refused."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from ingestion.http.policy import HostRules


def connections(rules: HostRules) -> requests.Session:
    """Returns connections to the hosts of ``rules``.

    If the environment names a proxy, the proxy resolves the names, and addresses are not checked here.
    """
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(rules))
    return session


class _Adapter(HTTPAdapter):
    """An adapter that checks direct connections. A proxy is not checked: its address is usually internal."""

    def __init__(self, rules: HostRules) -> None:
        self._rules = rules
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, self._rules),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self._rules),
        }


def _pool(pool: Any, connection: Any, rules: HostRules) -> Any:
    class Connection(connection):  # type: ignore[misc]
        def connect(self) -> None:
            with suppress(socket.gaierror):  # the connection reports an unknown name
                rules.check_addresses(self.host, _addresses(self.host, self.port))
            super().connect()
            # the connection has resolved the name again, perhaps to another address
            rules.check_addresses(self.host, [self.sock.getpeername()[0]])

    return type("Pool", (pool,), {"ConnectionCls": Connection})


def _addresses(host: str, port: int) -> Iterable[str]:
    return {str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
