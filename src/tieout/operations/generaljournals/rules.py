"""What can stand in the way of a general journal here, by the code that finance shows (finance spec 3.8)."""

from __future__ import annotations

from typing import Final

HEADER_MISSING: Final = "GJ-401"
LINES_MISSING: Final = "GJ-402"
NOT_CONFIRMED: Final = "GJ-403"
NOT_KNOWN: Final = "GJ-404"

ARRIVING: Final = frozenset({HEADER_MISSING, LINES_MISSING})
"""Codes of a journal that has not arrived whole: its maps are to be looked at."""
