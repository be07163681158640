"""Where lines and journals are in their life, and every way from one state to another (finance spec 1.3)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections
from tests.database.finance.world import ACCOUNTANT, AUDITOR, COMPANY, PAYROLL_ACCOUNT, World, table, value

from tieout.database import batches
from tieout.database.aliases import FINANCE
from tieout.finance.imports.actions import Imported, import_from_staging
from tieout.finance.journalkeeping.actions import Deleted, delete_lines, update_to_draft
from tieout.finance.journalkeeping.problems import JournalNotOpen, NoLineToDelete
from tieout.finance.journals import actions
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.journals.queries import (
    JournalFilter,
    journal,
    journal_lines,
    journal_steps,
    journals,
)
from tieout.finance.ledgers.models import PostingProfile
from tieout.finance.staging.queries import waiting_staging
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted

STATUS = "select number, status, line_count from finance_integration_journal order by id"
HOUR: dict[str, Any] = {"source_kind": "time_entry"}
OTHER_COMPANY = Actor(name="eve", roles=frozenset({"project_accountant"}), companies=frozenset({"DE01"}))


def imported(world: World, *amounts: str, **actual: Any) -> list[uuid.UUID]:
    keys = world.stage(*amounts, **actual)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return keys


def post() -> PostedJournals:
    return post_integration_journals(actor=ACCOUNTANT, company=COMPANY)


def reset(number: str) -> bool:
    return update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number=number)


def delete(number: str, lines: list[int] | None = None) -> Deleted:
    return delete_lines(actor=ACCOUNTANT, company=COMPANY, journal_number=number, line_numbers=lines)


def states(number: str) -> list[tuple[int, str, str]]:
    lines = journal_lines(actor=AUDITOR, company=COMPANY, number=number)
    return [(line.line_number, line.voucher, line.status) for line in lines]


def steps(number: str) -> list[tuple[str, str, int, str]]:
    found = journal_steps(actor=AUDITOR, company=COMPANY, number=number)
    return [(step.step, step.status, step.lines, step.done_by) for step in found]


@pytest.fixture
def refused(world: World) -> World:
    """A journal of five lines of which the second and the fourth, 2.00 and 8.00, have no account."""
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    for amount, source in (("1.00", {}), ("2.00", HOUR), ("4.00", {}), ("8.00", HOUR), ("16.00", {})):
        world.stage(amount, **source)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return world


# ------------------------------------------------------------ refused lines


def test_refused_lines_move_to_a_journal_of_their_own(refused: World) -> None:
    assert post() == PostedJournals(1, 1, 3, Decimal(21), 2)
    assert table(STATUS) == [("IJ0001", "posted", 3), ("IJ0002", "error", 2)]
    assert states("IJ0001") == [(1, "IJV0001", "posted"), (3, "IJV0003", "posted"), (5, "IJV0005", "posted")]
    assert states("IJ0002") == [(1, "IJV0002", "error"), (2, "IJV0004", "error")]
    moved = journal(actor=AUDITOR, company=COMPANY, number="IJ0002")
    assert moved is not None
    assert (moved.original, moved.period_key, moved.posted_by) == ("IJ0001", date(2024, 3, 1), "")
    assert steps("IJ0001") == [
        ("post", "processing", 5, "ada"), ("transfer", "processing", 2, "ada"), ("close", "posted", 3, "ada"),
    ]  # fmt: skip
    assert steps("IJ0002") == [("refuse", "error", 2, "ada")]


def test_a_journal_in_error_waits_for_its_reset_and_then_posts_under_the_same_vouchers(
    refused: World,
) -> None:
    post()
    refused.account("payroll_allocation", PAYROLL_ACCOUNT)
    assert post() == PostedJournals()  # mended, but nobody said so
    assert reset("IJ0002")
    assert not reset("IJ0002")
    assert not reset("IJ0001")
    assert states("IJ0002") == [(1, "IJV0002", "draft"), (2, "IJV0004", "draft")]
    assert post() == PostedJournals(1, 0, 2, Decimal(10), 0)
    assert [step[:2] for step in steps("IJ0002")] == [
        ("refuse", "error"), ("update_to_draft", "draft"), ("post", "processing"), ("close", "posted"),
    ]  # fmt: skip
    assert table("select number from finance_voucher order by number") == [
        (f"IJV000{n}",) for n in range(1, 6)
    ]
    assert value("select sum(accounting_amount) from finance_voucher_line where line_no = 1") == 31


def test_lines_refused_again_together_stay_where_they_are(refused: World) -> None:
    post()
    for _ in range(3):
        assert reset("IJ0002")
        assert post() == PostedJournals(0, 1, 0, Decimal(0), 2)
    assert table(STATUS) == [("IJ0001", "posted", 3), ("IJ0002", "error", 2)]
    assert value("select count(*) from finance_journal_line_move") == 2


def test_a_line_refused_again_moves_on(refused: World) -> None:
    post()
    refused.account("payroll_allocation", PAYROLL_ACCOUNT)
    late = imported(refused, "32.00", **HOUR, on=date(2024, 4, 2))
    refused.status(date(2024, 4, 1), "on_hold")
    assert len(late) == 1
    assert reset("IJ0002")
    assert post() == PostedJournals(1, 1, 2, Decimal(10), 1)
    assert table(STATUS) == [("IJ0001", "posted", 3), ("IJ0002", "posted", 2), ("IJ0003", "error", 1)]


def test_a_new_actual_does_not_join_a_journal_of_refused_lines(refused: World) -> None:
    post()
    reset("IJ0002")
    assert imported(refused, "64.00")
    assert table(STATUS) == [("IJ0001", "posted", 3), ("IJ0002", "draft", 2), ("IJ0003", "draft", 1)]


def test_without_transfer_one_refused_line_keeps_its_journal(refused: World) -> None:
    refused.parameters(transfer_error_lines=False)
    imported(refused, "32.00", on=date(2024, 4, 2))
    assert post() == PostedJournals(1, 1, 1, Decimal(32), 2)
    assert table(STATUS) == [("IJ0001", "error", 5), ("IJ0002", "posted", 1)]
    assert [state for _, _, state in states("IJ0001")] == ["draft", "error", "draft", "error", "draft"]
    assert value("select count(*) from finance_voucher") == 1
    refused.account("payroll_allocation", PAYROLL_ACCOUNT)
    reset("IJ0001")
    assert post() == PostedJournals(1, 0, 5, Decimal(31), 0)


def test_a_large_journal_that_is_kept_back_is_judged_whole(
    refused: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 2)
    refused.parameters(transfer_error_lines=False)
    assert post() == PostedJournals(0, 1, 0, Decimal(0), 2)
    assert value("select count(*) from finance_voucher") == 0


def test_journals_are_found_by_status_and_period(refused: World) -> None:
    post()
    imported(refused, "32.00", on=date(2024, 4, 2))

    def numbers(only: JournalFilter) -> list[str]:
        return [one.number for one in journals(actor=AUDITOR, company=COMPANY, only=only)]

    assert numbers(JournalFilter(("error", "draft"))) == ["IJ0003", "IJ0002"]
    assert numbers(JournalFilter(period_to=date(2024, 3, 31))) == ["IJ0002", "IJ0001"]
    assert numbers(JournalFilter(("posted",), date(2024, 4, 1))) == []


def test_a_line_says_from_which_date_it_was_shifted(world: World) -> None:
    world.parameters(auto_open_period=True)
    world.status(date(2024, 3, 1), "permanently_closed")
    imported(world, "1.00", on=date(2024, 3, 10))
    imported(world, "2.00", on=date(2024, 5, 10))
    post()
    found = [
        (line.shifted_from, line.posted_on)
        for number in ("IJ0001", "IJ0002")
        for line in journal_lines(actor=AUDITOR, company=COMPANY, number=number)
    ]
    assert found == [(date(2024, 3, 10), date(2024, 4, 1)), (None, date(2024, 5, 10))]


# ------------------------------------------------------------ several slices at once


def test_slices_are_posted_at_once_in_sessions_of_their_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "LINES_MAX", 20)
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    world.parameters(line_limit=10)
    imported(world, *["1.00"] * 200)
    assert post() == PostedJournals(20, 0, 200, Decimal(200), 0)
    sessions = "select count(distinct xid) from finance_voucher"
    assert value(sessions) == 10
    # within each journal the vouchers were written in the order of its lines
    disorder = (
        "select count(*) from finance_voucher v"
        " join finance_integration_journal_line l on l.id = v.document_id"
        " join finance_integration_journal_line m on m.journal_id = l.journal_id"
        " and m.line_number = l.line_number + 1 join finance_voucher w on w.document_id = m.id"
        " where w.id < v.id or w.number < v.number"
    )
    assert value(disorder) == 0


def test_a_journal_that_takes_back_another_is_posted_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reversals stand in the earlier journal; with the originals at once they would be refused."""
    world.parameters(line_limit=5)
    keys = imported(world, *["2.00"] * 5, on=date(2024, 4, 2))
    for key in keys:
        imported(world, "-2.00", reverses_id=key)
    delete("IJ0001")  # the originals
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert table(STATUS)[1:] == [("IJ0002", "draft", 5), ("IJ0003", "draft", 5)]
    monkeypatch.setattr(actions, "LINES_MAX", 5)
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    posted = post()
    assert (posted.lines, posted.refused) == (10, 0)
    assert value("select sum(accounting_amount) from finance_voucher_line where line_no = 1") == 0


