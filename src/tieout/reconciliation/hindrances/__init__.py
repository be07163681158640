"""What may stand in the way of a record, as each side tells it."""
