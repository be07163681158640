"""The firm's own dimensions and custom fields, written in one field: ``name=value;name=value``."""

from __future__ import annotations

from typing import Final

STANDARD: Final = ("role", "resourcing_unit", "resourcing_company", "resource")
"""Dimensions that have fields of their own."""


def parse(text: str | None) -> dict[str, str] | None:
    """Return what ``name=value;name=value`` says, a blank value meaning any; None if it is not that."""
    found: dict[str, str] = {}
    for part in (text or "").split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not part.strip():
            continue
        if not name or not equals or name in found:
            return None
        found[name] = value
    return {name: value for name, value in found.items() if value}
