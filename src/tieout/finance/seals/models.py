"""The chain of seals of a company's vouchers (decision 0018)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class UnsealedBatch(models.Model):
    """One row is a posting batch that waits for its seal: what one transaction posted in one company.

    Written by a trigger on vouchers, removed when the batch is sealed.
    """

    company_code = fields.code(20)
    batch = fields.TransactionIdColumn()
    pk = models.CompositePrimaryKey("company_code", "batch")

    class Meta:
        db_table = "finance_unsealed_batch"


class Seal(models.Model):
    """One link of a company's chain: ``place`` counts from 1.

    ``content`` is the SHA-256 of the batch's vouchers and ledger entries, ``previous`` the seal before it
    (empty at the first), ``seal`` the SHA-256 of all of that; hexadecimal.
    """

    append_only = True

    company_code = fields.code(20)
    place = models.IntegerField()
    batch = fields.TransactionIdColumn()
    vouchers = models.BigIntegerField()
    entries = models.BigIntegerField()
    content = fields.code(64)
    previous = fields.code(64)
    seal = fields.code(64)
    sealed_by = fields.code(150)
    sealed_at = fields.written_at()
    pk = models.CompositePrimaryKey("company_code", "place")

    class Meta:
        db_table = "finance_seal"
        constraints = [
            models.UniqueConstraint(fields=["company_code", "batch"], name="finance_seal_batch"),
        ]
