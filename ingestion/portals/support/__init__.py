"""The common parts of the portals, by subject."""
