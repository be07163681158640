"""A contract that is closed as lost gives up what it has not billed (operations spec 2.1, E24; 4.1)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, lines
from tests.database.operations.ledger import CLERK, MANAGER, count, open_problems, rows
from tests.database.operations.test_quotes import PROJECT
from tests.database.operations.test_reevaluation import MAPPED, invoice, live, money, only_cost, sold, worked

from tieout.kernel.access import Actor, CompanyNotPermitted, Role, VerbNotPermitted
from tieout.operations.approvals.actions import (
    approve_entries,
    cancel_approval,
    grant_recall,
    request_recall,
    submit_entries,
)
from tieout.operations.entries.rules import Refused
from tieout.operations.organization.problems import ContractNotDraft, ContractNotOpen
from tieout.operations.reevaluation import actions
from tieout.operations.reevaluation.actions import (
    QueueDone,
    Reevaluated,
    close_contract,
    confirm_contract,
    reevaluate_queued,
)

JOB = Actor("system", frozenset({"system"}), None)
LINE = "contract,line_number,name,billing_method,included_tasks"


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm: QUAY is on line 1 of K1; T1 (8 h) and T2 (4 h) are approved, at 60 and 125.50."""
    firm.set_up(tmp_path / "setup")
    worked(tmp_path, "T1,QUAY,,8", "T2,QUAY,,4")
    return tmp_path


def entry(number: str) -> list[UUID]:
    return [key for (key,) in rows("select id from operations_entry where external_id = %s", number)]


def sums() -> list[tuple[str, str, int]]:
    """Return what all actuals of each entry and type come to."""
    return rows(
        "select e.external_id, a.transaction_type, sum(a.amount)::int from operations_actual as a"
        " join operations_entry as e on e.id = a.source_id group by 1, 2 order by 1, 2"
    )


def stage(project: str = "QUAY") -> str:
    [(found,)] = rows("select stage from operations_project where number = %s", project)
    return str(found)


def cost(number: str, hours: int) -> list[tuple[str, str, str, int, int]]:
    """A cost that stays as it was made."""
    return [(number, "cost", "chargeable", hours, 60 * hours)]


def test_unbilled_sales_are_reversed_and_cost_stays(folder: Path) -> None:
    before = count("operations_actual")
    preview = close_contract(actor=OPERATOR, contract="K1", is_preview=True)
    assert (preview.projects, preview.closed, preview.records) == (("QUAY",), ("QUAY",), 2)
    assert (preview.reversed, preview.is_queued) == (Reevaluated(2, ()), False)
    assert money(preview) == (
        [("cost", "chargeable", 2, 720), ("unbilled_sales", "chargeable", 2, 1506)],
        [("cost", "chargeable", 2, 720)],
    )
    assert (count("operations_actual"), stage()) == (before, "sold")
    assert rows("select state from operations_contract") == [("draft",)]

    assert close_contract(actor=OPERATOR, contract="K1") == preview
    assert live() == cost("T1", 8) + cost("T2", 4)
    assert count("operations_actual") == before + 2
    assert rows("select state from operations_contract") == [("lost",)]
    assert stage() == "closed"
    assert rows(
        "select a.amount::int, s.adjustment_status, s.billing_status, a.skip_sync from operations_actual as a"
        " join operations_actual_state as s on s.actual_id = a.id"
        " where a.transaction_type = 'unbilled_sales' order by 1"
    ) == [
        (-1004, "unadjustable", "canceled", False),
        (-502, "unadjustable", "canceled", False),
        (502, "adjusted", "canceled", False),
        (1004, "adjusted", "canceled", False),
    ]
    # attributed, connected, with the origins of the original, and stated to finance
    assert rows("select event, done_by, count(*) from operations_entry_event group by 1, 2") == [
        ("contract_lost", "operator", 2)
    ]
    assert (
        rows(
            "select c.transaction1_role, c.transaction2_role, r.amount = -o.amount,"
            " (select count(*) from operations_transaction_origin where transaction_id = r.id),"
            " (select count(*) from outbox_entry where map = 'msdyn_actuals' and key = r.id)"
            " from operations_actual as r join operations_actual as o on o.id = r.reverses_id"
            " join operations_transaction_connection as c"
            " on c.transaction1_id = r.id and c.transaction2_id = o.id"
        )
        == [("reversing", "original", True, 2, 1)] * 2
    )


