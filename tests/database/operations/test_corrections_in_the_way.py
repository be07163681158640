"""Corrections and everything else that happens to an entry, in both orders (operations spec 5.3, 8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from tests.database.operations.corrections import (
    Firm,
    adjustments,
    approved_day,
    books,
    corrected,
    drafted,
    live,
    valued,
)
from tests.database.operations.journals import CONFIRMER, MAKER, confirm
from tests.database.operations.ledger import CLERK, count, rows
from tests.database.operations.ledger import MANAGER as APPROVER
from tests.database.operations.time_entries import BOTH, codes

from tieout.kernel.access import Actor, CompanyNotPermitted
from tieout.operations.approvals.actions import (
    approve_entries,
    cancel_approval,
    grant_recall,
    request_recall,
    submit_entries,
)
from tieout.operations.approvals.rules import Change
from tieout.operations.journals import actions, queries
from tieout.operations.journals.problems import MakerConfirms, NothingCorrected, NotOfJournalType
from tieout.operations.journals.rules import JournalType, NewValues
from tieout.operations.reevaluation.actions import reevaluate_entries

pytestmark = pytest.mark.usefixtures("databases")


# ---------------------------------------------------------------- what is in the way


def test_what_a_draft_holds_is_in_process_until_it_is_given_back() -> None:
    firm = Firm()
    entry = approved_day(firm)
    assert drafted(JournalType.TIME_CORRECTION, entry).actuals == 2
    assert {row[2] for row in adjustments()} == {"in_process"}
    again = drafted(JournalType.TIME_CORRECTION, entry, number="C2")
    assert (again.actuals, [one.code for one in again.refused]) == (0, ["APR-113"])
    refused = [("APR-113", "entry-1")]
    assert codes(cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry])) == refused
    assert codes(request_recall(actor=CLERK, company="GB01", entry_ids=[entry])) == refused
    assert reevaluate_entries(actor=APPROVER, company="GB01", project_id=firm.project_id).done == 0
    assert actions.give_back(actor=MAKER, company="GB01", number="C1", source_ids=[entry]) == 2
    assert {row[2] for row in adjustments()} == {"live"}
    drafted(JournalType.TIME_CORRECTION, entry, number="C3")
    assert actions.delete_journal(actor=MAKER, company="GB01", number="C3").actuals == 2
    assert {row[2] for row in adjustments()} == {"live"}
    assert cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry]).done == 1
    assert [row[3] for row in books()] == [0, 0]


def test_a_recall_that_was_asked_for_comes_first() -> None:
    firm = Firm()
    entry = approved_day(firm)
    request_recall(actor=CLERK, company="GB01", entry_ids=[entry])
    taken = drafted(JournalType.TIME_CORRECTION, entry)
    assert [(one.code, one.record_name) for one in taken.refused] == [("APR-111", "entry-1")]
    assert grant_recall(actor=APPROVER, company="GB01", entry_ids=[entry]).done == 1


def test_what_is_invoiced_is_not_taken_nor_confirmed() -> None:
    firm = Firm()
    first = firm.time(firm.person, firm.project_id, firm.worker)
    second = firm.time(firm.person, firm.project_id, firm.worker, on=date(2025, 3, 4))
    firm.approve()
    invoice = (
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " select id, 'billing', 'customer_invoice_created', 'bill' from operations_actual"
        " where source_id = %s and transaction_type = 'unbilled_sales' returning 1"
    )
    rows(invoice, first)
    taken = drafted(JournalType.TIME_CORRECTION, first, second)
    assert ([one.code for one in taken.refused], taken.actuals) == (["APR-112"], 2)
    valued(project=firm.number(firm.other_id))
    rows(invoice, second)
    done = confirm("C1")
    assert (done.refused, done.made, [one.code for one in done.problems]) == (1, 0, ["APR-112"])
    assert count("operations_actual") == 4


def test_only_entries_of_the_class_and_company_are_taken() -> None:
    firm = Firm()
    spent = firm.spent(firm.person, firm.project_id, firm.category(), price=Decimal(5))
    draft_entry = firm.time(firm.person, firm.project_id, firm.worker)
    firm.load()
    submit_entries(actor=CLERK, company="GB01", entry_ids=[spent])
    approve_entries(actor=APPROVER, company="GB01", entry_ids=[spent])
    unknown = UUID(int=7)
    taken = drafted(JournalType.TIME_CORRECTION, spent, draft_entry, unknown)
    assert sorted(one.code for one in taken.refused) == ["APR-111", "JRN-125", "JRN-126"]
    assert count("operations_taken_actual") == 0
    with pytest.raises(CompanyNotPermitted):
        actions.take_actuals(
            actor=Actor("dora", MAKER.roles, frozenset({"DE01"})),
            company="GB01",
            number="C1",
            entry_ids=[spent],
        )


def test_by_one_actual_all_of_its_entry_is_taken() -> None:
    firm = Firm()
    approved_day(firm)
    [(sale,)] = rows("select id from operations_actual where transaction_type = 'unbilled_sales'")
    taken = drafted(JournalType.TIME_CORRECTION, actuals=(sale,))
    assert (taken.sources, taken.actuals, taken.ignored) == (1, 2, 0)


@pytest.mark.parametrize("stage", ["closed", "company"])
def test_a_project_that_cannot_take_it_is_refused_whole(stage: str) -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(project=firm.number(firm.internal_id))
    change = "stage = 'closed'" if stage == "closed" else "company_code = 'DE01'"
    rows(f"update operations_project set {change} where id = %s returning 1", firm.internal_id)
    code = "INT-701" if stage == "closed" else "APR-107"
    assert [one.code for one in queries.preview(actor=MAKER, company="GB01", number="C1") if one.code] == [
        code
    ]
    done = confirm("C1")
    assert (done.refused, done.reversed, [one.code for one in done.problems]) == (1, 0, [code])
    assert count("operations_actual") == 2


def test_an_expense_is_corrected_to_a_category_of_expenses() -> None:
    firm = Firm()
    spent = firm.spent(firm.person, firm.project_id, firm.category(), price="12.50")
    goods = firm.category("material")
    firm.approve()
    drafted(JournalType.EXPENSE_CORRECTION, spent)
    valued(category=firm.code("operations_category", goods))
    done = confirm("C1")
    assert (done.refused, done.made, [one.code for one in done.problems]) == (1, 0, ["JRN-128"])
    assert count("operations_actual") == 2


def test_new_values_name_what_the_company_has() -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    wrong = actions.set_new_values(
        actor=MAKER, company="GB01", number="C1", values=NewValues(project="nowhere", role="king")
    )
    assert [(one.code, one.field) for one in wrong] == [("JRN-129", "project"), ("JRN-129", "role")]
    with pytest.raises(NothingCorrected):
        confirm("C1")


def test_duties_and_types_are_kept_apart() -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(project=firm.number(firm.other_id))
    with pytest.raises(MakerConfirms):
        confirm("C1", actor=MAKER)
    actions.make_journal(actor=MAKER, company="GB01", journal_type=JournalType.ENTRY, number="E1")
    with pytest.raises(NotOfJournalType):
        actions.take_actuals(actor=MAKER, company="GB01", number="E1", entry_ids=[entry])
    with pytest.raises(NotOfJournalType):
        actions.remove_lines(actor=MAKER, company="GB01", number="C1", line_numbers=[1])
    assert confirm("C1", actor=CONFIRMER).made == 2


# ---------------------------------------------------------------- what comes after


def test_an_approval_is_cancelled_after_a_correction() -> None:
    """Defects 4606055, 4872141: nothing doubled, nothing left unadjusted."""
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, project=firm.number(firm.other_id))
    assert cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry]).done == 1
    assert [row[2:] for row in books()] == [(0, 0)] * 4
    assert live() == []
    assert {row[2] for row in adjustments()} == {"adjusted", "unadjustable"}
    approve_entries(actor=APPROVER, company="GB01", entry_ids=[entry])
    assert [(row[2], row[3]) for row in live()] == [
        (firm.number(firm.project_id), 800),
        (firm.number(firm.project_id), 1600),
    ]


def test_a_correction_after_a_cancelled_and_renewed_approval() -> None:
    firm = Firm()
    entry = approved_day(firm)
    cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry])
    taken = drafted(JournalType.TIME_CORRECTION, entry, number="C0")
    assert [one.code for one in taken.refused] == ["APR-111"]
    approve_entries(actor=APPROVER, company="GB01", entry_ids=[entry])
    corrected(entry, project=firm.number(firm.other_id))
    assert [(row[0], row[3]) for row in live()] == [("cost", 800), ("unbilled_sales", 2000)]
    assert [(row[0], row[2]) for row in books()] == [
        (firm.number(firm.project_id), 0),
        (firm.number(firm.project_id), 0),
        (firm.number(firm.other_id), 8),
        (firm.number(firm.other_id), 8),
    ]


def test_what_was_corrected_is_not_evaluated_on_its_old_project() -> None:
    """Defect 4606055: re-evaluated and then cancelled, work was doubled."""
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, project=firm.number(firm.other_id))
    for project in (firm.project_id, firm.other_id):
        assert reevaluate_entries(actor=BOTH, company="GB01", project_id=project).done == 0
    assert [(row[0], row[3]) for row in live()] == [("cost", 800), ("unbilled_sales", 2000)]
    cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry])
    assert live() == []


def test_many_entries_get_the_same_new_values_in_one_statement() -> None:
    firm = Firm()
    entries = [
        firm.time(firm.person, firm.project_id, firm.worker, on=date(2025, 3, day), minutes=day * 30)
        for day in range(1, 21)
    ]
    firm.load()
    submit_entries(actor=CLERK, company="GB01")
    changes = {entries[0]: Change(billable=0)}
    approve_entries(actor=APPROVER, company="GB01", entry_ids=entries, changes=changes)
    done = corrected(*entries, project=firm.number(firm.other_id))
    assert (done.reversed, done.made) == (40, 40)
    hours = Decimal(sum(range(1, 21)) * 30) / 60
    second = firm.number(firm.other_id)
    assert [row for row in books() if row[0] == second] == [
        (second, "cost", int(hours), int(hours * 100)),
        (second, "unbilled_sales", int(hours), int(hours * 250)),
    ]
