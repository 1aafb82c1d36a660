"""What a person enters: commitments, groupings and observed values, from a table to the warehouse."""
