"""Messages to a person and pings to a dead man's switch, at addresses that the environment alone names.

The addresses hold secrets: all loggers are silent while something is sent, and a line shows only the service and host.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from apprise import NotifyBase

ALERT_VARIABLE = "LEVIERS_ALERT_URLS"
PING_VARIABLE = "LEVIERS_PING_URL"
# services over TLS that neither write on this machine nor read further addresses
SERVICES = (
    "apprises", "discord", "gotifys", "jsons", "mailtos", "matrixs", "mmosts", "msteams", "ntfys", "pover", "rockets",
    "signals", "slack", "tgram", "workflows",
)  # fmt: skip
LOCAL_SERVICE = "json"  # on this machine alone
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
PING_TIMEOUT = 10.0
Answer = tuple[bool, str]  # whether an address took a message, and a line that says so


def alerts_wanted() -> bool:
    """Returns whether the environment names an address for alerts."""
    return bool(os.environ.get(ALERT_VARIABLE, "").split())


def send(title: str, lines: Sequence[str], *, is_good: bool) -> list[Answer]:
    """Sends a message to every address. Returns whether each address took it."""
    message = {"title": title, "body": "\n".join(lines), "notify_type": "success" if is_good else "warning"}
    return _answers(lambda server: bool(server.notify(**message)))


def unsound_addresses() -> list[str]:
    """Returns a line for each address that nothing can be sent to."""
    return [line for is_sound, line in _answers(lambda _: True) if not is_sound]


def _answers(ask: Callable[[NotifyBase], bool]) -> list[Answer]:
    answers: list[Answer] = []
    with _logging_disabled():
        for place, url in enumerate(os.environ.get(ALERT_VARIABLE, "").split(), start=1):
            if (recipient := _server(url)) is None:
                services = ", ".join((*SERVICES, f"{LOCAL_SERVICE} ({LOOPBACK_HOSTS[0]})"))
                line = f"address {place} of {ALERT_VARIABLE} is no address of one of the services {services}"
                answers.append((False, line))
                continue
            server, address = recipient
            is_taken = False
            with suppress(Exception):  # the words of any error may hold the address
                is_taken = ask(server)
            took = f"address {place}, {address}, took an alert"
            failed = (
                f"address {place}, {address}, did not take an alert: look whether its service answers, and "
                "whether the address is still right"
            )
            answers.append((is_taken, took if is_taken else failed))
    return answers


def ping() -> list[str]:
    """Pings the dead man's switch, if there is one, since a run ended well. Returns a line if that failed."""
    if not (url := os.environ.get(PING_VARIABLE, "").strip()):
        return []
    import requests

    try:
        if urlsplit(url).scheme != "https" and urlsplit(url).hostname not in LOOPBACK_HOSTS:
            return [f"the address of {PING_VARIABLE} does not begin with https://"]
        with _logging_disabled():
            status = requests.get(url, timeout=PING_TIMEOUT, allow_redirects=False).status_code
        why = f"HTTP {status}" if status >= requests.codes.multiple_choices else None
    except (requests.RequestException, ValueError) as error:  # its words hold the address
        why = type(error).__name__
    return [f"the address of {PING_VARIABLE} was not reached: {why}"] if why else []


@contextmanager
def _logging_disabled() -> Iterator[None]:
    """Silences all loggers of this process: apprise and its client log addresses in full."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _server(url: str) -> tuple[NotifyBase, str] | None:
    """Returns the service of an address with its masked scheme and host; None if the address may not be used."""
    from apprise import Apprise, AppriseAsset, PersistentStoreMode

    try:
        parts = urlsplit(url)
        if parts.scheme not in SERVICES and not (parts.scheme == LOCAL_SERVICE and parts.hostname in LOOPBACK_HOSTS):
            return None
        asset = AppriseAsset(app_id="leviers", http_redirects=False, storage_mode=PersistentStoreMode.MEMORY)
        server: Any = Apprise.instantiate(url, asset=asset)
        masked = urlsplit(server.url(privacy=True))
        return (server, f"{masked.scheme}://{masked.hostname}") if masked.hostname else None
    except Exception:  # the words of any error may hold the address
        return None
