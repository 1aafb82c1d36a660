"""For developers: scaffold of a dataset, generated pages, figures that ship with the project."""
