"""The fewest steps that still fail: parts are left out as long as the rest fails too (delta debugging)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def fewest(items: Sequence[Item], fails: Callable[[Sequence[Item]], bool]) -> tuple[Item, ...]:
    """Return a part of ``items``, in their order, that fails and of which no single item can be left out.

    ``items`` itself fails. Halves are tried first, then quarters, down to single items.
    """
    kept = tuple(items)
    size = max(1, len(kept) // 2)
    while kept:
        shorter = _without_one_part(kept, size, fails)
        if shorter is not None:
            kept = shorter
        elif size == 1:
            return kept
        else:
            size = max(1, size // 2)
        size = min(size, max(1, len(kept)))
    return kept


def _without_one_part(
    kept: tuple[Item, ...], size: int, fails: Callable[[Sequence[Item]], bool]
) -> tuple[Item, ...] | None:
    """Return ``kept`` without the first part of that size which it can do without."""
    for start in range(0, len(kept), size):
        rest = kept[:start] + kept[start + size :]
        if fails(rest):
            return rest
    return None
