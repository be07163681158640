"""Quotes and their lines (operations spec 1.6, 4.1). They stay in operations."""

from __future__ import annotations

from django.db import models

from tieout.database import fields
from tieout.operations.organization.models import Customer, OrganizationalUnit, Project, SalesLine


class Quote(models.Model):
    """One offer to a customer; one that is won becomes a contract."""

    id = fields.identifier()
    number = fields.code(unique=True)
    name = fields.code(200)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    company_code = fields.code(20)
    unit = models.ForeignKey(OrganizationalUnit, on_delete=models.PROTECT)
    currency_code = fields.code(3)
    status = fields.code(20, db_default="draft")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "operations_quote"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "won", "lost"]), name="operations_quote_status"
            )
        ]


class QuoteLine(SalesLine):
    """One line of a quote, and the project in the presales stage whose work it will take."""

    id = fields.identifier()
    quote = models.ForeignKey(Quote, on_delete=models.PROTECT)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT)

    class Meta(SalesLine.Meta):
        db_table = "operations_quote_line"
        constraints = [
            models.UniqueConstraint(fields=["quote", "line_number"], name="operations_quote_line_key"),
            *SalesLine.Meta.constraints,
        ]
