"""A small finance side: one company in euro that reports in dollar, a calendar, accounts, and what waits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connections, transaction

from tieout.database.aliases import FINANCE
from tieout.finance.documents.models import (
    ExpenseLine,
    ExpenseReport,
    PostingQueue,
    VendorInvoice,
    VendorInvoiceLine,
)
from tieout.finance.intercompany.models import LendingRelationship
from tieout.finance.ledgers import models as ledgers
from tieout.finance.mirrors import models as mirrors
from tieout.finance.profiles.models import ProfileRule, ProjectGroup, ProjectGroupMember, ProjectProfile
from tieout.finance.staging import actions as staging
from tieout.finance.staging.models import StagedActual
from tieout.kernel.access import Actor
from tieout.outbox.models import Map

COMPANY = "NL01"
ACCOUNTANT = Actor(name="ada", roles=frozenset({"project_accountant"}), companies=frozenset({COMPANY}))
AUDITOR = Actor(name="otto", roles=frozenset({"auditor"}), companies=None)

EXPENSE_ACCOUNT, PROCUREMENT_ACCOUNT = "1910", "1920"
COST_ACCOUNT, PAYROLL_ACCOUNT, VENDOR_ACCOUNT, EMPLOYEE_ACCOUNT = "6000", "6900", "2000", "2100"
EXPENSE_OFFSET_ACCOUNT, ITEM_ACCOUNT = "6910", "6920"
WIP_COST_ACCOUNT, WIP_ITEM_ACCOUNT = "1410", "1420"
WIP_SALES_ACCOUNT, ACCRUED_ACCOUNT = "1430", "8100"
MAPS = (
    "msdyn_projectvendorinvoices",
    "msdyn_projectvendorinvoicelines",
    "msdyn_expenses",
    "msdyn_actuals_posting",
    "msdyn_journals",
    "msdyn_journallines",
)
SEQUENCES = {
    "vendor_invoice_voucher": "VI",
    "expense_voucher": "EX",
    "integration_journal": "IJ",
    "integration_journal_voucher": "IJV",
    "post_costs_voucher": "PC",
    "general_journal_voucher": "GV",
    "general_journal": "GJ",
}
CLASSES = {"time_entry": "time", "material_usage": "material"}  # of those that have one class, not expense
BILLING_TYPES = ("chargeable", "non_chargeable", "complimentary", "not_available")


def new_id() -> uuid.UUID:
    """Return a key made by the database, rising with time."""
    return uuid.UUID(str(value("select tieout_id()")))


def value(query: str, *parameters: Any) -> Any:
    """Return the one value that a query on finance answers."""
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()[0]


def table(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Return the rows that a query on finance answers."""
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(query, parameters)
        return [tuple(row) for row in cursor.fetchall()]


