"""A project that names approvers is approved by them alone (operations spec 7)."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, lines, reasons
from tests.database.operations.ledger import CLERK, MANAGER, count, open_problems, rows

from tieout.kernel.access import Actor, Role, Verb, may
from tieout.operations.approvals.actions import (
    Answered,
    approve_entries,
    cancel_approval,
    grant_recall,
    refuse_recall,
    reject_entries,
    request_recall,
    submit_entries,
)
from tieout.operations.approvals.queries import Hop, approved_entries, waiting_entries
from tieout.operations.approvalsets import actions as sets
from tieout.operations.approvalsets.rules import Action
from tieout.operations.entries.rules import EntryClass, Refused
from tieout.operations.reevaluation.actions import QueueDone, reevaluate_queued

TIME = "company,external_id,resource,project,role,date,hours"
APPROVER = "project,user,active"
MIA = Actor("mia", frozenset({Role.PROJECT_MANAGER}), frozenset({"NL01"}))
ADA = Actor("ada", frozenset({Role.PROJECT_APPROVER_ADMIN}), frozenset({"NL01"}))
JOB = Actor("system", frozenset({Role.SYSTEM}), None)


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """QUAY names mia; OFFICE names nobody. T1 (8 h) is of QUAY, T2 (4 h) of OFFICE; both are submitted."""
    firm.set_up(tmp_path / "setup")
    approvers(tmp_path, "QUAY,mia,yes")
    time = ["NL01,T1,BEA,QUAY,DEV,2024-01-15,8", "NL01,T2,BEA,OFFICE,DEV,2024-01-15,4"]
    assert enter(tmp_path, "time_entry", lines(TIME, time)).codes == {}
    submit_entries(actor=CLERK, company="NL01")
    return tmp_path


def approvers(folder: Path, *records: str) -> None:
    assert enter(folder, "project_approver", lines(APPROVER, records)).codes == {}


def keys(*numbers: str) -> list[UUID]:
    return [
        key
        for (key,) in rows(
            "select id from operations_entry where external_id = any(%s) order by external_id", list(numbers)
        )
    ]


def states() -> list[tuple[str, str]]:
    return rows("select external_id, state from operations_entry_state order by 1")


def codes(done: Answered) -> list[tuple[str, str]]:
    return [(one.code, one.record_name) for one in done.refused]


BARRED = [("ACCESS-113", "T1")]


def test_others_are_refused_and_the_rest_goes_on(folder: Path) -> None:
    done = approve_entries(actor=MANAGER, company="NL01")
    assert (done.approved, done.refused) == (1, (Refused("ACCESS-113", 1),))
    assert states() == [("T1", "submitted"), ("T2", "approved")]
    assert open_problems() == [("ACCESS-113", "T1")]
    assert rows("select details ->> 'project', details ->> 'actor' from problem_log") == [("QUAY", "max")]
    assert count("operations_actual") == 1  # OFFICE is internal
    assert approve_entries(actor=MIA, company="NL01").approved == 1
    assert (states(), open_problems()) == ([("T1", "approved"), ("T2", "approved")], [])
    assert rows("select approved_by from operations_approval order by approved_at") == [("max",), ("mia",)]


def test_every_decision_is_theirs(folder: Path) -> None:
    one = keys("T1")
    assert codes(reject_entries(actor=MANAGER, company="NL01", entry_ids=one)) == BARRED
    assert reject_entries(actor=MIA, company="NL01", entry_ids=one).done == 1
    submit_entries(actor=CLERK, company="NL01")
    approve_entries(actor=MIA, company="NL01", entry_ids=one)
    assert codes(cancel_approval(actor=MANAGER, company="NL01", entry_ids=one)) == BARRED
    # who submitted it asks it back, approver or not
    assert request_recall(actor=CLERK, company="NL01", entry_ids=one).done == 1
    assert codes(refuse_recall(actor=MANAGER, company="NL01", entry_ids=one)) == BARRED
    assert codes(grant_recall(actor=MANAGER, company="NL01", entry_ids=one)) == BARRED
    assert refuse_recall(actor=MIA, company="NL01", entry_ids=one).done == 1
    assert count("operations_actual") == 2
    assert cancel_approval(actor=MIA, company="NL01", entry_ids=one).done == 1
    assert count("operations_actual") == 4
    [found] = reject_entries(actor=MANAGER, company="NL01", entry_ids=one).refused
    assert found.details == {"record": "T1", "actor": "max", "status": "submitted", "project": "QUAY"}


def test_who_may_approve_every_project(folder: Path) -> None:
    assert not may(MIA, Verb.APPROVE_EVERY_PROJECT, "NL01")
    assert may(ADA, Verb.APPROVE_EVERY_PROJECT, "NL01")
    assert not may(ADA, Verb.APPROVE_EVERY_PROJECT, "US01")
    assert approve_entries(actor=ADA, company="NL01", entry_ids=keys("T1")).approved == 1
    assert cancel_approval(actor=ADA, company="NL01", entry_ids=keys("T1")).done == 1
    assert approve_entries(actor=JOB, company="NL01").approved == 2


def test_an_approver_does_not_approve_what_they_submitted(folder: Path) -> None:
    approvers(folder, "QUAY,ann,yes")  # the clerk
    both = Actor("ann", frozenset({Role.RESOURCE, Role.PROJECT_MANAGER}), frozenset({"NL01"}))
    assert approve_entries(actor=both, company="NL01", entry_ids=keys("T1")).refused == (
        Refused("ACCESS-103", 1),
    )


def test_a_project_without_an_active_approver_is_open_to_all(folder: Path) -> None:
    approvers(folder, "QUAY,mia,no")
    assert approve_entries(actor=MANAGER, company="NL01").approved == 2


def test_an_approval_set_acts_as_who_asked_for_it(folder: Path) -> None:
    enter(folder, "project_parameters", lines("company,approval_threshold", ["NL01,0"]))
    known = {"max": MANAGER, "mia": MIA}
    made = sets.request(actor=MANAGER, company="NL01", action=Action.APPROVE, entry_ids=keys("T1", "T2")).sets
    assert [one.project for one in made] == ["OFFICE", "QUAY"]
    done = sets.process(actor=JOB, company="NL01", approvers=known.__getitem__)
    assert (done.sets, done.done, done.refused) == (2, 1, 1)
    assert rows("select code, approver from operations_approval_set_log") == [("ACCESS-113", "max")]
    sets.retry(actor=MIA, company="NL01", number=made[1].number)
    done = sets.process(actor=JOB, company="NL01", approvers=known.__getitem__)
    assert (done.done, done.refused) == (1, 0)
    assert states() == [("T1", "approved"), ("T2", "approved")]


def test_a_re_evaluation_asks_nobody_again(folder: Path) -> None:
    approve_entries(actor=MIA, company="NL01")
    role = lines("contract,contract_line,role,billing_type", ["K1,1,DEV,non_chargeable"])
    assert enter(folder, "contract_line_role", role).codes == {}
    assert reevaluate_queued(actor=JOB, company="NL01") == QueueDone(1, 1, 0)


def test_the_lists_say_who_decides(folder: Path) -> None:
    def marks(actor: Actor) -> dict[str, bool]:
        found, _ = waiting_entries(actor=actor, company="NL01", of_class=EntryClass.TIME, hop=Hop.SUBMITTED)
        return {one.external_id: one.others_approve for one in found}

    assert marks(MANAGER) == {"T1": True, "T2": False}
    assert marks(MIA) == marks(ADA) == {"T1": False, "T2": False}
    approve_entries(actor=ADA, company="NL01")
    found, _ = approved_entries(actor=MANAGER, company="NL01", of_class=EntryClass.TIME)
    assert {one.external_id: one.others_approve for one in found} == {"T1": True, "T2": False}


def test_companies_are_a_boundary_of_approvers(folder: Path) -> None:
    clerk = Actor("carl", frozenset({Role.PROJECT_ACCOUNTANT}), frozenset({"NL01"}))
    done = enter(folder, "project_approver", lines(APPROVER, ["PIER,mia,yes", "QUAY,max,yes"]), actor=clerk)
    assert [code for _, code, _ in reasons(done)] == ["ACCESS-102"]
    assert rows("select user_name from operations_project_approver order by 1") == [("max",), ("mia",)]
    unknown = enter(folder, "project_approver", lines(APPROVER, ["DOCK,mia,yes"]), actor=OPERATOR)
    assert unknown.codes == {"LOAD-303": 1}
