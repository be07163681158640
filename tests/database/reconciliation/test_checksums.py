"""Checksums per view, company and month: what was changed after it was collected is found and mended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections
from tests.database.cli.test_commands import Tieout, tieout  # noqa: F401  a fixture
from tests.database.reconciliation.world import ACCOUNTANT, EXPENSE, VENDOR, World, collected

from tieout.cli.program import ExitCode
from tieout.database import schema
from tieout.database.aliases import FINANCE, OPERATIONS, RECONCILIATION
from tieout.finance.models import Vendor
from tieout.jobs.actions import SYSTEM, perform
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.reconciliation.collectors.actions import collect_again, verify
from tieout.reconciliation.collectors.problems import NoSuchBucket
from tieout.reconciliation.collectors.rules import Bucket
from tieout.reconciliation.models import FactLedgerEntry, FactSourceLine

pytestmark = pytest.mark.usefixtures("databases")
JANUARY, MARCH = date(2024, 1, 9), date(2024, 3, 5)
LINES, LEDGER = "fact_source_line", "fact_ledger_entry"


def tamper(alias: str, *statements: str) -> None:
    """Change what happened, as an owner of the tables can and the program cannot."""
    with schema.as_owner(), connections[alias].cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("set session_replication_role = origin")


def found() -> dict[tuple[str, str, str], tuple[str, int, int, Decimal]]:
    return {
        (one.bucket.view, one.bucket.company_code, one.bucket.month): (
            one.kind,
            one.published.rows,
            one.collected.rows,
            one.amount,
        )
        for one in verify(actor=ACCOUNTANT).differences
    }


def again(buckets: Iterable[tuple[str, str, str]]) -> None:
    for view, company, month in buckets:
        collect_again(actor=ACCOUNTANT, view=view, company=company, month=month)


def two_months() -> tuple[World, str]:
    """A world with a line in January and two in March, one of them home; and the key of the one of 100.00."""
    world = World()
    world.post(EXPENSE, 40, JANUARY)
    world.cleared(world.post(VENDOR, 7, MARCH))
    line = world.post(VENDOR, 100, MARCH)
    collected()
    return world, str(line.id)


def test_an_amount_changed_after_it_was_collected_is_found_in_its_bucket_and_mended() -> None:
    world, line = two_months()
    whole = verify(actor=ACCOUNTANT)
    assert (whole.ran, whole.differences, whole.problem) == (True, (), None)
    assert whole.buckets > 10
    tamper(FINANCE, f"update finance_vendor_invoice_line set accounting_amount = 90 where id = '{line}'")
    assert not collected().rows  # a collection alone reads no row twice
    march = (LINES, world.company, "2024-03")
    assert found() == {march: ("changed", 2, 2, Decimal(-10))}
    done = collect_again(actor=ACCOUNTANT, view=LINES, company=world.company, month="2024-03")
    assert (done.bucket, done.removed, done.rows) == (Bucket(*march), 2, 2)
    assert FactSourceLine.objects.get(line_id=line).accounting_amount == 90
    assert found() == {}


def test_what_was_added_deleted_moved_or_forgotten_is_told_apart() -> None:
    world, line = two_months()
    tamper(
        FINANCE,
        "update finance_voucher_line set accounting_date = '2024-02-01', accounting_amount ="
        f" accounting_amount + sign(accounting_amount) where source_line_id = '{line}'",
    )
    tamper(OPERATIONS, "delete from operations_actual_posting", "update operations_actual set amount = 8")
    tamper(RECONCILIATION, f"delete from fact_source_line where line_id <> '{line}' and kind = 'expense'")
    differing = found()
    of_company = {bucket[::2]: one for bucket, one in differing.items() if bucket[1] == world.company}
    (actual,) = [bucket for bucket in of_company if bucket[0] == "fact_actual"]
    assert of_company == {
        (LINES, "2024-01"): ("missed", 1, 0, Decimal(40)),
        (LEDGER, "2024-02"): ("missed", 1, 0, Decimal(101)),
        (LEDGER, "2024-03"): ("doubled", 2, 3, Decimal(-100)),
        actual: ("changed", 1, 1, Decimal(1)),
    }
    assert [(b[0], one[:3]) for b, one in differing.items() if not b[1]] == [
        ("fact_write_back", ("doubled", 0, 1))
    ]
    # The entry that moved to February stands in March: collecting February again takes it from there.
    again([(LEDGER, world.company, "2024-02")])
    assert FactLedgerEntry.objects.filter(source_line_id=line).count() == 1
    assert (LEDGER, world.company, "2024-03") not in found()
    again(found())
    assert found() == {}


def test_set_up_that_changes_and_rows_that_come_are_no_difference() -> None:
    world, _ = two_months()
    Vendor.objects.update(name="Renamed since")
    world.post(EXPENSE, 5, MARCH)  # not collected yet: verify collects it first
    assert found() == {}
    assert FactSourceLine.objects.count() == 4


def test_who_may_not_reconcile_or_see_the_company_is_told_nothing(tieout: Tieout) -> None:  # noqa: F811
    world, line = two_months()
    tamper(FINANCE, f"update finance_vendor_invoice_line set accounting_amount = 90 where id = '{line}'")
    stranger = Actor("sam", frozenset({"project_accountant"}), frozenset({"OTHER"}))
    assert verify(actor=stranger).differences == ()
    with pytest.raises(CompanyNotPermitted):
        collect_again(actor=stranger, view=LINES, company=world.company, month="2024-03")
    with pytest.raises(VerbNotPermitted):
        verify(actor=Actor("rob", frozenset({"resource"}), None))
    with pytest.raises(NoSuchBucket, match="fact_period"):
        collect_again(actor=ACCOUNTANT, view="fact_period")
    # The job of the night and the command line say the same.
    (met,) = perform(actor=SYSTEM, job="verify-facts").problems
    assert (met.code, "fact_source_line USMF 2024-03" in met.text.message) == ("REC-101", True)
    said = tieout("facts", "verify")
    assert (said.code, "REC-101" in said.err) == (ExitCode.PROBLEM, True)
    assert "changed" in said.out
    assert "-10.00" in said.out
    said = tieout("facts", "collect-again", LINES, "--company", world.company, "--month", "2024-03")
    assert "2 facts taken away, 2 collected again." in said.out
    assert tieout("facts", "verify").code == ExitCode.OK
    assert tieout("facts", "collect-again", LINES, "--month", "March").code == ExitCode.USAGE
