"""Great Expectations at the two frontiers: each raw table after load, the marts before publication."""
