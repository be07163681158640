"""What was changed behind the program shows: seals, their chain, and the kept totals."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import DatabaseError, connections
from tests.database.finance.world import ACCOUNTANT, AUDITOR, COMPANY, World, value

from tieout.database import schema
from tieout.database.aliases import FINANCE
from tieout.finance.documents.actions import post_vendor_invoices
from tieout.finance.seals.actions import Sealed, seal_vouchers, verify_seals
from tieout.finance.seals.queries import last_seal, verify
from tieout.finance.seals.rules import Fault
from tieout.kernel.access import VerbNotPermitted

pytestmark = pytest.mark.usefixtures("databases")


def _behind(statement: str) -> None:
    """Change the books as the owner of the tables can: past every guard of the program."""
    with schema.as_owner(), connections[FINANCE].cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("set session_replication_role = origin")


def problems() -> list[tuple[str, str, bool]]:
    """Return what the log keeps, and whether it is over."""
    with connections[FINANCE].cursor() as cursor:
        cursor.execute(
            "select p.code, p.record_name, r.problem_id is not null from problem_log p"
            " left join problem_resolution r on r.problem_id = p.id order by p.id"
        )
        return [(code, name, is_over) for code, name, is_over in cursor.fetchall()]


@pytest.fixture
def sealed(world: World) -> World:
    """Three posting batches of one invoice each, sealed."""
    for amount in ("100.00", "250.50", "70.00"):
        world.invoice(amount)
        post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    assert seal_vouchers(actor=ACCOUNTANT, company=COMPANY) == Sealed(seals=3, vouchers=3)
    return world


@pytest.mark.usefixtures("sealed")
def test_what_was_posted_is_sealed_once_in_its_order() -> None:
    assert seal_vouchers(actor=ACCOUNTANT, company=COMPANY) == Sealed(0, 0)
    found = verify(actor=AUDITOR, company=COMPANY)
    assert (found.seals, found.vouchers, found.entries, found.waiting, found.outside) == (3, 3, 6, 0, 0)
    assert found.is_sound
    assert re.fullmatch("[0-9a-f]{64}", found.seal)
    end = last_seal(actor=AUDITOR, company=COMPANY)
    assert end is not None
    assert (end.place, end.seal) == (3, found.seal)
    assert value("select count(distinct previous) from finance_seal") == 3


def test_what_waits_for_its_seal_is_counted_and_is_no_fault(sealed: World) -> None:
    sealed.invoice("5.00")
    post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)
    found = verify(actor=AUDITOR, company=COMPANY)
    assert (found.waiting, found.is_sound) == (1, True)


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("statement", "what"),
    [
        pytest.param(
            "update finance_voucher_line set account = '9999' where voucher_id ="
            " (select min(id) + 1 from finance_voucher) and line_no = 1",
            "changed",
            id="another account",
        ),
        pytest.param(
            "update finance_voucher set accounting_date = accounting_date - 1 where id ="
            " (select min(id) + 1 from finance_voucher)",
            "changed",
            id="another date",
        ),
        pytest.param(
            "update finance_voucher set posted_by = 'somebody' where id ="
            " (select min(id) + 1 from finance_voucher)",
            "changed",
            id="another person",
        ),
        pytest.param(
            "delete from finance_voucher_line where voucher_id = (select min(id) + 1 from finance_voucher)",
            "missing",
            id="entries deleted",
        ),
        pytest.param(
            "insert into finance_voucher_line select voucher_id, 3, line_count, company_code,"
            " accounting_date, account, posting_type, 0, currency_code, 0, 0, project_id, source_line_id"
            " from finance_voucher_line where voucher_id = (select min(id) + 1 from finance_voucher)"
            " and line_no = 1",
            "added",
            id="an entry added",
        ),
    ],
)
def test_a_change_behind_the_program_is_found_with_its_voucher(statement: str, what: str) -> None:
    number = value("select number from finance_voucher order by id offset 1 limit 1")
    _behind(statement)
    assert verify(actor=AUDITOR, company=COMPANY).faults == (Fault(2, what, number, number),)


@pytest.mark.usefixtures("sealed")
def test_a_seal_that_was_written_anew_breaks_the_chain_after_it() -> None:
    _behind(
        "update finance_voucher_line set posting_type = 'cost' where voucher_id ="
        " (select min(id) + 1 from finance_voucher)"
    )
    _behind(
        "update finance_seal s set content = now.content, seal = finance_seal_of(s.company_code, s.place,"
        " s.vouchers, s.entries, now.content, s.previous)"
        " from finance_seal o cross join finance_batch_content(o.company_code, o.batch) as now"
        " where s.place = 2 and o.place = 2"
    )
    found = verify(actor=AUDITOR, company=COMPANY)
    assert [(one.place, one.what) for one in found.faults] == [(3, "broken")]


@pytest.mark.usefixtures("sealed")
def test_a_whole_new_chain_shows_by_a_seal_that_was_kept_elsewhere() -> None:
    before = verify(actor=AUDITOR, company=COMPANY)
    _behind("update finance_voucher_line set currency_code = 'XXX'")
    _behind(
        "insert into finance_unsealed_batch select company_code, batch from finance_seal;"
        "delete from finance_seal"
    )
    assert seal_vouchers(actor=ACCOUNTANT, company=COMPANY) == Sealed(3, 3)
    assert verify(actor=AUDITOR, company=COMPANY).is_sound
    found = verify(actor=AUDITOR, company=COMPANY, known={before.place: before.seal})
    assert [(one.place, one.what) for one in found.faults] == [(3, "replaced")]
    cut = verify(actor=AUDITOR, company=COMPANY, known={4: before.seal})
    assert [(one.place, one.what) for one in cut.faults] == [(4, "replaced")]


@pytest.mark.usefixtures("sealed")
def test_a_voucher_that_did_not_come_through_posting_is_outside() -> None:
    _behind(
        "insert into finance_voucher (company_code, number, accounting_date, document_kind, document_id,"
        f" posted_by) values ('{COMPANY}', 'FORGED', '2024-03-15', 'vendor_invoice', tieout_id(), 'x')"
    )
    found = verify(actor=AUDITOR, company=COMPANY)
    assert (found.outside, found.first_outside, found.is_sound) == (1, "FORGED", False)


@pytest.mark.usefixtures("sealed")
def test_books_that_are_not_what_was_sealed_are_told_until_they_are_again() -> None:
    end = verify(actor=AUDITOR, company=COMPANY)
    _behind("update finance_account_total set debit = debit + 1 where debit = 250.50")
    for _ in range(2):
        found = verify_seals(actor=AUDITOR, company=COMPANY)
        assert found.problem is not None
        assert found.problem.message == (
            f"The books of company {COMPANY} are not what was sealed:"
            " 1 totals that are not the sum of their entries."
        )
    assert problems() == [("REC-103", f"seals of {COMPANY}", False)]
    _behind("update finance_account_total set debit = debit - 1 where debit = 251.50")
    wrong = {end.place: "0" * 64}
    assert verify_seals(actor=AUDITOR, company=COMPANY, known=wrong).problem is not None
    assert verify_seals(actor=AUDITOR, company=COMPANY).problem is None
    elsewhere = f"seals of {COMPANY} against those kept elsewhere"
    assert problems() == [("REC-103", f"seals of {COMPANY}", True), ("REC-103", elsewhere, False)]
    verify_seals(actor=AUDITOR, company=COMPANY, known={end.place: end.seal})
    assert [is_over for _, _, is_over in problems()] == [True, True]


@pytest.mark.usefixtures("sealed")
def test_kept_totals_are_compared_with_the_entries() -> None:
    _behind("update finance_account_total set debit = debit + 1 where debit = 250.50")
    found = verify(actor=AUDITOR, company=COMPANY)
    assert [(one.measure, one.total, one.entries) for one in found.apart] == [
        ("debit", Decimal("421.5000"), Decimal("420.5000"))
    ]


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("change", "measures"),
    [
        ("debit = debit + 7, credit = credit + 7", ["debit", "credit"]),
        ("reporting_amount = reporting_amount + 7", ["reporting amount"]),
        ("entries = entries + 7", ["number of entries"]),
        ("dimension_set_id = 7", ["debit", "reporting amount", "number of entries"] * 2),
    ],
)
def test_whatever_a_trial_balance_adds_is_compared(change: str, measures: list[str]) -> None:
    _behind(f"update finance_account_total set {change} where debit = 250.50")
    found = verify(actor=AUDITOR, company=COMPANY)
    assert [one.measure for one in found.apart] == measures
    assert not found.is_sound


@pytest.mark.usefixtures("sealed")
def test_entries_without_a_voucher_are_outside_though_they_balance_and_the_totals_have_them() -> None:
    columns = (
        "line_no, line_count, company_code, accounting_date, account, posting_type, amount, currency_code"
    )
    columns += ", accounting_amount, reporting_amount"
    with schema.as_owner(), connections[FINANCE].cursor() as cursor:
        cursor.execute(
            f"insert into finance_voucher_line (voucher_id, {columns}) select 999999, {columns}"
            " from finance_voucher_line where voucher_id = (select min(id) from finance_voucher)"
        )
    found = verify(actor=AUDITOR, company=COMPANY)
    assert (found.faults, found.apart) == ((), ())
    assert (found.outside, found.first_outside) == (1, "entries without a voucher, key 999999")
    assert not found.is_sound


@pytest.mark.usefixtures("sealed")
def test_the_program_itself_may_not_touch_a_seal() -> None:
    with pytest.raises(DatabaseError), connections[FINANCE].cursor() as cursor:
        cursor.execute("update finance_seal set seal = previous")


def test_who_may_only_read_seals_nothing() -> None:
    with pytest.raises(VerbNotPermitted):
        seal_vouchers(actor=AUDITOR, company=COMPANY)
