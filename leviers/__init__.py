"""What a person meets: the command line, the entry of commitments and groupings, the publication."""
