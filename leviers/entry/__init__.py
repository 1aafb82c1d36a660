"""The entry of commitments, groupings and observed values by a person, from a table to the warehouse."""
