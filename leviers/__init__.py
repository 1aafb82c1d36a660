"""The product: the command line, the entry of values by a person, the publication."""
