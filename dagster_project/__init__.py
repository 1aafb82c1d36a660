"""The Dagster definitions. The refresh job has the steps of ``leviers refresh``."""

import os

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
