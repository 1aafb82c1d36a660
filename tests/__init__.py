"""The tests, and what each of their processes is given before it loads DuckDB."""

import os

# DuckDB keeps what it frees for a minute: half of the system's time in its queries went into asking for it again.
os.environ.setdefault("DUCKDB_JE_MALLOC_CONF", "dirty_decay_ms:60000")
