"""Fixed rate agreements (finance spec 2.3; test vector TV-04)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class FixedRateAgreement(models.Model):
    """One row: what the sales of one contract in one currency are worth in the books of one company.

    ``rate``: units of the accounting currency for 100 of ``currency_code``. The contract is mirrored from
    operations: no foreign key.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    contract_id = models.UUIDField()
    currency_code = fields.code(3)
    rate = fields.measure()

    class Meta:
        db_table = "finance_fixed_rate_agreement"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "contract_id", "currency_code"],
                name="finance_fixed_rate_agreement_key",
            ),
            models.CheckConstraint(
                condition=models.Q(rate__gt=0), name="finance_fixed_rate_agreement_positive"
            ),
        ]
