"""Which company lends to which (finance spec 1.13)."""

from __future__ import annotations

from django.db import models

from tieout.database import fields


class LendingRelationship(models.Model):
    """One row "When lending resources" of a lender: to whom, and how it books what it lends.

    ``accrue_revenue``: whether its interorganizational sales accrue. The categories are those of lent time
    and of lent expenses that name none.
    """

    id = fields.identifier()
    company_code = fields.code(20)
    borrowing_company = fields.code(20)
    accrue_revenue = models.BooleanField()
    time_category_id = models.UUIDField(null=True)
    expense_category_id = models.UUIDField(null=True)

    class Meta:
        db_table = "finance_lending_relationship"
        constraints = [
            models.UniqueConstraint(
                fields=["company_code", "borrowing_company"], name="finance_lending_relationship_key"
            ),
            models.CheckConstraint(
                condition=~models.Q(company_code=models.F("borrowing_company")),
                name="finance_lending_to_another",
            ),
        ]
