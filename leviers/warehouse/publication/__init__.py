"""A publication: the published file, what goes beside it, what it says of itself, and questions asked of it."""
