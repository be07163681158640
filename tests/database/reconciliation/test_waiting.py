"""Since when a line waits: since its latest step, whatever day it is dated and what was tried since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from tests.database.reconciliation.causes import DAY, LINES_MAP, document, meet, owe, posted
from tests.database.reconciliation.world import ACCOUNTANT, ACCOUNTS, EXPENSE, VENDOR, Line, World, collected

from tieout.database.aliases import FINANCE
from tieout.finance import models as finance
from tieout.operations import models as operations
from tieout.problems.catalogue import Process
from tieout.reconciliation.causes import queries
from tieout.reconciliation.windows.rules import Window

YEAR: Final = Window(date(2024, 1, 1), date(2024, 12, 31))
pytestmark = pytest.mark.usefixtures("databases")


def _since(line: Line) -> datetime:
    collected()
    return queries.causes_of(actor=ACCOUNTANT, lines=[line.id])[line.id].waiting_since


def test_each_step_of_a_line_is_when_it_begins_to_wait_for_the_next() -> None:
    world = World()
    line = world.post(VENDOR, 100, DAY)
    assert _since(line) == finance.Voucher.objects.get(number=line.voucher).posted_at
    world.arrive(line, manual_verification=True)
    assert _since(line) == operations.VendorInvoiceLine.objects.get(id=line.id).arrived_at
    for outcome in ("rejected", "verified"):
        operations.VerificationDecision.objects.create(
            line_id=line.id,
            invoice_id=line.document_id,
            company_code=world.company,
            outcome=outcome,
            reason="too much" if outcome == "rejected" else "",
            decided_by="paul",
        )
        decided = operations.VerificationDecision.objects.get(line_id=line.id, outcome=outcome)
        assert _since(line) == decided.decided_at
    world.approve(line)
    assert _since(line) == operations.Approval.objects.get(document_id=line.id).approved_at
    actual_id = world.actual(line)
    assert _since(line) == operations.Actual.objects.get(id=actual_id).created_at
    world.stage(line, actual_id)
    assert _since(line) == finance.StagedActual.objects.get(actual_id=actual_id).arrived_at
    made = world.journal(line, actual_id)
    assert _since(line) == finance.IntegrationJournal.objects.get(number=made.journal).created_at
    world.post_journal(made)
    posting = finance.Voucher.objects.get(document_kind="integration_journal_line", document_id=made.id)
    assert _since(line) == posting.posted_at


def _refused_in_operations(world: World) -> Line:
    line = document(refused="DW-208")(world)
    owe(FINANCE, LINES_MAP, line.id)  # Sync
    return line


def _refused_by_posting(world: World) -> Line:
    line = posted(world)
    world.refuse(world.journal(line, world.staged(line)))
    return line


@pytest.mark.parametrize("make", [_refused_in_operations, _refused_by_posting])
def test_what_was_tried_again_is_none_the_younger(make: Callable[[World], Line]) -> None:
    world = World()
    line = make(world)
    before = _since(line)
    meet(FINANCE, Process.DELIVER, "DW-208", line.id)
    for made in finance.IntegrationJournalLine.objects.filter(source_id=line.id):
        finance.JournalLineError.objects.create(line_id=made.id, code="PST-201")
    assert _since(line) == before


def test_a_line_that_was_put_into_an_older_draft_waits_since_it_arrived() -> None:
    world = World()
    line = posted(world)
    tomorrow = datetime.now(tz=UTC) + timedelta(days=1)
    made = world.journal(line, world.staged(line, arrived_at=tomorrow))
    assert _since(line) == finance.StagedActual.objects.get(actual_id=made.actual_id).arrived_at == tomorrow


def test_an_old_invoice_that_was_posted_now_is_not_a_year_in_flight() -> None:
    """What is dated 2024 waits since today; what arrived two days ago, since then; entries never."""
    world = World()
    today = datetime.now(tz=UTC).date()
    in_flight = document(owed="running")(world)
    staged = world.post(EXPENSE, 7, DAY)
    world.staged(staged, arrived_at=datetime.now(tz=UTC) - timedelta(days=2))
    world.manual_entry(VENDOR, Decimal("-17.50"), DAY)
    collected()
    found = queries.causes_of(actor=ACCOUNTANT, lines=[in_flight.id, staged.id])
    assert [found[line.id].age(today) for line in (in_flight, staged)] == [0, 2]
    shown = queries.figures(actor=ACCOUNTANT, company="USMF", window=YEAR)
    assert [(one.cause.cause, one.oldest) for one in shown] == [
        ("RC-09", today - timedelta(days=2)),
        ("RC-00a", today),
    ]
    terms = [
        (one.cause.cause, one.amount, one.oldest)
        for account in (ACCOUNTS[EXPENSE], ACCOUNTS[VENDOR])
        for one in queries.terms(actor=ACCOUNTANT, company="USMF", account=account, as_of=today)
    ]
    assert terms == [
        ("RC-09", Decimal(7), today - timedelta(days=2)),
        ("RC-00a", Decimal(100), today),
        ("RC-20", Decimal("-17.50"), None),
    ]
