"""Carries what a side stated to the other side: at least once, idempotent, ordered per key."""
