"""Ingestion: catalogue, portals, snapshots, readers and loads. Only this package downloads data."""

import os

# dlt reads these on import, so they are set before any module imports it. No telemetry leaves the machine.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")  # an error is raised, and printed in one line
os.environ.setdefault("RUNTIME__INTERCEPT_SIGNALS", "false")  # else dlt loses a Ctrl-C near the end of a load
# A raw table has the columns of its record, whichever way it is loaded.
os.environ.setdefault("NORMALIZE__MODEL_NORMALIZER__ADD_DLT_LOAD_ID", "false")
# Each dataset of a producer is a load package: dlt makes no pause between two of them.
os.environ.setdefault("NORMALIZE__RUN_SLEEP", "0")
os.environ.setdefault("LOAD__RUN_SLEEP", "0")