def test_closed_twice_nothing_is_reversed_twice(folder: Path) -> None:
    close_contract(actor=OPERATOR, contract="K1")
    before = count("operations_actual")
    for number in ("K1", "K9"):
        for is_preview in (True, False):
            with pytest.raises(ContractNotOpen):
                close_contract(actor=OPERATOR, contract=number, is_preview=is_preview)
    with pytest.raises(ContractNotDraft):
        confirm_contract(actor=OPERATOR, contract="K1")
    assert count("operations_actual") == before


def test_a_confirmed_contract_is_lost_too(folder: Path) -> None:
    confirm_contract(actor=OPERATOR, contract="K1")
    assert close_contract(actor=OPERATOR, contract="K1").reversed == Reevaluated(2, ())
    assert live() == cost("T1", 8) + cost("T2", 4)


def test_what_is_on_an_invoice_stays_and_is_taken_when_it_is_removed(folder: Path) -> None:
    invoice("T1")
    done = close_contract(actor=OPERATOR, contract="K1")
    assert (done.records, done.reversed) == (1, Reevaluated(1, ()))
    assert money(done)[1] == [("cost", "chargeable", 2, 720), ("unbilled_sales", "chargeable", 1, 1004)]
    assert live() == sold("T1", 8) + cost("T2", 4)
    assert open_problems() == []
    # taken off the draft
    rows(
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " select actual_id, 'billing', 'unbilled_sales_created', 'bo' from operations_actual_status"
        " where status = 'customer_invoice_created' returning id"
    )
    assert close_contract(actor=OPERATOR, contract="K1").reversed == Reevaluated(1, ())
    assert live() == cost("T1", 8) + cost("T2", 4)


def test_what_a_correction_holds_is_refused_and_the_rest_goes_on(folder: Path) -> None:
    def held(status: str) -> None:
        rows(
            "insert into operations_actual_status (actual_id, machine, status, set_by)"
            " select a.id, 'adjustment', %s, 'bo' from operations_actual as a"
            " join operations_entry as e on e.id = a.source_id"
            " where e.external_id = 'T1' and a.transaction_type = 'unbilled_sales' returning id",
            status,
        )

    held("in_process")
    done = close_contract(actor=OPERATOR, contract="K1")
    assert done.reversed == Reevaluated(1, (Refused("APR-113", 1),))
    assert live() == sold("T1", 8) + cost("T2", 4)
    assert open_problems() == [("APR-113", "T1")]
    held("live")  # the draft gave it back
    assert close_contract(actor=OPERATOR, contract="K1").reversed == Reevaluated(1, ())
    assert live() == cost("T1", 8) + cost("T2", 4)
    assert open_problems() == []


def test_cancelled_and_recalled_afterwards_sales_are_not_reversed_twice(folder: Path) -> None:
    assert request_recall(actor=CLERK, company="NL01", entry_ids=entry("T2")).done == 1
    close_contract(actor=OPERATOR, contract="K1")
    assert cancel_approval(actor=MANAGER, company="NL01", entry_ids=entry("T1")).done == 1
    assert grant_recall(actor=MANAGER, company="NL01", entry_ids=entry("T2")).done == 1
    assert sums() == [(one, kind, 0) for one in ("T1", "T2") for kind in ("cost", "unbilled_sales")]
    assert live() == []
    # the project takes nothing any more
    assert approve_entries(actor=MANAGER, company="NL01", entry_ids=entry("T1")).refused == (
        Refused("INT-701", 1),
    )


def test_a_reopened_project_is_cost_only_until_another_contract_takes_it(folder: Path) -> None:
    close_contract(actor=OPERATOR, contract="K1")
    linked = f"{PROJECT},contract,contract_line"
    assert enter(folder, "project", lines(linked, ["QUAY,NL01,NL,sold,K1,1"])).codes == {}
    worked(folder, "T3,QUAY,,2")
    assert reevaluate_queued(actor=JOB, company="NL01") == QueueDone(1, 2, 0)
    assert live() == only_cost("T1", 8) + only_cost("T2", 4) + only_cost("T3", 2)
    header = "number,customer,company,contracting_unit,currency"
    enter(folder, "contract", lines(header, ["K2,C1,NL01,NL,EUR"]))
    enter(folder, "contract_line", lines(LINE, ["K2,1,Work,time_and_materials,all"]))
    assert enter(folder, "project", lines(linked, ["QUAY,NL01,NL,sold,K2,1"])).codes == {}
    assert reevaluate_queued(actor=JOB, company="NL01") == QueueDone(1, 3, 0)
    # K2 has no price list: sold at 0
    assert [row[:4] for row in live() if row[1] == "unbilled_sales"] == [
        (number, "unbilled_sales", "chargeable", hours) for number, hours in (("T1", 8), ("T2", 4), ("T3", 2))
    ]


