"""Orchestration: the Dagster definitions of the refresh job, which has the steps of ``leviers refresh``."""

import os

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
