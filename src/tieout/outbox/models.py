"""The tables of the outbox, in both side databases, and what a side notes of each batch that arrives."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Map(models.Model):
    """One row is one dual-write map that has this side as its source, and its present state.

    A map that was started with something owed is catching up: entries up to ``backlog_to`` are its backlog,
    null when it has none. A map whose ``version`` is below ``required_version`` carries nothing.
    """

    map = fields.code(primary_key=True)
    state = fields.code(20, default="running")
    backlog_to = models.BigIntegerField(null=True)
    version = fields.code(20)
    required_version = fields.code(20)
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


class Parked(models.Model):
    """One row is a record of ``map`` that the other side refused: it waits apart, and the others go on.

    A worklist (decision 0005): delivery tries the record again when what refused it may have changed, and
    removes the row when the record has arrived. ``kind`` says what refused it
    (``dualwrite/delivery/refusals.csv``); without ``next_try_at`` only a change of the record or Sync helps.
    The words stand in the problem log of this side.
    """

    map = fields.code()
    key = models.UUIDField()
    company_code = fields.code(20, db_default="")
    kind = fields.code(20)
    attempts = models.IntegerField(db_default=1)
    parked_at = fields.written_at()
    tried_at = fields.written_at()
    next_try_at = models.DateTimeField(null=True)
    pk = models.CompositePrimaryKey("map", "key")

    class Meta:
        db_table = "outbox_parked"


class InitialWrite(models.Model):
    """One row is the initial write of one set-up map: how far it has come through its master table.

    Records up to ``after_key`` are stated. A write that was broken off continues there; the row of a finished
    one stays until the next begins.
    """

    map = fields.code(primary_key=True)
    master = fields.code()
    after_key = models.UUIDField(null=True)
    stated = models.BigIntegerField(db_default=0)
    total = models.BigIntegerField(null=True)
    begun_by = fields.code(150)
    begun_at = fields.written_at()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_initial_write"


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


class ArrivedBatch(models.Model):
    """One row is what one delivery batch brought for one company, and whether it was processed.

    The worklist of the stage that takes the rows on (decision 0005); its totals let every hop be counted
    without counting rows. ``amount_total`` is in the company's accounting currency where the rows carry it.
    """

    id = models.BigAutoField(primary_key=True)
    batch_id = models.BigIntegerField()
    map = fields.code()
    company_code = fields.code(20)
    row_count = models.BigIntegerField()
    amount_total = fields.amount()
    received_at = fields.written_at()
    processed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["batch_id", "company_code"], name="%(app_label)s_intake_key")
        ]
        indexes = [
            # What is still to be processed: a handful of rows, however many were.
            models.Index(
                fields=["map", "company_code"],
                name="%(app_label)s_intake_open",
                condition=models.Q(processed_at__isnull=True),
            )
        ]
