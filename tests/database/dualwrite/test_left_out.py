"""Invalid staged actuals are left out, with what only reverses them, and taken back in (decision 0024)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from threading import Event, Thread

import pytest
from django.db import connections
from tests.database.dualwrite.test_prevalidation import imported, look, problems, record, states
from tests.database.finance.world import ACCOUNTANT, AUDITOR, COMPANY, World, build, table, value

from tieout.database.aliases import FINANCE
from tieout.database.locks import session_lock
from tieout.dualwrite.prevalidation.actions import Prevalidated
from tieout.finance.imports.actions import Imported
from tieout.finance.leftout.actions import leave_out, take_back_in
from tieout.finance.leftout.problems import NoReasonToLeaveOut
from tieout.finance.staging.queries import staged_rows
from tieout.kernel.access import Actor, CompanyNotPermitted, Verb, VerbNotPermitted
from tieout.problems.catalogue import Process
from tieout.problems.queries import open_codes
from tieout.problems.rules import AlreadyRunning

LEFT = "select actual_id, code, reason, left_out_by from finance_left_out order by id"
WAITS = "select actual_id, validation, code from finance_staging_retry order by actual_id"


@pytest.fixture
def world(databases: None) -> World:
    """The company NL01, which prevalidates what has just arrived."""
    world = build()
    world.parameters(prevalidation=True, prevalidation_minutes=0)
    return world


def left(*keys: uuid.UUID, reason: str = "recorded again") -> list[uuid.UUID]:
    return leave_out(actor=ACCOUNTANT, company=COMPANY, actual_ids=keys, reason=reason)


def back(*keys: uuid.UUID) -> list[uuid.UUID]:
    return take_back_in(actor=ACCOUNTANT, company=COMPANY, actual_ids=keys)


def test_what_is_left_out_is_never_imported_and_its_problem_is_over(world: World) -> None:
    lost, other = world.stage("100.00", "20.00")
    record(other, amount=Decimal(21))
    look()
    imported()
    assert left(lost, reason=" operations was restored ") == [lost]
    assert table(LEFT) == [(lost, "VAL-501", "operations was restored", "ada")]
    assert table(WAITS) == [(other, "invalid", "VAL-502")]
    assert problems() == [("VAL-502", 1, "amount")]
    assert value("select resolved_by from problem_resolution") == "ada"
    assert states() == [("left_out", None), ("invalid", "VAL-502")]
    (shown,) = staged_rows(actor=AUDITOR, company=COMPANY, states=("left_out",))
    assert (shown.actual_id, shown.left_out_by) == (lost, "ada")
    assert shown.left_out_because == "operations was restored"
    assert look(again=True) == Prevalidated(1, 0, 1)
    world.parameters(prevalidation=False)
    assert imported() == Imported(1, Decimal(20), 1, 0)
    assert states() == [("left_out", None), ("journalised", None)]


def test_taking_back_in_is_the_inverse_of_leaving_out(world: World) -> None:
    (lost,) = world.stage("100.00")
    look()
    imported()
    for _ in range(2):
        assert (left(lost), left(lost)) == ([lost], [])
        assert (back(lost), back(lost)) == ([lost], [])
        assert states() == [("pending", None)]
        assert look() == Prevalidated(1, 0, 1)
        assert problems() == [("VAL-501", 1, "")]
    left(lost)
    record(lost)
    assert look(again=True) == Prevalidated()
    back(lost)
    assert look() == Prevalidated(1, 1, 0)
    assert imported() == Imported(1, Decimal(100), 1, 0)
    assert states() == [("journalised", None)]


def test_only_what_is_invalid_now_and_out_of_its_batch_is_left_out(world: World) -> None:
    there, lost = world.stage("1.00", "2.00")
    refused = world.stage("3.00", currency_code="JPY")
    record(there, *refused)
    assert left(there, lost, *refused) == []  # nobody looked yet
    look()
    assert left(there, lost, *refused) == []  # its batch would be imported with it
    imported()
    (young,) = world.stage("4.00")
    unknown = uuid.uuid4()
    assert left(there, *refused, young, unknown) == []
    world.parameters(prevalidation=False)
    assert left(lost) == []
    world.parameters(prevalidation=True)
    assert left(lost, young) == [lost]
    assert back(there, young, unknown) == []


def test_the_reversal_of_billed_sales_that_are_left_out_goes_with_them(world: World) -> None:
    """It waits for an invoice proposal, and would be a credit of nothing."""
    (wrong,) = world.stage("100.00", transaction_type="billed_sales")
    record(wrong, amount=Decimal(90))
    look()
    (reversal,) = world.stage("-90.00", reverses_id=wrong, transaction_type="billed_sales")
    record(reversal)
    look()
    assert imported().refused == 1
    assert table(WAITS) == [(wrong, "invalid", "VAL-502"), (reversal, "valid", "IMP-110")]
    assert left(reversal) == []
    assert left(wrong, reason="billed\0anew") == sorted([wrong, reversal])
    assert table(LEFT)[0][2] == "billed anew"
    assert table(WAITS) == []


def test_a_reversal_of_what_is_left_out_goes_with_it_and_comes_back_with_it(world: World) -> None:
    (wrong,) = world.stage("100.00")
    record(wrong, amount=Decimal(90))
    look()
    (reversal,) = world.stage("-90.00", reverses_id=wrong)
    (again,) = world.stage("95.00")
    record(reversal, again)
    look()
    assert imported() == Imported(1, Decimal(95), 1, 1)
    assert states() == [("invalid", "VAL-502"), ("refused", "IMP-111"), ("journalised", None)]
    assert left(reversal) == []  # what it reverses may be valid one day
    assert left(wrong) == [wrong, reversal]
    assert table(WAITS) == []
    process = Process.IMPORT_FROM_STAGING
    assert not open_codes(actor=AUDITOR, alias=FINANCE, company=COMPANY, process=process)
    assert imported() == Imported()
    assert back(wrong) == [wrong, reversal]
    assert look() == Prevalidated(2, 1, 1)
    assert imported() == Imported(0, Decimal(0), 0, 1)
    assert left(wrong, reversal) == [wrong, reversal]


def test_a_reversal_that_arrives_later_is_left_out_by_itself(world: World) -> None:
    (wrong,) = world.stage("100.00")
    record(wrong, amount=Decimal(90))
    look()
    imported()
    left(wrong)
    (late,) = world.stage("-90.00", reverses_id=wrong)
    record(late)
    look()
    assert imported() == Imported(0, Decimal(0), 0, 1)
    assert states() == [("left_out", None), ("refused", "IMP-111")]
    assert left(late) == [late]
    assert states() == [("left_out", None)] * 2
    assert table(WAITS) == []


def test_who_may_and_for_which_company(world: World) -> None:
    (lost,) = world.stage("1.00")
    look()
    imported()
    with pytest.raises(NoReasonToLeaveOut) as refused:
        left(lost, reason=" ")
    assert refused.value.code == "VAL-511"
    elsewhere = Actor(name="una", roles=frozenset({"project_accountant"}), companies=frozenset({"US01"}))
    for actor, error in ((AUDITOR, VerbNotPermitted), (elsewhere, CompanyNotPermitted)):
        with pytest.raises(error):
            leave_out(actor=actor, company=COMPANY, actual_ids=[lost], reason="x")
        with pytest.raises(error):
            take_back_in(actor=actor, company=COMPANY, actual_ids=[lost])
    assert leave_out(actor=elsewhere, company="US01", actual_ids=[lost], reason="x") == []
    assert left(lost) == [lost]
    assert take_back_in(actor=elsewhere, company="US01", actual_ids=[lost]) == []
    assert states() == [("left_out", None)]


@pytest.mark.parametrize("lock", [Verb.IMPORT_FROM_STAGING, "prevalidate actuals"])
def test_nothing_is_left_out_beside_an_import_or_a_prevalidation(world: World, lock: str) -> None:
    (lost,) = world.stage("1.00")
    look()
    imported()
    holds, done = Event(), Event()

    def hold() -> None:
        with session_lock(FINANCE, lock, COMPANY):
            holds.set()
            done.wait(30)
        connections[FINANCE].close()

    other = Thread(target=hold)
    other.start()
    try:
        assert holds.wait(30)
        with pytest.raises(AlreadyRunning):
            left(lost)
        with pytest.raises(AlreadyRunning):
            back(lost)
    finally:
        done.set()
        other.join()
    assert states() == [("invalid", "VAL-501")]
    assert left(lost) == [lost]