@dataclass
class World:
    """What was set up, by name."""

    project: mirrors.Project
    category: mirrors.Category
    vendor: ledgers.Vendor
    periods: dict[date, ledgers.FiscalPeriod]
    batch: int = field(default=0)

    def status(self, month: date, status: str, module: str = "") -> None:
        """Set the status of a month's period, for one module or for all."""
        ledgers.PeriodStatus.objects.update_or_create(
            company_code=COMPANY, period=self.periods[month], module=module, defaults={"status": status}
        )

    def parameters(self, **changes: object) -> None:
        """Change integration parameters."""
        ledgers.IntegrationParameters.objects.filter(company_code=COMPANY).update(**changes)

    def account(self, posting_type: str, account: str, **where: uuid.UUID | str) -> ledgers.PostingProfile:
        """Add a row to the posting profile."""
        return ledgers.PostingProfile.objects.create(
            company_code=COMPANY, posting_type=posting_type, account=account, **where
        )

    def project_of(self, company: str, number: str = "", **project: Any) -> mirrors.Project:
        """Add a project of any company, mirrored from operations like the own ones."""
        return mirrors.Project.objects.create(
            **{
                "id": uuid.uuid4(),
                "number": number or f"P-{company}",
                "name": "Lock",
                "company_code": company,
                "stage": "deliver",
                "situation": "time_and_materials",
            }
            | project
        )

    def lend(self, company: str, **relationship: Any) -> LendingRelationship:
        """Let the company lend to another."""
        return LendingRelationship.objects.create(
            company_code=COMPANY,
            borrowing_company=company,
            **{"accrue_revenue": False} | relationship,
        )

    def profile(self, code: str, method: str = "time_and_materials", **profile: Any) -> ProjectProfile:
        """Add a project cost and revenue profile: to profit and loss, nothing accrues, but as is said."""
        return ProjectProfile.objects.create(
            id=new_id(),
            company_code=COMPANY,
            code=code,
            name=code,
            billing_method=method,
            **{f"{one}_costs": "profit_and_loss" for one in ("time", "expense", "material")}
            | {f"accrue_{one}": False for one in ("time", "expense", "material", "fee")}
            | profile,
        )

    def rule(self, profile: ProjectProfile, **where: uuid.UUID) -> ProfileRule:
        """Add a profile rule: of a project, of a project group, of a contract, or of all."""
        return ProfileRule.objects.create(
            id=new_id(), company_code=COMPANY, billing_method=profile.billing_method, profile=profile, **where
        )

    def group(self, code: str, *projects: mirrors.Project, company: str = COMPANY) -> uuid.UUID:
        """Add a project group of a company with its projects; return its key."""
        key = new_id()
        group = ProjectGroup.objects.create(id=key, company_code=company, code=code, name=code)
        for project in projects:
            ProjectGroupMember.objects.create(
                company_code=company, project_id=project.id, project_group=group
            )
        return key

    def line_of(self, method: str, contract: uuid.UUID | None = None) -> mirrors.ContractLine:
        """Add a contract line, mirrored from operations."""
        return mirrors.ContractLine.objects.create(
            id=uuid.uuid4(),
            contract_id=contract or uuid.uuid4(),
            line_number=1,
            name="Work",
            billing_method=method,
        )

    def invoice(
        self, *amounts: str, number: str = "", on: date = date(2024, 3, 15), **line: Any
    ) -> uuid.UUID:
        """Enter a vendor invoice with one line per amount; return its key."""
        key = new_id()
        VendorInvoice.objects.create(
            id=key,
            company_code=COMPANY,
            vendor_id=self.vendor.id,
            invoice_number=number or f"INV-{VendorInvoice.objects.count() + 1}",
            invoice_date=on,
            accounting_date=on,
            currency_code=line.get("currency_code", "EUR"),
            entered_by="ada",
        )
        for place, amount in enumerate(amounts, start=1):
            VendorInvoiceLine.objects.create(invoice_id=key, **self.line(place, amount, on) | line)
        self._queue(key, "vendor_invoice", on)
        return key

    def report(
        self, *amounts: str, on: date = date(2024, 3, 15), each: Sequence[dict[str, Any]] = (), **line: Any
    ) -> uuid.UUID:
        """Enter an expense report with one line per amount, and what ``each`` says of it; return its key."""
        key = new_id()
        ExpenseReport.objects.create(
            id=key,
            company_code=COMPANY,
            report_number=f"EXP-{ExpenseReport.objects.count() + 1}",
            resource_code="R1",
            accounting_date=on,
            entered_by="ada",
        )
        for place, amount in enumerate(amounts, start=1):
            own = each[place - 1] if each else {}
            ExpenseLine.objects.create(report_id=key, **self.line(place, amount, on) | line | own)
        self._queue(key, "expense_report", on)
        return key

    def line(self, place: int, amount: str, on: date = date(2024, 3, 15)) -> dict[str, Any]:
        """Return what a document line of that place and amount holds."""
        return {
            "line_number": place,
            "company_code": COMPANY,
            "project_id": self.project.id,
            "category_id": self.category.id,
            "description": "",
            "transaction_date": on,
            "accounting_date": on,
            "quantity": Decimal(1),
            "unit_price": Decimal(amount),
            "amount": Decimal(amount),
            "currency_code": "EUR",
            "exchange_rate": Decimal(100),
            "exchange_rate_date": on,
            "accounting_amount": Decimal(amount),
        }

    def _queue(self, document_id: uuid.UUID, kind: str, on: date) -> None:
        PostingQueue.objects.create(
            document_id=document_id, document_kind=kind, company_code=COMPANY, accounting_date=on
        )

    def stage(self, *amounts: str, on: date = date(2024, 3, 15), **actual: Any) -> list[uuid.UUID]:
        """Land one delivery batch of cost actuals, one per amount; return their keys."""
        self.batch += 1
        keys = [new_id() for _ in amounts]
        with transaction.atomic(using=FINANCE):
            StagedActual.objects.bulk_create(
                StagedActual(**self._actual(key, amount, on, actual.get("source_kind", "")) | actual)
                for key, amount in zip(keys, amounts, strict=True)
            )
            staging.record_intake(map="msdyn_actuals", batch_id=self.batch)
        return keys

    def _actual(self, key: uuid.UUID, amount: str, on: date, source_kind: str) -> dict[str, Any]:
        return {
            "actual_id": key,
            "transaction_type": "cost",
            "transaction_class": CLASSES.get(source_kind, "expense"),
            "billing_type": "chargeable",
            "quantity": Decimal(1),
            "price": Decimal(amount),
            "amount": Decimal(amount),
            "tax_amount": Decimal(0),
            "currency_code": "EUR",
            "exchange_rate": None,
            "accounting_amount": None,
            "transaction_date": on,
            "accounting_date": on,
            "company_code": COMPANY,
            "project_id": self.project.id,
            "category_id": self.category.id,
            "source_kind": "vendor_invoice_line",
            "source_id": new_id(),
            "description": "",
            "batch_id": self.batch,
        }


