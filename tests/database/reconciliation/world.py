"""A small world on both sides, made row by row: what the stages would have written, without the stages.

Reconciliation judges them, so its tests do not ask them for their input. One step is one row of one hop; a
test leaves out the hop that failed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from tieout.finance import models as finance
from tieout.kernel.access import Actor
from tieout.kernel.identifiers import new_id
from tieout.operations import models as operations
from tieout.reconciliation.checks.rules import Kind
from tieout.reconciliation.collectors.actions import Collection, collect

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNTANT: Final = Actor("anna", frozenset({"project_accountant"}), None)
EXPENSE: Final = Kind.EXPENSE
VENDOR: Final = Kind.VENDOR_INVOICE_LINE
ACCOUNTS: Final = {EXPENSE: "118800", VENDOR: "118900"}
_DOCUMENT_KINDS: Final = {EXPENSE: "expense_report", VENDOR: "vendor_invoice"}
_POSTING_TYPES: Final = {EXPENSE: "expense_integration", VENDOR: "procurement_integration"}
_COST: Final = "540100"

Entry = tuple[str, str, Decimal, UUID | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One posted source line."""

    id: UUID
    kind: Kind
    document_id: UUID
    number: str
    cost: Decimal
    day: date
    voucher: str


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One integration journal line of an actual of a source line."""

    id: UUID
    line: Line
    actual_id: UUID
    amount: Decimal
    journal: str


@dataclass
class World:
    """One company that keeps its books in US dollars, with one project, vendor and category."""

    company: str = "USMF"
    project_id: UUID = field(default_factory=uuid4)
    category_id: UUID = field(default_factory=uuid4)
    vendor_id: UUID = field(default_factory=uuid4)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        finance.Company.objects.create(
            code=self.company,
            name="Contoso US",
            accounting_currency="USD",
            reporting_currency="USD",
            chart="main",
            calendar=self.company,
        )
        finance.Currency.objects.get_or_create(code="USD", defaults={"name": "US dollar", "digits": 2})
        finance.IntegrationParameters.objects.create(
            company_code=self.company,
            expense_integration_account=ACCOUNTS[EXPENSE],
            procurement_integration_account=ACCOUNTS[VENDOR],
        )
        finance.Vendor.objects.create(
            id=self.vendor_id, company_code=self.company, account_number="V-1", name="Litware"
        )
        finance.Category.objects.create(
            id=self.category_id, code="hotel", name="Hotel", transaction_class="expense"
        )
        finance.Project.objects.create(
            id=self.project_id,
            number="P-1",
            name="Bridge",
            company_code=self.company,
            stage="internal",
            situation="internal",
        )

    def periods(self, year: int, *, closed: frozenset[int] = frozenset()) -> None:
        """Make the twelve months of a fiscal year; ``closed`` are the numbers of those that are not open."""
        for month in range(1, 13):
            following = date(year + month // 12, month % 12 + 1, 1)
            period = finance.FiscalPeriod.objects.create(
                id=new_id(),
                calendar=self.company,
                fiscal_year=str(year),
                name=f"{year}-{month:02}",
                starts=date(year, month, 1),
                ends=following - timedelta(days=1),
            )
            if month in closed:
                finance.PeriodStatus.objects.create(
                    company_code=self.company, period=period, status="permanently_closed"
                )

    # ------------------------------------------------------------ the hops

    def post(
        self, kind: Kind, cost: Decimal | int, day: date, *, ledger: Decimal | None = None, **given: object
    ) -> Line:
        """Post a document of one line in finance; ``ledger`` is what its entry shows if not the cost."""
        amount, number = Decimal(cost), f"{kind.value}-{next(self._numbers)}"
        document_id, line_id = new_id(), new_id()
        common = {
            "id": line_id,
            "line_number": 1,
            "company_code": self.company,
            "project_id": self.project_id,
            "category_id": self.category_id,
            "description": "",
            "transaction_date": day,
            "accounting_date": day,
            "quantity": 1,
            "unit_price": amount,
            "amount": amount,
            "currency_code": "USD",
            "exchange_rate": 100,
            "exchange_rate_date": day,
            "accounting_amount": amount,
            **given,
        }
        if kind is EXPENSE:
            finance.ExpenseReport.objects.create(
                id=document_id,
                company_code=self.company,
                report_number=number,
                resource_code="R-1",
                accounting_date=day,
                entered_by="clerk",
            )
            finance.ExpenseLine.objects.create(report_id=document_id, **common)
        else:
            finance.VendorInvoice.objects.create(
                id=document_id,
                company_code=self.company,
                vendor_id=self.vendor_id,
                invoice_number=number,
                invoice_date=day,
                accounting_date=day,
                currency_code="USD",
                entered_by="clerk",
            )
            finance.VendorInvoiceLine.objects.create(invoice_id=document_id, **common)
        voucher = self.voucher(
            day,
            _DOCUMENT_KINDS[kind],
            document_id,
            (ACCOUNTS[kind], _POSTING_TYPES[kind], amount if ledger is None else ledger, line_id),
        )
        return Line(line_id, kind, document_id, number, amount, day, voucher)

    def arrive(self, line: Line, *, header: bool = True, manual_verification: bool = False) -> None:
        """Let the line arrive in operations, with the header of its vendor invoice or without."""
        common = {
            "id": line.id,
            "document_id": line.document_id,
            "line_number": 1,
            "company_code": self.company,
            "project_id": self.project_id,
            "category_id": self.category_id,
            "description": "",
            "transaction_date": line.day,
            "accounting_date": line.day,
            "quantity": 1,
            "unit_price": line.cost,
            "amount": line.cost,
            "tax_amount": 0,
            "currency_code": "USD",
            "exchange_rate": 100,
            "exchange_rate_date": line.day,
            "accounting_amount": line.cost,
            "voucher": line.voucher,
            "batch_id": 1,
        }
        if line.kind is EXPENSE:
            operations.Expense.objects.create(report_number=line.number, resource_code="R-1", **common)
        else:
            if header:
                self.arrive_header(line)
            operations.VendorInvoiceLine.objects.create(manual_verification=manual_verification, **common)

    def arrive_header(self, line: Line) -> None:
        """Let the header of a vendor invoice arrive in operations."""
        operations.VendorInvoice.objects.create(
            id=line.document_id,
            company_code=self.company,
            vendor_id=self.vendor_id,
            invoice_number=line.number,
            invoice_date=line.day,
            accounting_date=line.day,
            currency_code="USD",
            batch_id=1,
        )

    def approve(self, line: Line) -> None:
        """Approve the line without making an actual."""
        operations.Approval.objects.create(
            id=line.id, document_id=line.id, document_kind=line.kind.value, approved_by="paul"
        )

    def actual(
        self, line: Line, *, transaction_type: str = "cost", skip_sync: bool = False, **given: object
    ) -> UUID:
        """Make one actual of the line."""
        actual_id = new_id()
        operations.Actual.objects.create(
            id=actual_id,
            transaction_type=transaction_type,
            transaction_class="expense",
            billing_type="not_available",
            quantity=1,
            price=line.cost,
            amount=line.cost,
            tax_amount=0,
            currency_code="USD",
            transaction_date=line.day,
            accounting_date=line.day,
            project_id=self.project_id,
            contracting_unit_id=uuid4(),
            source_id=line.id,
            price_reason="",
            description="",
            skip_sync=skip_sync,
            **{"company_code": self.company, "source_kind": line.kind.value, **given},
        )
        return actual_id

    def stage(self, line: Line, actual_id: UUID, *, transaction_type: str = "cost", **given: Any) -> None:
        """Let the actual arrive in finance's staging, with a delivery batch."""
        finance.StagedActual.objects.create(
            actual_id=actual_id,
            transaction_type=transaction_type,
            transaction_class="expense",
            billing_type="not_available",
            quantity=1,
            price=line.cost,
            amount=line.cost,
            tax_amount=0,
            currency_code="USD",
            transaction_date=line.day,
            accounting_date=line.day,
            company_code=self.company,
            project_id=self.project_id,
            source_kind=line.kind.value,
            source_id=line.id,
            description="",
            **{"batch_id": 1, **given},
        )

    def journal(
        self, line: Line, actual_id: UUID, *, amount: Decimal | None = None, **given: object
    ) -> JournalLine:
        """Import the actual into a journal of its own, of ``amount`` if not the cost, or ``in_currency``."""
        worth, number = line.cost if amount is None else amount, next(self._numbers)
        journal = finance.IntegrationJournal.objects.create(
            company_code=self.company, number=f"IJ-{number:05}", period_key=line.day, line_limit=200
        )
        made = finance.IntegrationJournalLine.objects.create(
            id=new_id(),
            journal_id=journal.id,
            line_number=1,
            actual_id=actual_id,
            company_code=self.company,
            voucher=f"IJV-{number:05}",
            transaction_type="cost",
            transaction_class="expense",
            line_property="none",
            may_accrue=False,
            project_id=self.project_id,
            transaction_date=line.day,
            accounting_date=line.day,
            quantity=1,
            price=worth,
            amount=given.pop("in_currency", worth),
            accounting_amount=worth,
            source_kind=line.kind.value,
            source_id=line.id,
            **{"currency_code": "USD", "exchange_rate": 100, **given},
        )
        return JournalLine(made.id, line, actual_id, worth, journal.number)

    def refuse(self, journal_line: JournalLine, code: str = "PST-201") -> None:
        """Let a posting run refuse the journal line."""
        finance.JournalLineError.objects.create(line_id=journal_line.id, code=code)

    def post_journal(self, journal_line: JournalLine, day: date | None = None) -> None:
        """Post the journal line: it credits the integration account of its source line."""
        line = journal_line.line
        self.voucher(
            day or line.day,
            "integration_journal_line",
            journal_line.id,
            (ACCOUNTS[line.kind], _POSTING_TYPES[line.kind], -journal_line.amount, line.id),
        )

    def write_back(self, journal_line: JournalLine) -> None:
        """Tell operations of the posting."""
        operations.ActualPosting.objects.create(
            id=journal_line.id,
            actual_id=journal_line.actual_id,
            voucher="IJV",
            accounting_amount=journal_line.amount,
            tax_amount=0,
            exchange_rate=100,
            posted_at=datetime.now(tz=UTC),
            batch_id=1,
        )

    def voucher(
        self, day: date, document_kind: str, document_id: UUID, entry: Entry, dimension_set: int = 0
    ) -> str:
        """Insert a whole voucher: one entry, and its counter-entry on the cost account."""
        account, posting_type, amount, source_line_id = entry
        voucher = finance.Voucher.objects.create(
            company_code=self.company,
            number=f"GL-{next(self._numbers):05}",
            accounting_date=day,
            document_kind=document_kind,
            document_id=document_id,
            posted_by="clerk",
        )
        finance.VoucherLine.objects.bulk_create(
            finance.VoucherLine(
                voucher_id=voucher.id,
                line_no=line_no,
                line_count=2,
                company_code=self.company,
                accounting_date=day,
                account=number,
                posting_type=kind,
                amount=worth,
                currency_code="USD",
                accounting_amount=worth,
                reporting_amount=worth,
                project_id=self.project_id,
                source_line_id=source,
                dimension_set_id=dimension_set,
            )
            for line_no, (number, kind, worth, source) in enumerate(
                ((account, posting_type, amount, source_line_id), (_COST, "cost", -amount, None)), start=1
            )
        )
        return str(voucher.number)

    # ------------------------------------------------------------ several hops at once

    def staged(self, line: Line, **given: Any) -> UUID:
        """Bring the line as far as staging and return its cost actual."""
        self.arrive(line)
        self.approve(line)
        actual_id = self.actual(line)
        self.stage(line, actual_id, **given)
        return actual_id

    def cleared(self, line: Line, day: date | None = None, *, amount: Decimal | None = None) -> JournalLine:
        """Bring the line all the way home."""
        journal_line = self.journal(line, self.staged(line), amount=amount)
        self.post_journal(journal_line, day)
        self.write_back(journal_line)
        return journal_line

    def manual_entry(self, kind: Kind, amount: Decimal, day: date) -> None:
        """Post to the integration account by hand."""
        self.voucher(day, "general_journal", new_id(), (ACCOUNTS[kind], "ledger", amount, None))

    def orphan(self, kind: Kind, amount: Decimal, day: date) -> None:
        """Post a journal line that clears a source line which nobody posted."""
        self.voucher(
            day,
            "integration_journal_line",
            new_id(),
            (ACCOUNTS[kind], _POSTING_TYPES[kind], -amount, new_id()),
        )


def collected() -> Collection:
    """Collect, as the accountant."""
    return collect(actor=ACCOUNTANT)
