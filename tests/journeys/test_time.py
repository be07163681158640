"""Time from a file to the ledger, by jobs: entered, submitted by one, approved by another, posted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections
from tests.journeys import chain
from tests.scale import world

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.jobs.actions import perform
from tieout.kernel.access import VerbNotPermitted
from tieout.loading.actions import load
from tieout.operations.approvals.actions import cancel_approval


@pytest.mark.usefixtures("databases")
def test_time_is_submitted_by_one_and_approved_by_another(tmp_path: Path) -> None:
    chain.write_world(tmp_path)
    chain.set_up(tmp_path)
    load(actor=chain.CLERK, entity="time_entry", files=[tmp_path / "time_entry.csv"])
    with pytest.raises(VerbNotPermitted):
        perform(actor=chain.BEA, job="approve-entries", company=world.COMPANY)
    done = [
        perform(actor=chain.BEA, job="submit-entries", company=world.COMPANY),
        perform(actor=chain.MANAGER, job="approve-entries", company=world.COMPANY),
    ]
    counts = [step.counts for outcome in done for step in outcome.steps]
    assert [(one.get("submitted"), one.get("approved")) for one in counts] == [(8, None), (None, 8)]
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select account, sum(accounting_amount) from finance_voucher_line group by 1 order by 1"
        )
        # 8 days of 7.5 hours at 80.00
        assert cursor.fetchall() == [("540100", Decimal(4800)), ("600300", Decimal(-4800))]


@pytest.mark.usefixtures("databases")
def test_time_that_is_taken_back_leaves_the_ledger_as_it_was(tmp_path: Path) -> None:
    chain.write_world(tmp_path)
    chain.set_up(tmp_path)
    load(actor=chain.CLERK, entity="time_entry", files=[tmp_path / "time_entry.csv"])
    perform(actor=chain.BEA, job="submit-entries", company=world.COMPANY)
    perform(actor=chain.MANAGER, job="approve-entries", company=world.COMPANY)
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute("select id from operations_entry")
        entries = [row[0] for row in cursor.fetchall()]
    assert cancel_approval(actor=chain.MANAGER, company=world.COMPANY, entry_ids=entries).done == 8
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select account, count(*), sum(accounting_amount), max(accounting_amount)"
            " from finance_voucher_line group by 1 order by 1"
        )
        # Reversed by counter-entries: every voucher stays, and both accounts are at nothing.
        assert cursor.fetchall() == [
            ("540100", 16, Decimal(0), Decimal(600)),
            ("600300", 16, Decimal(0), Decimal(600)),
        ]
    perform(actor=chain.MANAGER, job="approve-entries", company=world.COMPANY)
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select account, sum(accounting_amount) from finance_voucher_line group by 1 order by 1"
        )
        assert cursor.fetchall() == [("540100", Decimal(4800)), ("600300", Decimal(-4800))]
