"""The whole way of one record, and where all of them stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from tests.database.reconciliation.world import ACCOUNTANT, VENDOR, World, collected

from tieout.finance.models import Voucher
from tieout.kernel.access import Actor
from tieout.kernel.identifiers import new_id
from tieout.operations.models import Approval
from tieout.reconciliation.checks.rules import Reason
from tieout.reconciliation.traces.queries import status, trace
from tieout.reconciliation.traces.rules import Stage, Trace

pytestmark = pytest.mark.usefixtures("databases")
DAY = date(2024, 3, 5)


def _one(text: object) -> Trace:
    (found,) = trace(actor=ACCOUNTANT, text=str(text))
    return found


def test_any_key_of_a_record_finds_its_way() -> None:
    world = World()
    world.cleared(world.post(VENDOR, 55, DAY))
    line = world.post(VENDOR, Decimal("12.34"), DAY)
    journal_line = world.cleared(line)
    collected()
    posting = Voucher.objects.get(document_id=journal_line.id)
    keys = (
        line.id,
        line.document_id,
        line.number,
        f"{line.number}/1",
        line.voucher,
        journal_line.actual_id,
        journal_line.id,
        journal_line.journal,
        f"{journal_line.journal}/1",
        "{" + str(line.id).upper() + "}",
    )
    for key in keys:
        assert _one(key).source_id == line.id, key
    found = _one(line.id)
    assert (found.document_number, found.accounting_amount, found.company_code) == (
        line.number,
        Decimal("12.34"),
        "USMF",
    )
    assert [hop.stage for hop in found.hops] == list(Stage)[:3]
    assert [hop.stage for hop in found.actuals[0].hops] == list(Stage)[3:]
    assert all(hop.reached and hop.at for hop in (*found.hops, *found.actuals[0].hops))
    assert found.hops[0].keys["voucher"] == line.voucher
    assert found.hops[2].keys == {"approved_by": "paul"}
    journal, posted = found.actuals[0].hops[2:4]
    assert (journal.keys["journal"], journal.keys["line"]) == (journal_line.journal, "1")
    assert posted.keys == {"voucher": posting.number, "accounting_date": "2024-03-05"}
    assert (found.stands_at, found.reason) == (Stage.WRITTEN_BACK, None)


def test_record_stands_at_its_last_hop_and_the_reason_says_what_it_lacks() -> None:
    """Finance spec 7, pain 1: one trace names the hop that is empty, and what it lacks."""
    world = World()
    line = world.post(VENDOR, 5, DAY)

    def standing() -> tuple[Stage | None, Reason | None]:
        collected()
        found = _one(line.id)
        return found.stands_at, found.reason

    assert standing() == (Stage.POSTED_IN_FINANCE, Reason.NOT_SYNCED_TO_OPERATIONS)
    world.arrive(line)
    assert standing() == (Stage.ARRIVED_IN_OPERATIONS, Reason.NOT_APPROVED)
    world.approve(line)
    assert standing() == (Stage.APPROVED, Reason.NO_ACTUAL)
    actual = world.actual(line)
    assert standing() == (Stage.ACTUAL, Reason.ACTUAL_NOT_SYNCED_BACK)
    world.stage(line, actual)
    assert standing() == (Stage.STAGED, Reason.NOT_IMPORTED)
    journal_line = world.journal(line, actual)
    assert standing() == (Stage.JOURNAL_LINE, Reason.DRAFT)
    world.refuse(journal_line, "PST-202")
    assert standing() == (Stage.JOURNAL_LINE, Reason.REFUSED)
    assert _one(line.id).actuals[0].hops[2].keys["refused"] == "PST-202"
    world.post_journal(journal_line)
    assert standing() == (Stage.POSTED, None)
    assert "refused" not in _one(line.id).actuals[0].hops[2].keys
    world.write_back(journal_line)
    assert standing() == (Stage.WRITTEN_BACK, None)


def test_time_entry_is_traced_from_its_approval() -> None:
    """Finance spec 7, pain 1 (approved time): the trace ends where the time does."""
    world = World()
    entry = uuid4()
    Approval.objects.create(id=new_id(), document_id=entry, document_kind="time_entry", approved_by="paul")
    collected()
    found = _one(entry)
    assert (found.kind, found.stands_at, [hop.stage for hop in found.hops]) == (
        "time_entry",
        Stage.APPROVED,
        [Stage.APPROVED],
    )
    assert world.company


@pytest.mark.parametrize(
    "text",
    ["", "/", "nothing", "IJ-1/x", "IJ-1/99999999999999999999", "4286faba-8607-4218-af44-5c188bc09328"],
)
def test_what_nobody_knows_has_no_trace(text: str) -> None:
    World().post(VENDOR, 1, DAY)
    collected()
    assert trace(actor=ACCOUNTANT, text=text) == ()


def test_records_of_other_companies_are_not_there() -> None:
    world = World()
    line = world.post(VENDOR, 1, DAY)
    collected()
    assert trace(actor=Actor("olga", frozenset({"auditor"}), frozenset({"GBSI"})), text=line.number) == ()


def test_status_counts_records_and_money_per_hop() -> None:
    world = World()
    world.post(VENDOR, 1, DAY)
    world.arrive(world.post(VENDOR, 10, DAY))
    world.staged(world.post(VENDOR, 100, DAY))
    world.cleared(world.post(VENDOR, 1_000, DAY))
    collected()
    found = {
        (figure.transaction_type, figure.stage): (figure.records, figure.amount)
        for figure in status(actor=ACCOUNTANT, company=world.company)
    }
    assert found == {
        ("", Stage.POSTED_IN_FINANCE): (4, Decimal(1_111)),
        ("", Stage.ARRIVED_IN_OPERATIONS): (3, Decimal(1_110)),
        ("", Stage.APPROVED): (2, Decimal(1_100)),
        ("cost", Stage.ACTUAL): (2, Decimal(1_100)),
        ("cost", Stage.STAGED): (2, Decimal(1_100)),
        ("cost", Stage.JOURNAL_LINE): (1, Decimal(1_000)),
        ("cost", Stage.POSTED): (1, Decimal(1_000)),
        ("cost", Stage.WRITTEN_BACK): (1, Decimal(1_000)),
    }
    assert len(status(actor=ACCOUNTANT)) == len(found)
    assert status(actor=Actor("olga", frozenset({"auditor"}), frozenset({"GBSI"}))) == ()
