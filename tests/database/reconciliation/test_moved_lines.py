"""What reconciliation knows of journal lines that moved or were deleted: where each stands now."""

from __future__ import annotations

from typing import Any

import pytest
from tests.database.finance.world import ACCOUNTANT, COMPANY, World, build
from tests.database.reconciliation.world import collected

from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journalkeeping.actions import delete_lines
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.models import PostingProfile
from tieout.reconciliation.facts.models import FactJournalLine, FactLineDeparture

HOUR: dict[str, Any] = {"source_kind": "time_entry"}


@pytest.fixture
def books(databases: None) -> World:
    """A draft of an expense line, and of an hour that has no account."""
    world = build()
    PostingProfile.objects.filter(posting_type="payroll_allocation").delete()
    world.stage("1.00")
    world.stage("2.00", **HOUR)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    return world


def known() -> list[tuple[str, int, str]]:
    found = FactJournalLine.objects.order_by("voucher")
    return [(one.journal_number, one.line_number, one.voucher) for one in found]


def refuse() -> None:
    assert post_integration_journals(actor=ACCOUNTANT, company=COMPANY).refused == 1


@pytest.mark.usefixtures("books")
def test_a_line_that_moved_is_known_where_it_stands() -> None:
    collected()
    assert known() == [("IJ0001", 1, "IJV0001"), ("IJ0001", 2, "IJV0002")]
    refuse()
    collected()
    assert known() == [("IJ0001", 1, "IJV0001"), ("IJ0002", 1, "IJV0002")]
    assert FactLineDeparture.objects.filter(is_deleted=False).count() == 1
    collected()
    assert len(known()) == 2


@pytest.mark.usefixtures("books")
def test_a_line_that_was_made_and_moved_between_two_collections_comes_once() -> None:
    refuse()
    collected()
    assert known() == [("IJ0001", 1, "IJV0001"), ("IJ0002", 1, "IJV0002")]


@pytest.mark.usefixtures("books")
def test_a_deleted_line_is_known_no_more_and_its_successor_is() -> None:
    refuse()
    collected()
    delete_lines(actor=ACCOUNTANT, company=COMPANY, journal_number="IJ0002")
    collected()
    assert known() == [("IJ0001", 1, "IJV0001")]
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    collected()
    assert known() == [("IJ0001", 1, "IJV0001"), ("IJ0003", 1, "IJV0003")]
    assert FactLineDeparture.objects.filter(is_deleted=True).count() == 1
