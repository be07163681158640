"""What a step did, in an accountant's words: money once, where cost enters, and not at every hop again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

REFUSED: Final = ": refused"  # ends the name of a step that says what a stage keeps refused

Counts = Mapping[str, int | Decimal]


def figure(value: int | Decimal) -> str:
    """Return a count, or an amount with the decimals it has, two at least."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.{max(2, -int(value.normalize().as_tuple().exponent))}f}"


def _number(counts: Counts, name: str, noun: str) -> str:
    count = counts.get(name, 0)
    return f"{figure(count)} {noun if count == 1 else f'{noun}s'}"


def _lines(noun: str) -> Callable[[Counts], str]:
    return lambda counts: f"{_number(counts, 'lines', noun)}, {figure(counts['cost'])} cost"


def _actuals(counts: Counts) -> str:
    costs = (
        f"{figure(amount)} {name.removeprefix('cost_')} cost"
        for name, amount in counts.items()
        if name.startswith("cost_")
    )
    return ", ".join([_number(counts, "stated", "actual"), *costs])


_WORDS: Final[Mapping[str, Callable[[Counts], str]]] = {
    "Sync expenses to operations": _lines("expense"),
    "Sync vendor invoice lines to operations": _lines("vendor invoice line"),
    "Sync actuals of expenses to finance": _lines("expense"),
    "Sync actuals of vendor invoice lines to finance": _lines("vendor invoice line"),
    "Sync actuals to finance": _actuals,
    "Deliver": lambda counts: (
        _number(counts, "landed", "record")
        + (f", {_number(counts, 'parked', 'record')} refused" if counts.get("parked") else "")
    ),
    "Process approval sets": lambda counts: (
        f"{_number(counts, 'sets', 'set')}, {figure(counts['done'])} done,"
        f" {figure(counts['refused'])} refused"
    ),
    "Re-evaluate": lambda counts: (
        f"{_number(counts, 'projects', 'project')}, {figure(counts['done'])} made anew,"
        f" {figure(counts['refused'])} refused"
    ),
    "Approve documents": lambda counts: _number(counts, "approved", "document line"),
    "Create and confirm journals": lambda counts: (
        f"{_number(counts, 'confirmed', 'general journal')} confirmed, {figure(counts['failed'])} failed"
    ),
    "Prevalidate actuals": lambda counts: (
        f"{_number(counts, 'looked_at', 'actual')} looked at, {figure(counts['invalid'])} invalid"
    ),
    "Import from staging": lambda counts: _number(counts, "lines", "journal line"),
    "Import beginning balances": lambda counts: _number(counts, "lines", "journal line"),
    "Post integration journals": lambda counts: f"{_number(counts, 'lines', 'journal line')} posted",
    "Post intercompany invoices": lambda counts: (
        f"{_number(counts, 'posted', 'invoice')} posted, {figure(counts['refused'])} refused"
    ),
    "Make pending vendor invoices": lambda counts: (
        f"{_number(counts, 'made', 'vendor invoice')} made, {figure(counts['refused'])} refused"
    ),
    "Post intercompany vendor invoices": lambda counts: (
        f"{_number(counts, 'invoices', 'vendor invoice')} posted, {figure(counts['refused'])} refused"
    ),
    "Verify facts": lambda counts: (
        f"{_number(counts, 'buckets', 'bucket')} compared, {figure(counts['differing'])} differ"
    ),
    "Collect facts": lambda counts: _number(counts, "rows", "change"),
}


def said(step: str, counts: Counts) -> str:
    """Return what ``step`` did in words; a step without words of its own names its counts, zeros left out."""
    if step in _WORDS:
        return _WORDS[step](counts)
    return ", ".join(f"{name.replace('_', ' ')} {figure(count)}" for name, count in counts.items() if count)
