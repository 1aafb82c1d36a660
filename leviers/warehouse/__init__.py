"""The warehouse of a LEVIERS_HOME: its lock and state, dbt on it, the results of its checks, its publication."""
