"""Import from staging: grouping, dates, rates, refusals, and two imports at once."""

from __future__ import annotations

import threading
import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from tests.database.finance.world import ACCOUNTANT, AUDITOR, COMPANY, World, new_id, rate, table, value

from tieout.database.aliases import FINANCE
from tieout.database.locks import session_lock
from tieout.finance.imports import actions
from tieout.finance.imports.actions import Imported, import_from_staging
from tieout.finance.journals.rules import IntegrationNotSetUp, NumberSequenceMissing
from tieout.finance.ledgers.models import IntegrationParameters, LineProperty, NumberSequence
from tieout.finance.mirrors.models import Category, Project
from tieout.finance.staging import actions as staging
from tieout.finance.staging.models import StagedActual
from tieout.finance.staging.queries import WaitingStaging, waiting_staging
from tieout.kernel.access import Verb, VerbNotPermitted
from tieout.problems.rules import AlreadyRunning

JOURNALS = "select number, period_key, line_count, status from finance_integration_journal order by id"
DATES = (
    "select transaction_date, accounting_date from finance_integration_journal_line order by transaction_date"
)
REFUSED = "select code, attempts from finance_staging_retry order by actual_id"
PROBLEMS = (
    "select p.code, r.problem_id is not null from problem_log p"
    " left join problem_resolution r on r.problem_id = p.id order by p.id"
)


def run() -> Imported:
    return import_from_staging(actor=ACCOUNTANT, company=COMPANY)


def test_an_actual_becomes_one_line_with_a_voucher_number_of_its_own(world: World) -> None:
    actual, _ = world.stage("12.34", "-2.00")
    assert waiting_staging(actor=AUDITOR, company=COMPANY) == WaitingStaging(
        1, 2, Decimal("10.34"), 0, Decimal(0)
    )
    assert run() == Imported(2, Decimal("10.34"), 1, 0)
    assert table(JOURNALS) == [("IJ0001", date(2024, 3, 1), 2, "draft")]
    line = table(
        "select line_number, actual_id, voucher, transaction_type, line_property, amount, currency_code,"
        " exchange_rate, accounting_amount, source_kind"
        " from finance_integration_journal_line order by line_number"
    )
    assert line[0] == (
        1, actual, "IJV0001", "cost", "chargeable", Decimal("12.34"), "EUR", 100, Decimal("12.34"),
        "vendor_invoice_line",
    )  # fmt: skip
    assert line[1][2] == "IJV0002"
    assert waiting_staging(actor=AUDITOR, company=COMPANY) == WaitingStaging(0, 0, Decimal(0), 0, Decimal(0))
    assert run() == Imported()


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (
            "days",
            [(date(2024, 3, 1), 1), (date(2024, 3, 31), 2), (date(2024, 4, 1), 1), (date(2025, 3, 1), 1)],
        ),
        ("months", [(date(2024, 3, 1), 3), (date(2024, 4, 1), 1), (date(2025, 3, 1), 1)]),
        ("years", [(date(2024, 1, 1), 4), (date(2025, 1, 1), 1)]),
        ("all", [(date(1900, 1, 1), 5)]),
    ],
)
def test_lines_are_grouped_by_the_unit_of_their_transaction_date(
    world: World, unit: str, expected: list[tuple[date, int]]
) -> None:
    world.parameters(period_unit=unit)
    world.status(date(2024, 3, 1), "on_hold")  # the shifted accounting date does not matter
    world.parameters(auto_open_period=True)
    for on in (date(2024, 3, 31), date(2024, 3, 1), date(2024, 4, 1), date(2025, 3, 1), date(2024, 3, 31)):
        world.stage("1.00", on=on)
    run()
    assert (
        table("select period_key, line_count from finance_integration_journal order by period_key")
        == expected
    )


def test_a_full_journal_is_followed_by_another_and_the_last_is_filled_first(world: World) -> None:
    world.stage(*["1.00"] * 450)
    assert run() == Imported(450, Decimal(450), 3, 0)
    assert [row[2] for row in table(JOURNALS)] == [200, 200, 50]
    world.stage(*["1.00"] * 300)
    assert run() == Imported(300, Decimal(300), 1, 0)
    assert [row[2] for row in table(JOURNALS)] == [200, 200, 200, 150]
    assert table(
        "select count(*), count(distinct voucher), min(voucher), max(voucher)"
        " from finance_integration_journal_line"
    ) == [(750, 750, "IJV0001", "IJV0750")]
    gaps = table(
        "select journal_id, max(line_number), count(*) from finance_integration_journal_line group by 1"
    )
    assert all(last == lines for _, last, lines in gaps)


