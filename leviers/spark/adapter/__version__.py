"""What dbt says of the adapter: it is of the line of dbt-spark."""

version = "1.11.0"
