"""Cancellation journals: what entry journals made is reversed, and nothing else (operations spec 2.5)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from tests.database.operations.journals import CONFIRMER, MAKER, Books, confirm, entered, line, numbered
from tests.database.operations.ledger import CLERK, outbox, rows
from tests.database.operations.ledger import MANAGER as APPROVER

from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.journals import actions, queries
from tieout.operations.journals.actions import Taken
from tieout.operations.journals.problems import JournalEmpty, JournalNotDraft
from tieout.operations.journals.rules import JournalType

pytestmark = pytest.mark.usefixtures("databases")


def actuals_of(kind: str = "journal_line") -> list[UUID]:
    return [
        row[0] for row in rows("select id from operations_actual where source_kind = %s order by id", kind)
    ]


def cancelling(*actuals: UUID, number: str = "X1") -> Taken:
    actions.make_journal(actor=MAKER, company="GB01", journal_type=JournalType.CANCELLATION, number=number)
    return actions.take_actuals(actor=MAKER, company="GB01", number=number, actual_ids=actuals)


def statuses() -> list[tuple[str, int, str]]:
    return rows(
        "select a.transaction_type, a.amount::int, s.adjustment_status from operations_actual as a"
        " join operations_actual_state as s on s.actual_id = a.id order by a.id"
    )


def test_only_what_was_chosen_is_reversed(tmp_path: Path) -> None:
    """Defect 4593277: one cost cancelled all resourcing unit cost of its journal."""
    Books().load()
    lines = [
        line(),
        line(transaction_type="resourcing_unit_cost", price="70"),
        line(transaction_type="unbilled_sales"),
    ]
    entered(tmp_path, *numbered(*lines))
    confirm()
    cost = actuals_of()[0]
    assert cancelling(cost) == Taken(actuals=1, sources=1, held=0, ignored=0, refused=())
    assert [row[2] for row in statuses()] == ["in_process", "live", "live"]
    before = outbox()["msdyn_actuals"]
    done = confirm("X1")
    assert (done.reversed, done.made, done.refused) == (1, 0, 0)
    assert statuses() == [
        ("cost", 640, "adjusted"),
        ("resourcing_unit_cost", 560, "live"),
        ("unbilled_sales", 960, "live"),
        ("cost", -640, "unadjustable"),
    ]
    assert outbox()["msdyn_actuals"] == before + 1
    assert rows(
        "select transaction1_role, transaction2_role, transaction2_id = %s"
        " from operations_transaction_connection",
        cost,
    ) == [("reversing", "original", True)]
    assert rows("select origin_type from operations_transaction_origin") == [("journal_line",)]
    with pytest.raises(JournalNotDraft):
        confirm("X1")


def test_others_are_left_alone_but_counted(tmp_path: Path) -> None:
    books = Books()
    books.time(books.person, books.project_id, books.role_id)
    books.load()
    submit_entries(actor=CLERK, company="GB01")
    approve_entries(actor=APPROVER, company="GB01")
    entered(tmp_path, line())
    confirm()
    others = actuals_of("time_entry")
    taken = cancelling(*actuals_of(), *others, UUID(int=5))
    assert (taken.actuals, taken.ignored, taken.refused) == (1, len(others) + 1, ())
    assert confirm("X1").reversed == 1
    assert rows("select sum(amount)::int from operations_actual where source_kind = 'time_entry'") == [
        (1600,)
    ]


def test_nothing_is_cancelled_twice(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, line())
    confirm()
    [cost] = actuals_of()
    cancelling(cost)
    assert [one.code for one in cancelling(cost, number="X2").refused] == ["APR-113"]
    assert actions.take_actuals(actor=MAKER, company="GB01", number="X1", actual_ids=[cost]).held == 1
    confirm("X1")
    assert [one.code for one in cancelling(cost, number="X3").refused] == ["APR-113"]
    reversal = actuals_of()[1]
    assert [one.code for one in cancelling(reversal, number="X4").refused] == ["APR-113"]
    with pytest.raises(JournalEmpty):
        confirm("X4")
    assert rows("select count(*), sum(amount) from operations_actual") == [(2, 0)]


def test_what_is_invoiced_is_not_cancelled(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, *numbered(line(transaction_type="unbilled_sales"), line()))
    confirm()
    rows(
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " select id, 'billing', 'customer_invoice_posted', 'bill' from operations_actual"
        " where transaction_type = 'unbilled_sales' returning 1"
    )
    taken = cancelling(*actuals_of())
    assert (taken.actuals, [(one.code, one.record_name) for one in taken.refused]) == (
        1,
        [("APR-112", "J1/1")],
    )


def test_the_preview_says_what_is_reversed(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, *numbered(line(tax="1.5"), line(quantity="2")))
    confirm()
    cancelling(*actuals_of())
    found = queries.preview(actor=CONFIRMER, company="GB01", number="X1")
    assert [(one.step, one.source, int(one.amount), one.tax_amount) for one in found] == [
        ("reversing", "J1/1", -640, Decimal("-1.5")),
        ("reversing", "J1/2", -160, 0),
    ]
    assert [one.name for one in queries.held_sources(actor=MAKER, company="GB01", number="X1")] == [
        "J1/1",
        "J1/2",
    ]


def test_the_list_says_where_each_journal_stands(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, line())
    confirm()
    cancelling(*actuals_of())
    actions.make_journal(actor=MAKER, company="GB01", journal_type=JournalType.ENTRY, number="J2")
    actions.delete_journal(actor=MAKER, company="GB01", number="J2")
    found = queries.journals(actor=CONFIRMER, company="GB01")
    assert [(one.number, one.journal_type.value, one.state, one.lines, one.done_by) for one in found] == [
        ("J2", "entry", "deleted", 0, "ada"),
        ("X1", "cancellation", "draft", 1, None),
        ("J1", "entry", "confirmed", 1, "cleo"),
    ]
    assert [one.number for one in queries.journals(actor=CONFIRMER, company="GB01", state="draft")] == ["X1"]
    assert queries.journals(actor=CONFIRMER, company="GB01", before=found[1].id)[0].number == "J1"
    [made] = queries.confirmed_lines(actor=CONFIRMER, company="GB01", number="J1")
    assert (made.step, made.what, made.actual_id) == ("entry", "role-1", actuals_of()[0])
    assert made.amount == Decimal(640)
