"""Prevalidation: what is staged is looked up in operations, then imported (spec 2.2, decision 0024)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from tests.database.finance.world import ACCOUNTANT, AUDITOR, COMPANY, World, build, table, value

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.dualwrite.prevalidation.actions import Prevalidated, prevalidate_actuals
from tieout.finance.imports.actions import Imported, import_beginning_balances, import_from_staging
from tieout.finance.journalkeeping.actions import delete_lines
from tieout.finance.staging.models import Intake, StagedActual, StagingRetry
from tieout.finance.staging.queries import staged_rows, waiting_staging
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.operations.models import Actual
from tieout.problems.catalogue import Process
from tieout.problems.queries import open_codes

OUTCOMES = "select outcome, code, checked_by from finance_prevalidation order by id"
WORKLIST = "select validation, code, waits_for from finance_staging_retry order by actual_id"


class CrashError(RuntimeError):
    """Stands for a crash between two commits."""


@pytest.fixture
def world(databases: None) -> World:
    """The company NL01, which prevalidates what has just arrived."""
    world = build()
    world.parameters(prevalidation=True, prevalidation_minutes=0)
    return world


def record(*keys: uuid.UUID, **changes: Any) -> None:
    """Let operations have these staged actuals, but for what is changed."""
    named = [one.name for one in Actual._meta.get_fields() if one.name not in {"xid", "created_at", "id"}]
    found = StagedActual.objects.filter(actual_id__in=keys)
    Actual.objects.bulk_create(
        Actual(
            id=one.actual_id,
            contracting_unit_id=uuid.uuid4(),
            price_reason="",
            skip_sync=False,
            **{name: getattr(one, name) for name in named if hasattr(one, name)} | changes,
        )
        for one in found
    )


def look(**options: Any) -> Prevalidated:
    return prevalidate_actuals(actor=ACCOUNTANT, company=COMPANY, **options)


def imported() -> Imported:
    return import_from_staging(actor=ACCOUNTANT, company=COMPANY)


def states() -> list[tuple[str, str | None]]:
    return [(one.state, one.code) for one in staged_rows(actor=AUDITOR, company=COMPANY)]


def problems() -> list[tuple[str, int, str]]:
    found = open_codes(actor=AUDITOR, alias=FINANCE, company=COMPANY, process=Process.VALIDATE_ACTUALS)
    return [(one.code, one.problems, str(one.fields["fields"])) for one in found]


def test_only_what_operations_has_is_imported(world: World) -> None:
    there, gone, changed = world.stage("100.00", "20.00", "3.00")
    record(there)
    record(changed, amount=Decimal("3.01"), transaction_date=date(2024, 3, 16))
    assert imported() == Imported()
    assert states() == [("pending", None)] * 3
    assert look() == Prevalidated(looked_at=3, valid=1, invalid=2)
    assert states() == [("valid", None), ("invalid", "VAL-501"), ("invalid", "VAL-502")]
    assert imported() == Imported(1, Decimal(100), 1, 0)
    assert imported() == Imported()
    assert states() == [("journalised", None), ("invalid", "VAL-501"), ("invalid", "VAL-502")]
    assert problems() == [("VAL-501", 1, ""), ("VAL-502", 1, "amount, date")]
    waiting = waiting_staging(actor=AUDITOR, company=COMPANY)
    assert (waiting.pending, waiting.invalid, waiting.invalid_amount) == (0, 2, Decimal(23))
    assert (waiting.refused, waiting.deleted) == (0, 0)
    assert table(OUTCOMES) == [("invalid", "VAL-501", "ada"), ("invalid", "VAL-502", "ada")]
    shown = staged_rows(actor=AUDITOR, company=COMPANY, states=("invalid",))[0]
    assert (shown.actual_id, shown.details["actual_id"]) == (gone, str(gone))
    assert shown.checked_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"transaction_class": "time"}, "class"),
        ({"transaction_type": "unbilled_sales"}, "type"),
        ({"amount": Decimal("99.99")}, "amount"),
        ({"currency_code": "USD"}, "currency"),
        ({"quantity": Decimal(2)}, "quantity"),
        ({"project_id": uuid.UUID(int=7)}, "project"),
        ({"transaction_date": date(2024, 3, 14)}, "date"),
    ],
)
def test_every_field_that_is_compared_is_named(world: World, changes: dict[str, Any], field: str) -> None:
    record(*world.stage("100.00"), **changes)
    assert look() == Prevalidated(1, 0, 1)
    assert problems() == [("VAL-502", 1, field)]


def test_billed_sales_that_were_invalid_are_judged_again(world: World) -> None:
    world.parameters(prevalidation=False)
    [billed] = world.stage("9.00", transaction_type="billed_sales")
    assert imported().refused == 1
    assert table(WORKLIST) == [("pending", "IMP-110", "invoice_proposal")]
    world.parameters(prevalidation=True)
    assert look() == Prevalidated(1, 0, 1)
    assert table(WORKLIST) == [("invalid", "VAL-501", "import")]
    record(billed)
    assert look(again=True) == Prevalidated(1, 1, 0)
    assert imported().refused == 1
    assert imported() == Imported()
    assert table(WORKLIST) == [("valid", "IMP-110", "invoice_proposal")]


def test_an_actual_of_another_company_is_not_found(world: World) -> None:
    record(*world.stage("100.00"), company_code="US01")
    assert look() == Prevalidated(1, 0, 1)
    assert problems() == [("VAL-501", 1, "")]


def test_what_is_too_young_waits_and_is_no_error(world: World) -> None:
    world.parameters(prevalidation_minutes=5)
    record(*world.stage("100.00"))
    assert look() == Prevalidated()
    assert imported() == Imported()
    assert (states(), problems()) == ([("pending", None)], [])
    Intake.objects.update(received_at=timezone.now() - timedelta(minutes=6))
    assert look() == Prevalidated(1, 1, 0)
    assert imported() == Imported(1, Decimal(100), 1, 0)


def test_a_company_that_does_not_prevalidate_imports_what_arrived(world: World) -> None:
    world.parameters(prevalidation=False)
    world.stage("100.00", "20.00")
    assert states() == [("waiting", None)] * 2
    assert look() == look(again=True) == Prevalidated()
    assert imported() == Imported(2, Decimal(120), 1, 0)
    assert table(OUTCOMES) == []


def test_what_was_restored_is_valid_when_somebody_asks_again(world: World) -> None:
    back, gone = world.stage("100.00", "20.00")
    assert look() == Prevalidated(2, 0, 2)
    record(back)
    assert look() == Prevalidated()  # the clock looks at what is new, not at what is invalid
    assert look(again=True) == Prevalidated(2, 1, 1)
    assert states() == [("valid", None), ("invalid", "VAL-501")]
    assert problems() == [("VAL-501", 1, "")]
    assert value("select resolved_by from problem_resolution") == "ada"
    assert imported() == Imported(1, Decimal(100), 1, 0)
    assert table("select actual_id from finance_staging_retry") == [(gone,)]
    assert [row[:2] for row in table(OUTCOMES)] == [
        ("invalid", "VAL-501"), ("invalid", "VAL-501"), ("valid", ""), ("invalid", "VAL-501"),
    ]  # fmt: skip


def test_one_that_is_missing_and_then_there_otherwise_has_one_open_problem(world: World) -> None:
    keys = world.stage("100.00")
    look()
    record(*keys, quantity=Decimal(3))
    assert look(again=True) == Prevalidated(1, 0, 1)
    assert problems() == [("VAL-502", 1, "quantity")]
    assert imported() == Imported()


def test_a_crash_after_any_commit_is_repaired_by_the_next_run(world: World) -> None:
    keys = world.stage("1.00", "2.00", "3.00", "4.00", "5.00")
    record(keys[0], keys[2], keys[4])
    for at in (1, 2, 2):
        calls = 0

        def crash(step: str, at: int = at) -> None:
            nonlocal calls
            calls += step == "kept"
            if calls == at:
                raise CrashError

        with pytest.raises(CrashError):
            look(rows_max=2, between_commits=crash)
        assert imported() == Imported()  # the batch is not looked at to its end
    assert look(rows_max=2) == Prevalidated(3, 3, 0)
    assert [row[:2] for row in table(OUTCOMES)] == [("invalid", "VAL-501")] * 2
    assert problems() == [("VAL-501", 2, "")]
    assert imported() == Imported(3, Decimal(9), 1, 0)


def test_a_deleted_line_and_what_was_refused_before_are_looked_at_first(world: World) -> None:
    """Deleting the line of an actual that operations has lost is how its cost leaves the journal for good."""
    lost, refused = world.stage("100.00"), world.stage("5.00", currency_code="JPY")
    record(*lost, *refused)
    look()
    assert imported() == Imported(1, Decimal(100), 1, 1)
    assert table(WORKLIST) == [("valid", "IMP-104", "import")]
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("reset role; alter table operations_actual disable trigger user")
        cursor.execute("delete from operations_actual where id = %s", [lost[0]])
        cursor.execute("alter table operations_actual enable trigger user; set role tieout_app")
    delete_lines(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0001")
    assert states() == [("pending", None), ("refused", "IMP-104")]
    assert imported() == Imported(0, Decimal(0), 0, 1)
    assert look() == Prevalidated(1, 0, 1)
    assert states() == [("invalid", "VAL-501"), ("refused", "IMP-104")]
    assert imported() == Imported(0, Decimal(0), 0, 1)


def test_the_option_counts_for_what_waits_when_it_is_turned_on_and_off(world: World) -> None:
    world.parameters(prevalidation=False)
    refused = world.stage("5.00", currency_code="JPY")
    assert imported() == Imported(0, Decimal(0), 0, 1)
    world.parameters(prevalidation=True)
    gone = world.stage("7.00")
    assert states() == [("pending", None)] * 2
    record(*refused)
    assert look() == Prevalidated(2, 1, 1)
    assert states() == [("refused", "IMP-104"), ("invalid", "VAL-501")]
    assert imported() == Imported(0, Decimal(0), 0, 1)
    world.parameters(prevalidation=False)
    assert imported() == Imported(1, Decimal(7), 1, 1)
    assert states() == [("refused", "IMP-104"), ("journalised", None)]
    assert gone


def test_an_invalid_one_that_import_refuses_while_the_option_is_off_is_looked_at_again(world: World) -> None:
    world.stage("5.00", currency_code="JPY")
    assert look() == Prevalidated(1, 0, 1)
    assert imported() == Imported()
    world.parameters(prevalidation=False)
    assert imported() == Imported(0, Decimal(0), 0, 1)
    assert states() == [("refused", "IMP-104")]
    world.parameters(prevalidation=True)
    assert states() == [("pending", None)]
    assert look() == Prevalidated(1, 0, 1)
    assert states() == [("invalid", "VAL-501")]


def test_beginning_balances_are_looked_at_too(world: World) -> None:
    world.parameters(beginning_balances_until=date(2024, 3, 31))
    there, gone = world.stage("100.00", "20.00", source_kind="time_entry")
    record(there)
    assert look() == Prevalidated(2, 1, 1)
    assert imported() == Imported()
    assert table(WORKLIST) == [
        ("valid", "", "beginning_balances"),
        ("invalid", "VAL-501", "beginning_balances"),
    ]
    assert states() == [("beginning", None), ("invalid", "VAL-501")]
    assert import_beginning_balances(actor=ACCOUNTANT, company=COMPANY) == Imported(1, Decimal(100), 1, 0)
    record(gone)
    assert look(again=True) == Prevalidated(1, 1, 0)
    assert import_beginning_balances(actor=ACCOUNTANT, company=COMPANY) == Imported(1, Decimal(20), 0, 0)


def test_the_boundary_of_companies_and_who_may(world: World) -> None:
    world.stage("100.00")
    elsewhere = Actor(name="una", roles=frozenset({"project_accountant"}), companies=frozenset({"US01"}))
    with pytest.raises(CompanyNotPermitted):
        prevalidate_actuals(actor=elsewhere, company=COMPANY)
    with pytest.raises(VerbNotPermitted):
        prevalidate_actuals(actor=AUDITOR, company=COMPANY)
    assert prevalidate_actuals(actor=elsewhere, company="US01", again=True) == Prevalidated()
    assert states() == [("pending", None)]


def test_what_is_off_costs_the_import_no_look_at_what_waits(world: World) -> None:
    """The statements that choose rows are the same; the one that leaves invalid rows out is not run."""
    world.parameters(prevalidation=False)
    keys = world.stage("1.00", "2.00")
    StagingRetry.objects.create(actual_id=keys[0], company_code=COMPANY, validation="invalid", code="VAL-501")
    assert imported() == Imported(2, Decimal(3), 1, 0)
