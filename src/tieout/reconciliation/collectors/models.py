"""How far each collector has read."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class Watermark(models.Model):
    """One row per fact view of a side: the snapshot up to which its rows stand in the fact table.

    A collector reads the rows whose transaction was not visible in ``snapshot``. If system identifier,
    timeline or database differ from the server's, the source is not the one we know: all is read again.
    """

    view = fields.code(primary_key=True)
    side = fields.code(20)
    system_identifier = fields.code(40)
    timeline = models.IntegerField()
    database = fields.code(63)
    snapshot = models.TextField()
    row_count = models.BigIntegerField(default=0)
    collected_at = fields.written_at()

    class Meta:
        db_table = "reconciliation_watermark"
