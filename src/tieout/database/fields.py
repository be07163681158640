"""Column types that every stage uses, so that one idea has one type (DESIGN D6, D8, D15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Now

if TYPE_CHECKING:
    from collections.abc import Sequence


class NewId(Func):
    """``tieout_id()``: a UUID of version 7, which rises with time (see ``sql/prelude.sql``)."""

    function = "tieout_id"
    template = "%(function)s()"
    arity = 0


class NextValue(Func):
    """``nextval('<sequence>')``: the next number of a sequence made in ``sql/prelude.sql``."""

    function = "nextval"
    template = "%(function)s('%(sequence)s'::regclass)"
    arity = 0

    def __init__(self, sequence: str) -> None:
        super().__init__(sequence=sequence)


class CurrentTransaction(Func):
    """``pg_current_xact_id()``: the transaction that writes the row."""

    function = "pg_current_xact_id"
    template = "%(function)s()"
    arity = 0


if TYPE_CHECKING:
    _AnyField = models.Field[Any, Any]
else:
    _AnyField = models.Field


class TransactionIdColumn(_AnyField):
    """A ``xid8`` column, filled by the database with the writing transaction."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002  Django's signature
        """Return the column type."""
        return "xid8"


def one_of(field: str, words: Sequence[str], name: str) -> models.CheckConstraint:
    """Only these words stand in a field."""
    return models.CheckConstraint(condition=models.Q((f"{field}__in", list(words))), name=name)


def identifier() -> models.UUIDField[Any, Any]:
    """Primary key of a record that travels: made by the database, rising with time."""
    return models.UUIDField(primary_key=True, db_default=NewId(), editable=False)


def mirrored_identifier() -> models.UUIDField[Any, Any]:
    """Primary key of a record whose master is the other side: the other side's key, never made here."""
    return models.UUIDField(primary_key=True, editable=False)


def transaction_id() -> TransactionIdColumn:
    """Transaction that wrote the row: what a collector's snapshot watermark is compared with (D8)."""
    return TransactionIdColumn(db_default=CurrentTransaction(), editable=False)


def amount(**options: Any) -> models.DecimalField[Any, Any]:
    """Money, rounded to its currency's precision where it was born (D15)."""
    return models.DecimalField(max_digits=20, decimal_places=4, **options)


def measure(**options: Any) -> models.DecimalField[Any, Any]:
    """A quantity, unit price or rate as given: up to 16 decimals (D15)."""
    return models.DecimalField(max_digits=34, decimal_places=16, **options)


def code(length: int = 60, **options: Any) -> models.CharField[Any, Any]:
    """A short business key or a word from a closed list."""
    return models.CharField(max_length=length, **options)


def written_at() -> models.DateTimeField[Any, Any]:
    """Moment the row was written, by the database's clock."""
    return models.DateTimeField(db_default=Now(), editable=False)


def custom() -> models.JSONField[Any, Any]:
    """Fields that a firm has added, by name; each a text. None is ``{}``: it takes part in comparisons."""
    return models.JSONField(db_default=Value({}, output_field=models.JSONField()))
