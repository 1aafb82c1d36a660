"""A publication: the published file, the files beside it, its tables about itself, and queries of it."""
