"""Ingestion: catalogue, snapshots, readers and dlt sources. The only package that touches the outside world."""

import os

# dlt reads these on import: no telemetry leaves the machine, whoever imports first.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")
