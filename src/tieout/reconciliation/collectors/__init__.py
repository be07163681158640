"""Read what changed on a side since the last snapshot, into fact tables."""
