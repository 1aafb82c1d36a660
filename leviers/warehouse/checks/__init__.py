"""Checks of what was loaded and built, in one shape."""
