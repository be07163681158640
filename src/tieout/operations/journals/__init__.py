"""Journals: entry journals, correction journals, cancellation (operations spec 6)."""
