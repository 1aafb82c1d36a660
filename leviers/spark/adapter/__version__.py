"""The version of the adapter, which dbt wants to know."""

version = "1.11.0"
