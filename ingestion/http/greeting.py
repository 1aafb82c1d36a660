"""The hosts that answer at all: many are asked at once before a long run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from multiprocessing.pool import ThreadPool
from typing import Literal

import requests
import urllib3

from ingestion.http.connection import connections
from ingestion.http.errors import FetchError
from ingestion.http.policy import HostRules
from ingestion.http.session import USER_AGENT

# a host that does not answer is greeted again after these pauses, with a short patience each time
GREETING_PAUSES = (0.0, 5.0, 10.0)
GREETING_TIMEOUT = (10, 15)

# unreachable: no connection; silent: a connection, and no answer
Greeting = Literal["answers", "silent", "unreachable"]


def greet(urls: Iterable[str], rules: HostRules, sleep: Callable[[float], None]) -> dict[str, Greeting]:
    """The answer of each host to a first question; all are asked at once.

    This takes what the pauses and the patience of ``GREETING_*`` add up to, and what the names take to be resolved.
    """
    greetings: dict[str, Greeting] = dict.fromkeys(urls, "unreachable")
    for pause in GREETING_PAUSES:
        if again := [url for url, greeting in greetings.items() if greeting != "answers"]:
            sleep(pause)
            with ThreadPool(len(again)) as pool, connections(rules) as session:
                answers = pool.map(lambda url: _greet(url, rules, session), again)
                greetings |= zip(again, answers, strict=True)
    return greetings


def _greet(url: str, rules: HostRules, session: requests.Session) -> Greeting:
    try:
        rules.check(url)
        session.head(url, headers={"User-Agent": USER_AGENT}, timeout=GREETING_TIMEOUT, allow_redirects=False)
    except requests.ConnectTimeout:
        return "unreachable"
    except requests.exceptions.SSLError:
        return "answers"  # the fetch reports a bad certificate
    except (requests.ReadTimeout, requests.exceptions.ChunkedEncodingError):
        return "silent"
    except requests.ConnectionError as error:
        cut = error.args and isinstance(error.args[0], urllib3.exceptions.ProtocolError)
        return "silent" if cut else "unreachable"
    except (requests.RequestException, FetchError):
        return "unreachable"
    return "answers"
