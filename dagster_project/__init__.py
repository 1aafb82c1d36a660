"""Orchestration: the Dagster definitions of the refresh job, whose steps are those of ``leviers refresh``."""

import os

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