def test_without_a_limit_there_is_one_journal_per_key(world: World) -> None:
    world.parameters(line_limit=0, period_unit="all")
    world.stage(*["1.00"] * 300)
    world.stage(*["1.00"] * 300)
    assert run().journals == 1
    assert table(JOURNALS) == [("IJ0001", date(1900, 1, 1), 600, "draft")]


def test_a_reversal_waits_for_the_delivery_batch_that_brings_its_original(world: World) -> None:
    """Batches are judged several at once; whose original comes beside it is judged again when it is there."""
    original = new_id()
    world.stage("12.34", actual_id=original)
    world.stage("-12.34", reverses_id=original)
    world.stage("5.00", "7.00")
    world.stage("-5.00", reverses_id=new_id())  # of nothing
    assert run() == Imported(4, Decimal("12.00"), 1, 1)
    assert table("select code, count(*) from problem_log group by code") == [("IMP-111", 1)]
    assert table("select count(*), count(distinct voucher) from finance_integration_journal_line") == [(4, 4)]
    assert run() == Imported(refused=1)


def test_accounting_dates_are_proposed_forward_only(world: World) -> None:
    """Finance spec 7, pain 8: the automatic open period is followed when lines are made."""
    for month in (1, 2, 4, 5):
        world.status(date(2024, month, 1), "permanently_closed" if month < 3 else "on_hold")
    world.parameters(auto_open_period=True)
    for month in (1, 3, 4):
        world.stage("1.00", on=date(2024, month, 20))
    world.stage("1.00", on=date(2026, 1, 1))  # outside the calendar, nothing open after it: stays as it came
    assert run().refused == 0
    assert table(DATES) == [
        (date(2024, 1, 20), date(2024, 3, 1)),
        (date(2024, 3, 20), date(2024, 3, 20)),
        (date(2024, 4, 20), date(2024, 6, 1)),
        (date(2026, 1, 1), date(2026, 1, 1)),
    ]


def test_what_finance_posted_is_never_recomputed_and_the_rest_is_converted(world: World) -> None:
    rate("USD", "EUR", "90", valid_from=date(2024, 1, 1))
    rate("USD", "EUR", "92.125", valid_from=date(2024, 3, 15))
    rate("USD", "EUR", "99", valid_from=date(2024, 3, 16))
    rate("JPY", "EUR", "0.6135")
    born_in_finance: dict[str, Any] = {
        "currency_code": "USD",
        "exchange_rate": Decimal("88.88"),
        "accounting_amount": Decimal("8.89"),
    }
    world.stage("10.00", **born_in_finance)
    world.stage("10.20", currency_code="USD", source_kind="time_entry")
    world.stage("12345", currency_code="JPY", source_kind="time_entry")
    run()
    assert table(
        "select exchange_rate, accounting_amount"
        " from finance_integration_journal_line order by line_number, voucher"
    ) == [
        (Decimal("88.88"), Decimal("8.89")),
        (Decimal("92.125"), Decimal("9.40")),  # 9.39675
        (Decimal("0.6135"), Decimal("75.74")),  # 75.736575
    ]


def test_refused_actuals_wait_and_the_others_go_on(world: World) -> None:
    stranger = uuid.uuid4()
    world.stage("1.00", currency_code="USD")
    world.stage("1.00", project_id=stranger)
    world.stage("1.00", category_id=stranger)
    LineProperty.objects.filter(billing_type="complimentary").delete()
    world.stage("1.00", billing_type="complimentary")
    world.stage("1.00", transaction_type="billed_sales")
    world.stage("1.00", category_id=None)
    expected = ["IMP-104", "DW-205", "IMP-105", "IMP-106", "IMP-110"]
    assert run() == Imported(1, Decimal(1), 1, 5)
    assert table(REFUSED) == [(code, 1) for code in expected]
    assert run() == Imported(0, Decimal(0), 0, 4)
    # billed sales wait for their invoice proposal: no import tries them again
    assert table(REFUSED) == [(code, 2 - (code == "IMP-110")) for code in expected]
    assert table(PROBLEMS) == [(code, False) for code in expected]  # logged once, not once per run
    assert waiting_staging(actor=AUDITOR, company=COMPANY).refused == 5
    rate("USD", "EUR", "90")
    Project.objects.create(
        id=stranger, number="P-2", name="", company_code=COMPANY, stage="", situation="internal"
    )
    Category.objects.create(id=stranger, code="X", name="X", transaction_class="expense")
    LineProperty.objects.create(company_code=COMPANY, billing_type="complimentary", line_property="free")
    assert run() == Imported(4, Decimal("3.90"), 0, 0)
    assert table(REFUSED) == [("IMP-110", 1)]
    assert table(PROBLEMS) == [(code, code != "IMP-110") for code in expected]