# ------------------------------------------------------------ deletion


def test_deleting_and_importing_again_five_times_loses_nothing(world: World) -> None:
    """Bug 515258: deleting integration journals again and again lost data.

    Finance spec 7, pain 2 (515258).
    """
    keys = sorted(imported(world, "1.00", "2.00", "4.00"))
    for time_ in range(1, 6):
        number = f"IJ000{time_}"
        assert delete(number) == Deleted(3)
        assert states(number) == []
        assert steps(number)[-1] == ("delete", "deleted", 3, "ada")
        waiting = waiting_staging(actor=AUDITOR, company=COMPANY)
        assert (waiting.deleted, waiting.deleted_amount, waiting.refused) == (3, Decimal(7), 0)
        assert import_from_staging(actor=ACCOUNTANT, company=COMPANY) == Imported(3, Decimal(7), 1, 0)
        assert waiting_staging(actor=AUDITOR, company=COMPANY).deleted == 0
    assert post() == PostedJournals(1, 0, 3, Decimal(7), 0)
    assert table("select made, count(*) from finance_integration_journal_line group by 1 order by 1") == [
        (made, 3) for made in range(1, 7)
    ]
    # each voucher number was given once; those of deleted lines are not given again
    assert table("select number from finance_voucher order by 1") == [
        ("IJV0016",),
        ("IJV0017",),
        ("IJV0018",),
    ]
    posted = "select l.actual_id from finance_voucher v join finance_standing_line l on l.id = v.document_id"
    assert sorted(row[0] for row in table(posted)) == keys
    assert value("select count(*) from finance_staged_actual") == 3


