"""Rules for the hosts that the catalogue names (``allowed_hosts``): protocol, pace and pauses."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

import requests
from urllib3 import Retry
from urllib3.exceptions import InvalidHeader

from ingestion.http.errors import FetchError, NotReachedError

# a host that asks for a longer pause is not called again in this run
MAX_WAIT = 60.0
# a host that has been silent for so long is not retried
SILENT_SECONDS = 120.0
LOOPBACK = "127.0.0.1"
_NAT64 = ip_network("64:ff9b::/96")


def _address_behind(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Returns the IPv4 address within an IPv6 one (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


@dataclass(frozen=True)
class HostRules:
    """The hosts that a client may ask, over HTTPS.

    ``insecure_loopback`` allows this machine, and plain HTTP to 127.0.0.1, for a local server. ``intervals`` has the
    least seconds between two calls to a host; hosts that it does not name have none.
    """

    hosts: frozenset[str]
    insecure_loopback: bool = False
    intervals: Mapping[str, float] = field(default_factory=dict)

    def check(self, url: str) -> None:
        """Checks that a request may be sent to an address.

        Raises:
            FetchError: the rules do not name the host, or the address is not HTTPS.
        """
        parts = urlsplit(url)
        if parts.hostname not in self.hosts:
            raise FetchError(f"{url}: the catalogue does not name the host {parts.hostname}", "host")
        loopback = self.insecure_loopback and parts.hostname == LOOPBACK
        if parts.scheme != "https" and not loopback:
            raise FetchError(f"{url}: only HTTPS is allowed")

    def check_addresses(self, host: str, addresses: Iterable[str]) -> None:
        """Checks that all addresses of a host are in the public network.

        Raises:
            FetchError: an address is private, loopback, link-local, shared, reserved or multicast.
        """
        for text in sorted(addresses):
            address = ip_address(text.partition("%")[0])
            reached = _address_behind(address)
            of_this_machine = self.insecure_loopback and address.is_loopback
            is_internal = not reached.is_global or reached.is_multicast or getattr(reached, "is_site_local", False)
            if is_internal and not of_this_machine:
                raise FetchError(f"{host}: the name leads to the internal address {text}")


class HostMemory:
    """Memory of the calls to each host: the last call, the end of a pause it asked for, the start of its silence.

    All clients of a process share one memory, so that they keep the pace of a host together. A host is a name with its
    port.
    """

    def __init__(self) -> None:
        self._last_call: dict[str, float] = {}
        self._closed_until: dict[str, float] = {}
        self._silent_since: dict[str, float] = {}

    def pace(self, url: str, interval: float, sleep: Callable[[float], None]) -> None:
        """Waits until the host may be asked, at least ``interval`` seconds after the last call, and notes the call.

        Raises:
            NotReachedError: as ``check_open``.
        """
        self.check_open(url)
        host = _host(url)
        due = self._last_call.get(host, -math.inf) + interval - time.monotonic()
        wait = max(due, self._closed_until.get(host, 0.0) - time.time())
        if wait > 0:
            sleep(wait)
        self._last_call[host] = time.monotonic()

    def check_open(self, url: str) -> None:
        """Checks that the host accepts calls.

        Raises:
            NotReachedError: it asked for a pause longer than ``MAX_WAIT``.
        """
        closed = self._closed_until.get(_host(url), 0.0)
        if closed > time.time() + MAX_WAIT:
            until = datetime.fromtimestamp(closed, UTC).isoformat(timespec="seconds")
            raise NotReachedError(f"{url}: the host wants no more calls before {until}", "quota")

    def close(self, url: str, seconds: float) -> None:
        """Notes that the host asked for a pause of some seconds."""
        self._closed_until[_host(url)] = time.time() + seconds

    def note_answer(self, response: requests.Response) -> None:
        """Notes that the host answers. If its quota is used up, notes the pause until the reset."""
        self._silent_since.pop(_host(response.url), None)
        if response.headers.get("X-RateLimit-Remaining") == "0":
            reset = _quota_reset(response)
            if reset is not None:
                self.close(response.url, reset)

    def note_silence(self, url: str) -> bool:
        """Notes that the host did not answer. Returns whether it has been silent for ``SILENT_SECONDS``."""
        since = self._silent_since.setdefault(_host(url), time.monotonic())
        return time.monotonic() - since > SILENT_SECONDS


PROCESS_MEMORY = HostMemory()


def wait_wanted(response: requests.Response) -> float | None:
    """Returns the seconds to wait, from ``Retry-After`` or a quota of Opendatasoft; None if neither says."""
    try:
        return Retry().parse_retry_after(response.headers.get("Retry-After", ""))
    except (InvalidHeader, ValueError, OverflowError):  # OverflowError: a date out of range
        return _quota_reset(response)


def _quota_reset(response: requests.Response) -> float | None:
    """Returns the seconds until the quota is reset; Opendatasoft writes that moment in ISO format."""
    try:
        reset = datetime.fromisoformat(response.headers.get("X-RateLimit-Reset", "")).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, reset - time.time())


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
