"""Costs that were moved between work in progress and profit and loss (finance spec 2.5.2)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class CostTransfer(models.Model):
    """One move of one posted cost (``finance_posted_cost``) to ``treatment``, by the voucher that names it.

    Where a cost stands is what its voucher and those of its transfers come to. ``place`` counts the transfers
    of a line: of two at once, one is refused.
    """

    append_only = True

    id = fields.identifier()
    line_id = models.UUIDField()
    place = models.IntegerField()
    company_code = fields.code(20)
    treatment = fields.code(20)

    class Meta:
        db_table = "finance_cost_transfer"
        constraints = [
            # Also the index by which a reversal finds what its original was moved by.
            models.UniqueConstraint(fields=["line_id", "place"], name="finance_cost_transfer_line"),
            models.CheckConstraint(
                condition=models.Q(treatment__in=["profit_and_loss", "balance"]),
                name="finance_cost_transfer_treatment",
            ),
        ]