def build() -> World:
    """Set up the company: the open months of 2024 and 2025, both integration accounts, all other accounts."""
    for code, digits in (("EUR", 2), ("USD", 2), ("JPY", 0)):
        ledgers.Currency.objects.create(code=code, name=code, digits=digits)
    ledgers.Company.objects.create(
        code=COMPANY,
        name="Tide",
        accounting_currency="EUR",
        reporting_currency="USD",
        chart="main",
        calendar="cal",
    )
    rate("EUR", "USD", "108.37")
    ledgers.IntegrationParameters.objects.create(
        company_code=COMPANY,
        expense_integration_account=EXPENSE_ACCOUNT,
        procurement_integration_account=PROCUREMENT_ACCOUNT,
    )
    for billing_type in BILLING_TYPES:
        ledgers.LineProperty.objects.create(
            company_code=COMPANY, billing_type=billing_type, line_property=billing_type
        )
    for reference, prefix in SEQUENCES.items():
        ledgers.NumberSequence.objects.create(
            company_code=COMPANY, reference=reference, prefix=prefix, digits=4
        )
    for name in MAPS:
        Map.objects.using(FINANCE).update_or_create(
            map=name, defaults={"version": "1.0.0.0", "state": "running"}
        )
    world = World(
        project=mirrors.Project.objects.create(
            id=uuid.uuid4(),
            number="P-1",
            name="Quay",
            company_code=COMPANY,
            stage="deliver",
            situation="time_and_materials",
        ),
        category=mirrors.Category.objects.create(
            id=uuid.uuid4(), code="TRAVEL", name="Travel", transaction_class="expense"
        ),
        vendor=ledgers.Vendor.objects.create(
            id=new_id(), company_code=COMPANY, account_number="V-1", name="Rope & Co"
        ),
        periods=dict(_periods()),
    )
    for posting_type, account in POSTING_ACCOUNTS:
        world.account(posting_type, account)
    return world


POSTING_ACCOUNTS = (
    ("cost", COST_ACCOUNT),
    ("payroll_allocation", PAYROLL_ACCOUNT),
    ("expense_offset", EXPENSE_OFFSET_ACCOUNT),
    ("cost_item", ITEM_ACCOUNT),
    ("wip_cost_value", WIP_COST_ACCOUNT),
    ("wip_cost_value_item", WIP_ITEM_ACCOUNT),
    ("wip_sales_value", WIP_SALES_ACCOUNT),
    ("accrued_revenue", ACCRUED_ACCOUNT),
    ("vendor", VENDOR_ACCOUNT),
    ("employee", EMPLOYEE_ACCOUNT),
)


def rate(of: str, into: str, per_100: str, valid_from: date = date(2020, 1, 1)) -> None:
    """Add an exchange rate per 100 units."""
    ledgers.ExchangeRate.objects.create(
        from_currency=of, to_currency=into, valid_from=valid_from, rate=Decimal(per_100)
    )


def _periods() -> list[tuple[date, ledgers.FiscalPeriod]]:
    found = []
    for year in (2024, 2025):
        for month in range(1, 13):
            starts = date(year, month, 1)
            ends = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            period = ledgers.FiscalPeriod.objects.create(
                id=new_id(),
                calendar="cal",
                fiscal_year=str(year),
                name=f"{year}-{month:02}",
                starts=starts,
                ends=ends,
            )
            found.append((starts, period))
    return found
