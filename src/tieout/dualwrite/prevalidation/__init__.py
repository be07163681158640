"""Staged actuals are looked up in operations before they are imported."""
