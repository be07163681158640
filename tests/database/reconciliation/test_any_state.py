"""Whatever the facts are: the views are a partition, and the terms are the balance (finance spec 3.4, 3.9).

The naive model below reads the specification row by row; the product answers the same worlds with sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.database.reconciliation.world import ACCOUNTANT, ACCOUNTS, VENDOR

from tieout.database.aliases import RECONCILIATION
from tieout.reconciliation import models
from tieout.reconciliation.checks.rules import Check, State
from tieout.reconciliation.findings import queries
from tieout.reconciliation.windows.rules import Window, day_number

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("databases")

DAY_0: Final = date(2024, 1, 1)
NOW: Final = datetime(2024, 6, 1, tzinfo=UTC)
TABLES: Final = (
    models.FactSourceLine,
    models.FactDocument,
    models.FactApproval,
    models.FactActual,
    models.FactStaged,
    models.FactJournalLine,
    models.FactLineError,
    models.FactPosting,
    models.FactLedgerEntry,
    models.FactIntegrationAccount,
)


@dataclass(frozen=True)
class Returned:
    """One cost actual that operations made: how far it came, at what amount, posted on which day."""

    staged: bool
    imported: bool
    posted: bool
    refused: bool
    amount: Decimal
    day: int


@dataclass(frozen=True)
class Source:
    """One source line: its cost and day, how far it came in operations, and its actuals."""

    cost: Decimal
    day: int
    arrived: bool
    approved: bool
    returned: tuple[Returned, ...]


@dataclass(frozen=True)
class Books:
    """What stands on the account: lines, entries made by hand, credits of no line."""

    sources: tuple[Source, ...]
    manual: tuple[tuple[Decimal, int], ...]
    orphans: tuple[tuple[Decimal, int], ...]
    as_of: int


money = st.integers(-500, 500).map(lambda cents: Decimal(cents) / 100)
days = st.integers(0, 40)
entries = st.lists(st.tuples(money, days), max_size=3).map(tuple)
returned = st.builds(
    Returned, st.booleans(), st.booleans(), st.booleans(), st.booleans(), amount=money, day=days
)
sources = st.builds(
    Source, money, days, st.booleans(), st.booleans(), st.lists(returned, max_size=2).map(tuple)
)
books = st.builds(Books, st.lists(sources, max_size=8).map(tuple), entries, entries, days)


@dataclass
class _Facts:
    """Writes books as fact tables, one row after the other."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def id(self) -> UUID:
        return UUID(int=next(self.numbers))

    def write(self, given: Books) -> None:
        with transaction.atomic(using=RECONCILIATION):
            for table in TABLES:
                table.objects.all().delete()
            models.FactIntegrationAccount.objects.create(
                company_code="USMF",
                company_name="",
                kind=VENDOR.value,
                account=ACCOUNTS[VENDOR],
                currency_code="USD",
                currency_digits=2,
            )
            for source in given.sources:
                self._source(source)
            for amount, day in given.manual:
                self._entry("general_journal", self.id(), None, amount, day)
            for amount, day in given.orphans:
                self._entry("integration_journal_line", self.id(), self.id(), -amount, day)

    def _source(self, source: Source) -> None:
        line_id, document_id, day = self.id(), self.id(), DAY_0 + timedelta(days=source.day)
        models.FactSourceLine.objects.create(
            line_id=line_id,
            kind=VENDOR.value,
            company_code="USMF",
            document_id=document_id,
            document_number="",
            line_number=1,
            project_id=document_id,
            document_date=day,
            accounting_date=day,
            day=day_number(day),
            amount=source.cost,
            tax_amount=0,
            currency_code="USD",
            exchange_rate=100,
            accounting_amount=source.cost,
            account=ACCOUNTS[VENDOR],
            needs_journal=True,
            cost_type="cost",
            posted_at=NOW,
        )
        self._entry("vendor_invoice", document_id, line_id, source.cost, source.day)
        if source.arrived:
            models.FactDocument.objects.create(line_id=line_id, arrived_at=NOW)
        if source.approved:
            models.FactApproval.objects.create(approval_id=line_id, document_id=line_id, approved_at=NOW)
        for actual in source.returned:
            self._actual(line_id, actual)

    def _actual(self, line_id: UUID, actual: Returned) -> None:
        actual_id, journal_line_id = self.id(), self.id()
        of_line = {"source_id": line_id, "transaction_type": "cost", "company_code": "USMF"}
        models.FactActual.objects.create(
            actual_id=actual_id, amount=actual.amount, skip_sync=False, created_at=NOW, **of_line
        )
        if not actual.staged:
            return
        models.FactStaged.objects.create(actual_id=actual_id, batch_id=1, arrived_at=NOW, **of_line)
        if not actual.imported:
            return
        models.FactJournalLine.objects.create(
            line_id=journal_line_id,
            actual_id=actual_id,
            line_number=1,
            amount=actual.amount,
            exchange_rate=100,
            accounting_amount=actual.amount,
            **of_line,
        )
        if actual.refused:
            models.FactLineError.objects.create(
                id=next(self.numbers), line_id=journal_line_id, code="PST-201", refused_at=NOW
            )
        if actual.posted:
            day = DAY_0 + timedelta(days=actual.day)
            models.FactPosting.objects.create(
                line_id=journal_line_id, accounting_date=day, day=day_number(day), posted_at=NOW
            )
            self._entry("integration_journal_line", journal_line_id, line_id, -actual.amount, actual.day)

    def _entry(self, kind: str, document: UUID, source: UUID | None, amount: Decimal, day: int) -> None:
        on = DAY_0 + timedelta(days=day)
        models.FactLedgerEntry.objects.create(
            voucher_id=next(self.numbers),
            line_no=1,
            company_code="USMF",
            account=ACCOUNTS[VENDOR],
            document_kind=kind,
            document_id=document,
            source_line_id=source,
            accounting_date=on,
            day=day_number(on),
            dimension_set_id=0,
            accounting_amount=amount,
        )


