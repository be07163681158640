"""An entry journal from a file to the ledger, and its cancellation: finance ends where it began."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.journeys import chain
from tests.scale import world

from tieout.database.aliases import FINANCE, OPERATIONS
from tieout.jobs.actions import perform
from tieout.kernel.access import Actor
from tieout.loading.actions import load
from tieout.operations.journals import actions
from tieout.operations.journals.rules import JournalType, NewValues

MAKER = Actor("ada", frozenset({"project_accountant"}), None)
CONFIRMER = Actor("cleo", frozenset({"project_accountant"}), None)


def ledger() -> list[tuple[Any, ...]]:
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select account, count(*), sum(accounting_amount) from finance_voucher_line group by 1 order by 1"
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def operations(query: str) -> list[tuple[Any, ...]]:
    with connections[OPERATIONS].cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def write_lines(folder: Path) -> Path:
    path = folder / "journal_line.csv"
    header = (
        "company",
        "journal",
        "line_number",
        "transaction_type",
        "transaction_class",
        "date",
        "project",
        "role",
        "category",
        "quantity",
        "price",
    )
    lines = [
        ("cost", "time", "DEV", "", "10", ""),
        ("unbilled_sales", "time", "DEV", "", "10", ""),
        ("cost", "expense", "", "C01", "1", "250.75"),
        ("unbilled_sales", "fee", "", "", "1", "99"),
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for place, (kind, of_class, role, category, quantity, price) in enumerate(lines, 1):
            writer.writerow(
                [
                    world.COMPANY,
                    "M1",
                    place,
                    kind,
                    of_class,
                    "2016-02-10",
                    "SOLD",
                    role,
                    category,
                    quantity,
                    price,
                ]
            )
    return path


@pytest.mark.usefixtures("databases")
def test_an_entry_journal_reaches_the_vouchers_and_its_cancellation_takes_it_back(tmp_path: Path) -> None:
    chain.write_world(tmp_path)
    chain.set_up(tmp_path)
    assert load(actor=MAKER, entity="journal_line", files=[write_lines(tmp_path)]).codes == {}
    assert actions.confirm_journal(actor=CONFIRMER, company=world.COMPANY, number="M1").made == 4
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    first = ledger()
    assert sum(row[2] for row in first) == 0
    assert sum(row[2] for row in first if row[2] > 0) == Decimal("1050.75")
    # Unbilled sales have a voucher too, without entries; every actual was written back.
    assert operations("select count(distinct voucher), count(*) from operations_actual_posting") == [(4, 4)]

    actions.make_journal(
        actor=MAKER, company=world.COMPANY, journal_type=JournalType.CANCELLATION, number="X1"
    )
    actuals = [row[0] for row in operations("select id from operations_actual")]
    actions.take_actuals(actor=MAKER, company=world.COMPANY, number="X1", actual_ids=actuals)
    assert actions.confirm_journal(actor=CONFIRMER, company=world.COMPANY, number="X1").reversed == 4
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    assert [(account, total) for account, _, total in ledger()] == [
        (row[0], Decimal("0.00")) for row in first
    ]
    assert sum(row[1] for row in ledger()) == 2 * sum(row[1] for row in first)
    assert operations("select count(*) from operations_actual_posting") == [(8,)]


@pytest.mark.usefixtures("databases")
def test_corrected_time_moves_its_cost_in_the_ledger(tmp_path: Path) -> None:
    chain.write_world(tmp_path)
    chain.set_up(tmp_path)
    load(actor=chain.CLERK, entity="time_entry", files=[tmp_path / "time_entry.csv"])
    perform(actor=chain.BEA, job="submit-entries", company=world.COMPANY)
    perform(actor=chain.MANAGER, job="approve-entries", company=world.COMPANY)
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    entries = [row[0] for row in operations("select id from operations_entry order by external_id")]
    actions.make_journal(
        actor=MAKER, company=world.COMPANY, journal_type=JournalType.TIME_CORRECTION, number="C1"
    )
    assert (
        actions.take_actuals(actor=MAKER, company=world.COMPANY, number="C1", entry_ids=entries[:2]).actuals
        == 4
    )
    wrong = actions.set_new_values(
        actor=MAKER, company=world.COMPANY, number="C1", values=NewValues(project="P0001")
    )
    assert wrong == ()
    done = actions.confirm_journal(actor=CONFIRMER, company=world.COMPANY, number="C1")
    assert (done.reversed, done.problems) == (4, ())
    perform(actor=chain.CLERK, job="chain", company=world.COMPANY)
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select p.number, sum(l.accounting_amount) from finance_integration_journal_line as l"
            " join finance_project as p on p.id = l.project_id where l.transaction_type = 'cost'"
            " group by 1 order by 1"
        )
        # 8 days of 7.5 hours at 80, two of them moved.
        assert cursor.fetchall() == [("P0001", Decimal(1200)), ("SOLD", Decimal(3600))]
    assert sorted(row[2] for row in ledger()) == [Decimal(-4800), Decimal(4800)]
