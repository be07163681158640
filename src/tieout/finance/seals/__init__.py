"""Sealing: posting batches are chained by their hashes, so that what was changed behind the program shows."""
