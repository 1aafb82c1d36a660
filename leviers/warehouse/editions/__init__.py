"""Dated editions of a publication, for readers, and their catalogue at data.gouv.fr."""
