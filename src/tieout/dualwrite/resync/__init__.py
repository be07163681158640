"""Asks again for what did not arrive: Sync."""