def _state(source: Source) -> tuple[State, str]:
    """Finance spec 3.4 and 3.5, for one line."""
    referring = [actual for actual in source.returned if actual.staged]
    if not referring:
        if not source.arrived:
            return State.MISSING_ACTUALS, "not_synced_to_operations"
        if not source.approved:
            return State.MISSING_ACTUALS, "not_approved"
        return State.MISSING_ACTUALS, "actual_not_synced_back" if source.returned else "no_actual"
    if all(actual.imported and actual.posted for actual in referring):
        return State.RECONCILED, ""
    if not all(actual.imported for actual in referring):
        return State.MISSING_JOURNAL_LINES, "not_imported"
    waiting = [actual for actual in referring if not actual.posted]
    return State.MISSING_JOURNAL_LINES, "refused" if any(a.refused for a in waiting) else "draft"


def _cause(source: Source, as_of: int) -> str:
    """DESIGN section 5: one primary cause."""
    state, reason = _state(source)
    if source.day > as_of:
        return "early_clear"
    if state is not State.RECONCILED:
        return reason
    posted_later = any(actual.day > as_of for actual in source.returned if actual.staged)
    return "cut_off" if posted_later else "amount_difference"


def _contribution(source: Source, as_of: int) -> Decimal:
    credited = sum(
        actual.amount
        for actual in source.returned
        if actual.staged and actual.imported and actual.posted and actual.day <= as_of
    )
    return (source.cost if source.day <= as_of else Decimal(0)) - credited


def _expected_terms(given: Books) -> dict[str, Decimal]:
    terms: dict[str, Decimal] = {}
    for source in given.sources:
        cause = _cause(source, given.as_of)
        terms[cause] = terms.get(cause, Decimal(0)) + _contribution(source, given.as_of)
    terms["manual"] = sum((amount for amount, day in given.manual if day <= given.as_of), Decimal(0))
    terms["orphan"] = -sum((amount for amount, day in given.orphans if day <= given.as_of), Decimal(0))
    return {cause: amount for cause, amount in terms.items() if amount}


_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_SETTINGS
@given(books)
def test_terms_sum_to_the_balance_and_are_those_of_the_naive_model(given: Books) -> None:
    _Facts().write(given)
    proof = queries.proof_of_balance(
        actor=ACCOUNTANT, company="USMF", kind=VENDOR, as_of=DAY_0 + timedelta(days=given.as_of)
    )
    assert proof is not None
    assert proof.unexplained == 0
    assert {t.cause.value: t.figure.amount for t in proof.terms if t.figure.amount} == _expected_terms(given)
    assert proof.explained == sum(_expected_terms(given).values())


@_SETTINGS
@given(books, days, st.integers(0, 20))
def test_three_views_are_a_partition_of_all(given: Books, first: int, length: int) -> None:
    _Facts().write(given)
    window = Window(DAY_0 + timedelta(days=first), DAY_0 + timedelta(days=first + length))
    totals = queries.totals(actor=ACCOUNTANT, company="USMF", window=window)
    listed = {
        check: queries.page(
            actor=ACCOUNTANT, company="USMF", kind=VENDOR, check=check, window=window, limit=100
        ).rows
        for check in Check
    }
    for check, rows in listed.items():
        figure = totals.view(VENDOR, check)
        assert (figure.lines, figure.amount) == (len(rows), sum(row.accounting_amount for row in rows))
    three = [listed[Check.MISSING_ACTUALS], listed[Check.MISSING_JOURNAL_LINES], listed[Check.RECONCILED]]
    parts = [row.line_id for rows in three for row in rows]
    assert len(parts) == len(set(parts))
    assert set(parts) == {row.line_id for row in listed[Check.ALL]}
    within = [source for source in given.sources if first <= source.day <= first + length]
    assert sorted((row.state, row.reason or "") for row in listed[Check.ALL]) == sorted(
        _state(source) for source in within
    )
    both = (
        totals.view(VENDOR, Check.MISSING_ACTUALS).amount
        + totals.view(VENDOR, Check.MISSING_JOURNAL_LINES).amount
    )
    assert totals.unreconciled(VENDOR).amount == both
