"""The accounts and tokens that the fakes accept, in the environment variables of their portals."""

from __future__ import annotations

import pytest

from ingestion.catalog import CREDENTIALS
from tests.fakes import atmo_data, cubejs

ACCEPTED = {"atmo_data": atmo_data.ACCOUNT, "cubejs": (cubejs.BEARER,)}


def set_credentials(patch: pytest.MonkeyPatch) -> None:
    """Every portal that wants an account gets the one that its fake accepts."""
    for portal, names in CREDENTIALS.items():
        for name, value in zip(names, ACCEPTED[portal], strict=True):
            patch.setenv(name, value)