def test_nothing_comes_to_a_line_of_a_lost_contract(folder: Path) -> None:
    close_contract(actor=OPERATOR, contract="K1")
    linked = f"{PROJECT},contract,contract_line"
    assert enter(folder, "project", lines(linked, ["NEW,NL01,NL,sold,K1,1"])).codes == {"LOAD-358": 1}
    assert enter(folder, "project", lines(linked, ["OFFICE,NL01,NL,sold,K1,1"])).codes == {"LOAD-358": 1}
    assert enter(folder, "contract_line_project", lines(MAPPED, ["K1,1,OFFICE,yes"])).codes == {"LOAD-358": 1}
    assert enter(folder, "contract_line_project", lines(MAPPED, ["K1,1,OFFICE,no"])).codes == {}
    header = "number,name,customer,company,contracting_unit,currency"
    assert enter(folder, "contract", lines(header, ["K1,Other,C1,NL01,NL,EUR"])).codes == {"LOAD-351": 1}


def test_a_project_of_which_another_contract_takes_work_stays_sold(folder: Path) -> None:
    header = "number,customer,company,contracting_unit,currency"
    enter(folder, "contract", lines(header, ["K2,C1,NL01,NL,EUR"]))
    classes = f"{LINE},include_time,include_expense,include_material,include_fee"
    assert (
        enter(
            folder,
            "contract_line",
            lines(
                classes,
                [
                    "K1,1,Work,time_and_materials,all,yes,no,yes,yes",
                    "K2,1,Travel,time_and_materials,all,no,yes,no,no",
                ],
            ),
        ).codes
        == {}
    )
    assert enter(folder, "contract_line_project", lines(MAPPED, ["K2,1,QUAY,yes"])).codes == {}
    done = close_contract(actor=OPERATOR, contract="K1")
    assert (done.projects, done.closed, done.reversed) == (("QUAY",), (), Reevaluated(2, ()))
    assert (stage(), live()) == ("sold", cost("T1", 8) + cost("T2", 4))
    worked(folder, "T3,QUAY,,2")  # no line takes its time now
    assert live()[2:] == only_cost("T3", 2)


def test_many_records_are_the_jobs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    monkeypatch.setattr(actions, "BATCH", 1)
    done = close_contract(actor=OPERATOR, contract="K1")
    assert (done.is_queued, done.records, done.before == done.after) == (True, 2, True)
    assert live() == sold("T1", 8) + sold("T2", 4)
    assert rows("select reason, is_whole, contract_id is null from operations_reevaluation") == [
        ("contract_lost", False, False)
    ]
    # the contract is lost at once, though: nothing new is sold
    assert stage() == "closed"
    assert reevaluate_queued(actor=JOB, company="NL01") == QueueDone(1, 2, 0)
    assert live() == cost("T1", 8) + cost("T2", 4)
    assert rows("select distinct done_by from operations_entry_event") == [("operator",)]
    assert reevaluate_queued(actor=JOB, company="NL01") == QueueDone()


def test_submitted_work_of_a_lost_contract_is_refused(folder: Path) -> None:
    header = "company,external_id,resource,project,task,role,date,hours"
    enter(folder, "time_entry", lines(header, ["NL01,T3,BEA,QUAY,,DEV,2024-01-15,2"]))
    submit_entries(actor=CLERK, company="NL01")
    close_contract(actor=OPERATOR, contract="K1")
    assert approve_entries(actor=MANAGER, company="NL01").refused == (Refused("INT-701", 1),)
    assert live() == cost("T1", 8) + cost("T2", 4)


def test_who_may_close(folder: Path) -> None:
    stranger = Actor("ada", frozenset({Role.AP_CLERK}), frozenset({"US01"}))
    for actor, problem in ((stranger, CompanyNotPermitted), (MANAGER, VerbNotPermitted)):
        with pytest.raises(problem):
            close_contract(actor=actor, contract="K1")
    assert rows("select state from operations_contract") == [("draft",)]
