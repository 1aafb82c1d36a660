"""The command line: what a person types, and the refresh that it runs."""