def test_the_first_problem_wins(world: World) -> None:
    LineProperty.objects.all().delete()
    world.stage("1.00", currency_code="USD", category_id=uuid.uuid4(), transaction_type="billed_sales")
    run()
    assert table(REFUSED) == [("IMP-104", 1)]
    assert table("select details from problem_log")[0][0] == (
        f'{{"actual_id": "{value("select actual_id from finance_staging_retry")}", "rate_date": "2024-03-15",'
        ' "to_currency": "EUR", "from_currency": "USD"}'
    )


def test_retries_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "RETRY_MAX", 7)
    world.stage(*["1.00"] * 20, currency_code="USD")
    assert run().refused == 20
    rate("USD", "EUR", "100")
    assert run() == Imported(20, Decimal(20), 1, 0)
    assert table(
        "select count(*), count(resolved_at) from problem_log left join problem_resolution on problem_id = id"
    ) == [(20, 20)]


def test_an_actual_that_arrives_again_is_not_journalised_again(world: World) -> None:
    world.stage("1.00")
    run()
    # sent again: the row lies there, a new intake names its batch
    with transaction.atomic(using=FINANCE), connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "insert into finance_intake (batch_id, map, company_code, row_count, amount_total)"
            " select 1000, map, company_code, row_count, amount_total from finance_intake"
        )
        cursor.execute("update finance_intake set processed_at = null where batch_id = 1")
    assert run() == Imported()
    assert value("select count(*) from finance_integration_journal_line") == 1


def test_two_imports_at_once_make_each_line_once(world: World) -> None:
    """TV-24 (bug 567962): two imports started together; each actual yields exactly one line.

    Finance spec 7, pain 3 (567962).
    """
    for _ in range(20):
        world.stage(*["1.00"] * 30)
    start = threading.Barrier(4)
    lines: list[int] = []
    refused: list[str] = []

    def work() -> None:
        start.wait()
        try:
            lines.append(run().lines)
        except AlreadyRunning as problem:
            refused.append(problem.message)
        connections[FINANCE].close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(lines) == 600
    assert set(refused) <= {"import_from_staging of NL01 is already running."}
    assert table("select count(*), count(distinct actual_id) from finance_integration_journal_line") == [
        (600, 600)
    ]


def test_a_second_import_is_refused_while_one_runs(world: World) -> None:
    world.stage("1.00")
    with session_lock(FINANCE, Verb.IMPORT_FROM_STAGING, COMPANY):
        seen: list[str] = []

        def work() -> None:
            with pytest.raises(AlreadyRunning):
                run()
            seen.append("refused")
            connections[FINANCE].close()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert seen == ["refused"]
    assert run().lines == 1


def test_missing_set_up_stops_the_import_and_loses_nothing(world: World) -> None:
    world.stage("1.00")
    NumberSequence.objects.filter(reference="integration_journal_voucher").delete()
    with pytest.raises(NumberSequenceMissing, match="integration_journal_voucher"):
        run()
    assert value("select count(*) from finance_integration_journal") == 0
    assert (
        value("select next_number from finance_number_sequence where reference = 'integration_journal'") == 1
    )
    NumberSequence.objects.create(
        company_code=COMPANY, reference="integration_journal_voucher", prefix="V", digits=2, next_number=100
    )
    assert run().lines == 1
    assert value("select voucher from finance_integration_journal_line") == "V100"
    IntegrationParameters.objects.all().delete()
    with pytest.raises(IntegrationNotSetUp):
        run()


def test_import_needs_the_verb(world: World) -> None:
    with pytest.raises(VerbNotPermitted):
        import_from_staging(actor=AUDITOR, company=COMPANY)


def test_an_intake_is_counted_per_company(world: World) -> None:
    world.stage("1.00", "2.50", accounting_amount=Decimal(7), exchange_rate=Decimal(100))
    assert table("select map, company_code, row_count, amount_total from finance_intake") == [
        ("msdyn_actuals", COMPANY, 2, 14)
    ]
    with pytest.raises(IntegrityError), transaction.atomic(using=FINANCE):
        staging.record_intake(map="msdyn_actuals", batch_id=1)
    with pytest.raises(transaction.TransactionManagementError):
        staging.record_intake(map="msdyn_actuals", batch_id=1)


def test_connections_are_counted_without_money(world: World) -> None:
    with transaction.atomic(using=FINANCE):
        with connections[FINANCE].cursor() as cursor:
            cursor.execute(
                "insert into finance_staged_connection (id, transaction1_id, transaction1_type,"
                " transaction1_role, transaction2_id, transaction2_type, transaction2_role, company_code,"
                " batch_id)"
                " values (%s, %s, '', '', %s, '', '', 'NL01', 5)",
                [new_id(), new_id(), new_id()],
            )
        staging.record_intake(map="msdyn_transactionconnections", batch_id=5)
    assert table("select row_count, amount_total from finance_intake") == [(1, 0)]
    assert StagedActual.objects.count() == 0
