"""Orchestration: the Dagster definitions and the command line, which runs the same job in process."""

import os

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
