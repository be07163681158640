"""Which facts are collected, how, and when a source is no longer the one we know (DESIGN D8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
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
    view, collected after it, whose rows of the same ``line_id`` it says are no longer so. ``sent_by`` is the
    map by which the other side gets its rows: one that came while that side was read is on its way.

    The rest is for checksums: ``company``, ``dated`` (whose month is a bucket) and ``amount`` name columns,
    blank where a view publishes none. ``from_set_up`` names columns that are read from set-up: they may
    change after a row was collected, and say nothing about it.
    """

    view: str
    side: Side
    mode: Mode
    key: str
    restarts_with: str | None
    takes_back: str | None
    sent_by: str | None
    company: str | None
    dated: str | None
    amount: str | None
    from_set_up: str | None

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The key, column by column."""
        return tuple(self.key.split())

    @property
    def set_up_columns(self) -> tuple[str, ...]:
        """The columns that set-up may change, column by column."""
        return tuple((self.from_set_up or "").split())


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """The facts of one view, one company and one month (``2025-03``) of its date.

    Company or month are empty where the view publishes none.
    """

    view: str
    company_code: str
    month: str


@dataclass(frozen=True, slots=True)
class Checksum:
    """What tells two buckets apart: rows, the sum of their amounts, and of the prints of all they say."""

    rows: int
    amount: Decimal
    print: Decimal


NOTHING: Final = Checksum(0, Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Difference:
    """A bucket whose facts are not what the side publishes."""

    bucket: Bucket
    published: Checksum
    collected: Checksum

    @property
    def kind(self) -> str:
        """What it looks like: rows ``missed``, too many (``doubled``), or as many that were ``changed``."""
        if self.published.rows == self.collected.rows:
            return "changed"
        return "missed" if self.published.rows > self.collected.rows else "doubled"

    @property
    def amount(self) -> Decimal:
        """By how much the facts are too low."""
        return self.published.amount - self.collected.amount


def differences(
    published: Mapping[Bucket, Checksum], collected: Mapping[Bucket, Checksum]
) -> tuple[Difference, ...]:
    """Return the buckets that differ, in their order; one that is on one side only differs too."""
    return tuple(
        Difference(bucket, published.get(bucket, NOTHING), collected.get(bucket, NOTHING))
        for bucket in sorted({*published, *collected})
        if published.get(bucket) != collected.get(bucket)
    )


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