def test_some_lines_are_deleted_and_their_numbers_are_not_given_again(world: World) -> None:
    imported(world, "1.00", "2.00", "4.00")
    assert delete("IJ0001", [2]) == Deleted(1)
    assert table(STATUS) == [("IJ0001", "draft", 2)]
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert states("IJ0001") == [(1, "IJV0001", "draft"), (3, "IJV0003", "draft"), (4, "IJV0004", "draft")]
    assert post() == PostedJournals(1, 0, 3, Decimal(7), 0)


def test_a_refused_line_is_deleted_and_its_problem_is_over(refused: World) -> None:
    post()
    assert delete("IJ0002", [1]) == Deleted(1)
    assert table(STATUS) == [("IJ0001", "posted", 3), ("IJ0002", "error", 1)]
    assert value("select count(*) from problem_resolution") == 1
    assert delete("IJ0002") == Deleted(1)
    assert table(STATUS)[1] == ("IJ0002", "deleted", 0)
    refused.account("payroll_allocation", PAYROLL_ACCOUNT)
    assert import_from_staging(actor=ACCOUNTANT, company=COMPANY).lines == 2
    assert post() == PostedJournals(1, 0, 2, Decimal(10), 0)


def test_a_journal_is_posted_when_its_last_line_without_a_voucher_is_deleted(refused: World) -> None:
    refused.parameters(transfer_error_lines=False)
    refused.account("payroll_allocation", PAYROLL_ACCOUNT)
    with connections[FINANCE].cursor() as cursor:  # as a run left it that died in the middle of the journal
        cursor.execute(
            "insert into finance_voucher (company_code, number, accounting_date, document_kind, document_id,"
            " posted_by) select company_code, voucher, accounting_date, 'integration_journal_line', id, 'ada'"
            " from finance_integration_journal_line where line_number < 5"
        )
    assert delete("IJ0001") == Deleted(1)
    assert table(STATUS) == [("IJ0001", "posted", 4)]


def test_what_is_posted_or_not_there_is_not_deleted(refused: World) -> None:
    post()
    for number in ("IJ0001", "IJ0009"):
        with pytest.raises(JournalNotOpen):
            delete(number)
    with pytest.raises(NoLineToDelete):
        delete("IJ0002", [7])
    with pytest.raises(VerbNotPermitted):
        delete_lines(actor=AUDITOR, company=COMPANY, journal_number="IJ0002")
    with pytest.raises(CompanyNotPermitted):
        delete_lines(actor=OTHER_COMPANY, company=COMPANY, journal_number="IJ0002")
    assert value("select count(*) from finance_journal_line_move") == 2  # of the transfer


def test_the_reversal_of_a_deleted_line_waits_for_it(world: World) -> None:
    [original] = imported(world, "5.00")
    imported(world, "-5.00", reverses_id=original)
    delete("IJ0001", [1])
    assert post() == PostedJournals(0, 1, 0, Decimal(0), 1)
    assert value("select details ->> 'reason' from problem_log order by id desc limit 1") == (
        "IMP-111, the journal line that it reverses was deleted"
    )
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    reset("IJ0001")
    assert post().lines == 2
    assert value("select sum(accounting_amount) from finance_voucher_line where line_no = 1") == 0
