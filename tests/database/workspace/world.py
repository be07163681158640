"""The hand-made world of the reconciliation tests, with the set-up that the real chain needs to go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone
from tests.database.reconciliation.world import EXPENSE, VENDOR, World, collected

from tieout.database.aliases import FINANCE
from tieout.finance import models as finance
from tieout.finance.staging.actions import record_intake
from tieout.kernel.access import Actor
from tieout.kernel.identifiers import new_id
from tieout.operations import models as operations
from tieout.workspace.actions import create_user

ADMINISTRATOR: Final = Actor("root", frozenset({"administrator"}), None)
_POSTING_TYPES: Final = {
    "cost": "540100",
    "vendor": "200100",
    "employee": "250100",
    "payroll_allocation": "600300",
    "expense_offset": "600400",
    "cost_item": "600500",
}
_SEQUENCES: Final = {
    "vendor_invoice_voucher": "VI-",
    "expense_voucher": "EX-",
    "integration_journal": "IJ-",
    "integration_journal_voucher": "PV-",
}


@dataclass
class WorkingWorld(World):
    """A company whose documents can be synced, approved, imported and posted; ``closed``: not now."""

    closed: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        months = frozenset(range(1, 13)) if self.closed else frozenset[int]()
        for year in (self.today.year - 1, self.today.year):
            self.periods(year, closed=months)
        for billing_type in (
            "not_specified",
            "chargeable",
            "non_chargeable",
            "complimentary",
            "not_available",
        ):
            finance.LineProperty.objects.create(
                company_code=self.company, billing_type=billing_type, line_property="standard"
            )
        for reference, prefix in _SEQUENCES.items():
            finance.NumberSequence.objects.create(
                company_code=self.company, reference=reference, prefix=prefix
            )
        for posting_type, account in _POSTING_TYPES.items():
            finance.PostingProfile.objects.create(
                company_code=self.company, posting_type=posting_type, account=account
            )
        self._in_operations()

    @property
    def today(self) -> date:
        """The day on which the screens are opened."""
        return timezone.localdate()

    def _in_operations(self) -> None:
        company = finance.Company.objects.get(code=self.company)
        operations.Company.objects.create(
            id=company.id, code=self.company, name=company.name, currency_code="USD"
        )
        currency = finance.Currency.objects.get(code="USD")
        operations.Currency.objects.get_or_create(
            id=currency.id, defaults={"code": "USD", "name": "US dollar", "digits": 2}
        )
        unit = operations.OrganizationalUnit.objects.create(
            id=new_id(),
            code=f"UNIT-{self.company}",
            name="Unit",
            company_code=self.company,
            currency_code="USD",
        )
        operations.Category.objects.create(
            id=self.category_id, code=f"hotel-{self.company}", name="Hotel", transaction_class="expense"
        )
        operations.Project.objects.create(
            id=self.project_id,
            number=f"P-1-{self.company}",
            name="Bridge",
            company_code=self.company,
            unit=unit,
            stage="internal",
        )

    def time_entry_actual(self, amount: Decimal) -> UUID:
        """Record the cost of a time entry in operations that nobody told finance of; return its key."""
        actual_id: UUID = operations.Actual.objects.create(
            transaction_type="cost",
            transaction_class="time",
            billing_type="not_available",
            quantity=1,
            price=amount,
            amount=amount,
            tax_amount=0,
            currency_code="USD",
            transaction_date=self.today,
            accounting_date=self.today,
            company_code=self.company,
            project_id=self.project_id,
            contracting_unit_id=new_id(),
            source_kind="time_entry",
            source_id=new_id(),
            price_reason="",
            description="",
            skip_sync=False,
        ).id
        return actual_id


def tiles(world: WorkingWorld) -> None:
    """Fill the screens with the figures of the original's picture: 23,000 / 5,000 / 5,000 / 4,000."""
    day = world.today
    for number in range(40):
        world.post(EXPENSE, 100, day - timedelta(days=number % 20))
    for _ in range(5):
        world.staged(world.post(EXPENSE, 1_000, day))
    world.cleared(world.post(EXPENSE, Decimal("12.34"), day))
    world.post(VENDOR, 5_000, day)
    world.staged(world.post(VENDOR, 23_000, day))
    _tell_finance_of_what_was_staged()
    collected()


def _tell_finance_of_what_was_staged() -> None:
    """Record the batch that the world stages under, as delivery does, and let deliveries count on from it."""
    with transaction.atomic(using=FINANCE):
        with connections[FINANCE].cursor() as cursor:
            cursor.execute("select nextval('outbox_batch_id')")
        record_intake(map="msdyn_actuals", batch_id=1)


def user(name: str, *roles: str, companies: list[str] | None = None) -> str:
    """Make a user and return the password."""
    return create_user(actor=ADMINISTRATOR, name=name, roles=roles, companies=companies)
