"""The tables of the outbox; they exist in both side databases."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Map(models.Model):
    """One row is one dual-write map that has this side as its source, and its present state."""

    map = fields.code(primary_key=True)
    state = fields.code(20, default="running")
    version = fields.code(20)
    changed_at = fields.written_at()
    changed_by = fields.code(150, default="system")

    class Meta:
        db_table = "outbox_map"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["running", "paused", "not_running"]), name="outbox_map_state"
            )
        ]


class Entry(models.Model):
    """One row says: record ``key`` of ``map`` changed and is not acknowledged by the other side yet.

    Delivery deletes the row in the transaction that acknowledges it; a row that is there is owed.
    """

    map = fields.code()
    id = models.BigIntegerField(db_default=fields.NextValue("outbox_entry_id"))
    key = models.UUIDField()
    stated_at = fields.written_at()
    # Also the order in which delivery takes the rows of one map (dualwrite/delivery/sql/take_batch.sql).
    pk = models.CompositePrimaryKey("map", "id")

    class Meta:
        db_table = "outbox_entry"


class Resync(models.Model):
    """One row says that Sync asked for a record again: which, when, by whom (finance spec 3.6)."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    map = fields.code()
    key = models.UUIDField()
    asked_at = fields.written_at()
    asked_by = fields.code(150)
    xid = fields.transaction_id()

    class Meta:
        db_table = "outbox_resync"
        indexes = [
            models.Index(
                fields=["key"], name="outbox_resync_key"
            ),  # when was this record last retried (trace)
            models.Index(fields=["xid"], name="outbox_resync_xid"),  # collector (D8)
        ]
