"""The results of all checks in one shape."""
