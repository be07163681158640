"""Which journals a posting run takes: by number, period start, or the journal they were refused in (2.5)."""

from __future__ import annotations

from datetime import date

import pytest
from tests.database.finance.world import ACCOUNTANT, COMPANY, PAYROLL_ACCOUNT, World, table

from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journalkeeping.actions import update_to_draft
from tieout.finance.journals.actions import PostedJournals, post_integration_journals
from tieout.finance.journals.rules import JournalChoice
from tieout.finance.ledgers.models import PostingProfile

STATUS = "select number, status from finance_integration_journal order by id"


def post(only: JournalChoice) -> PostedJournals:
    return post_integration_journals(actor=ACCOUNTANT, company=COMPANY, only=only)


def drafts() -> list[str]:
    return [number for number, status in table(STATUS) if status == "draft"]


@pytest.fixture
def months(world: World) -> World:
    """Drafts IJ0001 to IJ0004, of January to April."""
    for month in (1, 2, 3, 4):
        world.stage("10.00", on=date(2024, month, 20))
        import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert drafts() == ["IJ0001", "IJ0002", "IJ0003", "IJ0004"]
    return world


@pytest.mark.parametrize(
    ("only", "left"),
    [
        (JournalChoice(("IJ0002", "IJ0004", "NONE")), ["IJ0001", "IJ0003"]),
        (JournalChoice(period_from=date(2024, 3, 1)), ["IJ0001", "IJ0002"]),
        (JournalChoice(period_to=date(2024, 2, 29)), ["IJ0003", "IJ0004"]),
        (JournalChoice(period_from=date(2024, 2, 1), period_to=date(2024, 3, 31)), ["IJ0001", "IJ0004"]),
        (JournalChoice(("IJ0001", "IJ0002"), period_from=date(2024, 2, 1)), ["IJ0001", "IJ0003", "IJ0004"]),
        (JournalChoice(original="IJ0001"), ["IJ0001", "IJ0002", "IJ0003", "IJ0004"]),
        (JournalChoice(original="NONE"), ["IJ0001", "IJ0002", "IJ0003", "IJ0004"]),
        (JournalChoice(), []),
    ],
)
def test_what_is_chosen_is_posted_and_the_rest_stays_draft(
    months: World, only: JournalChoice, left: list[str]
) -> None:
    assert post(only).journals_posted == 4 - len(left)
    assert drafts() == left


def test_what_was_refused_in_a_journal_is_posted_by_its_original(world: World) -> None:
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    for month in (1, 2):
        world.stage("10.00", on=date(2024, month, 20))
        world.stage("5.00", on=date(2024, month, 20), source_kind="time_entry", category_id=None)
        import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert post(JournalChoice()).refused == 2
    world.account("payroll_allocation", PAYROLL_ACCOUNT)
    for number in ("IJ0003", "IJ0004"):
        assert update_to_draft(actor=ACCOUNTANT, company=COMPANY, journal_number=number)
    assert table("select j.number, o.number from finance_integration_journal j"
                 " join finance_integration_journal o on o.id = j.original_id order by 1") == [
        ("IJ0003", "IJ0001"), ("IJ0004", "IJ0002"),
    ]  # fmt: skip
    assert post(JournalChoice(original="IJ0002")).lines == 1
    assert drafts() == ["IJ0003"]
