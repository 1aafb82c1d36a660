"""Orchestration: the Dagster definitions of the refresh job, which the command line runs in process."""

import os

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
