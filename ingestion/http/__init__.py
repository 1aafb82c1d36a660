"""The one HTTP client: verified HTTPS, hosts of the catalogue only, retries, conditional and resumed downloads.

``policy`` has the rules on hosts and pace, ``session`` sends one request, ``transfer`` downloads one file, and the
portals use ``client``.
"""

from ingestion.http.client import HttpClient, Start
from ingestion.http.errors import FetchError, NotReachedError, UnauthorizedError
from ingestion.http.policy import HostMemory
from ingestion.http.session import ATTEMPTS, USER_AGENT, full_url
from ingestion.http.transfer import Download, Progress

__all__ = [
    "ATTEMPTS",
    "USER_AGENT",
    "Download",
    "FetchError",
    "HostMemory",
    "HttpClient",
    "NotReachedError",
    "Progress",
    "Start",
    "UnauthorizedError",
    "full_url",
]
