"""Which facts are collected, how, and when a source is no longer the one we know (DESIGN D8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.tables import Table, load_table


class Side(StrEnum):
    """Whose database publishes a view."""

    FINANCE = "finance"
    OPERATIONS = "operations"


class Mode(StrEnum):
    """Incremental: rows that came since the watermark. Whole: a handful of rows that may change, replaced."""

    INCREMENTAL = "incremental"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of ``facts.csv``: one published view and the fact table of the same name.

    ``key`` names the columns that tell its rows apart. ``restarts_with`` names a whole view on which its
    content depends: when that changes, this one is collected again from nothing. ``takes_back`` names a
    view, collected after it, whose rows of the same ``line_id`` it says are no longer so.
    """

    view: str
    side: Side
    mode: Mode
    key: str
    restarts_with: str | None
    takes_back: str | None

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The key, column by column."""
        return tuple(self.key.split())


FACTS: Final[Table[Fact]] = load_table(files(__package__) / "facts.csv", Fact, key=("view",))


@dataclass(frozen=True, slots=True)
class Source:
    """A database at one moment: which it is, and its snapshot (text of ``pg_current_snapshot()``)."""

    system_identifier: str
    timeline: int
    database: str
    snapshot: str


def must_restart(known: Source | None, present: Source) -> bool:
    """Return whether what was collected from ``known`` says nothing about ``present``.

    True when nothing was collected yet; when system identifier, timeline or database differ (another cluster,
    a restore to a point in time, a database made anew); and when the source stands before the snapshot that
    we know, which only a copy of its files put back can do.
    """
    if known is None:
        return True
    if (known.system_identifier, known.timeline, known.database) != (
        present.system_identifier,
        present.timeline,
        present.database,
    ):
        return True
    return next_transaction(present.snapshot) < next_transaction(known.snapshot)


def next_transaction(snapshot: str) -> int:
    """Return ``xmax`` of a snapshot ``xmin:xmax:in progress``: the first transaction that had not begun."""
    return int(snapshot.split(":")[1])
