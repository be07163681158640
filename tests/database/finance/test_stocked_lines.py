"""Stocked lines of vendor invoices: their cost posts with the invoice (finance spec 2.9; 9, N5)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.database.finance.test_dimensions import gives
from tests.database.finance.world import (
    ACCOUNTANT,
    ACCRUED_ACCOUNT,
    COMPANY,
    COST_ACCOUNT,
    PROCUREMENT_ACCOUNT,
    VENDOR_ACCOUNT,
    WIP_ITEM_ACCOUNT,
    WIP_SALES_ACCOUNT,
    World,
    new_id,
    table,
    value,
)

from tieout.finance.documents.actions import PostedDocuments, post_vendor_invoices
from tieout.finance.documents.models import VendorInvoiceLine
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.ledgers.models import PostingProfile
from tieout.finance.mirrors.models import Category

ENTRIES = (
    "select l.account, l.posting_type, l.accounting_amount, l.reporting_amount, l.project_id is not null"
    " from finance_voucher_line l order by l.voucher_id, l.line_no"
)
FACTS = "select line_number, account, needs_journal from fact_source_line order by line_number"


def post() -> PostedDocuments:
    return post_vendor_invoices(actor=ACCOUNTANT, company=COMPANY)


@pytest.fixture(autouse=True)
def _of_material(world: World) -> None:
    Category.objects.filter(id=world.category.id).update(transaction_class="material")


def test_a_stocked_line_debits_its_cost_and_the_others_the_integration_account(world: World) -> None:
    invoice = world.invoice("100.00", "-3.00")
    VendorInvoiceLine.objects.create(invoice_id=invoice, stocked=True, **world.line(3, "40.00"))
    assert post() == PostedDocuments(1, 3, Decimal(137), 0)
    assert table(ENTRIES) == [
        (PROCUREMENT_ACCOUNT, "procurement_integration", 100, Decimal("108.37"), True),
        (PROCUREMENT_ACCOUNT, "procurement_integration", -3, Decimal("-3.25"), True),
        (COST_ACCOUNT, "cost", 40, Decimal("43.35"), True),
        (VENDOR_ACCOUNT, "vendor", -137, Decimal("-148.47"), False),
    ]
    # No journal line is awaited for it, and its account is that of its cost: the integration account has 97.
    assert table(FACTS) == [
        (1, PROCUREMENT_ACCOUNT, True),
        (2, PROCUREMENT_ACCOUNT, True),
        (3, COST_ACCOUNT, False),
    ]
    assert table("select account, sum(accounting_amount) from fact_ledger_entry group by 1") == [
        (PROCUREMENT_ACCOUNT, 97)
    ]


def test_its_profile_puts_it_to_work_in_progress_and_without_one_the_invoice_is_refused(world: World) -> None:
    profile = world.profile("WIP", material_costs="balance")
    world.invoice("40.00", number="S/1", stocked=True)
    assert post() == PostedDocuments(refused=1)
    assert table("select code, details ->> 'line', details ->> 'document' from problem_log") == [
        ("DOC-110", "1", "S/1")
    ]
    world.rule(profile)
    PostingProfile.objects.filter(posting_type="wip_cost_value_item").delete()
    assert post().refused == 1
    assert table(
        "select details ->> 'posting_type', details ->> 'project' from problem_log where code = 'DOC-101'"
    ) == [("wip cost value item", world.project.number)]
    world.account("wip_cost_value_item", WIP_ITEM_ACCOUNT)
    assert post() == PostedDocuments(1, 1, Decimal(40), 0)
    assert table(ENTRIES) == [
        (WIP_ITEM_ACCOUNT, "wip_cost_value_item", 40, Decimal("43.35"), True),
        (VENDOR_ACCOUNT, "vendor", -40, Decimal("-43.35"), False),
    ]
    assert value("select count(*) from problem_resolution") == 2


def test_what_it_is_sold_for_keeps_its_dimensions_as_that_of_any_other_line(world: World) -> None:
    """What is born in finance has the dimensions of its document (finance spec 2.10), with the vendor's."""
    world.rule(world.profile("TM", accrue_material=True))
    world.parameters(worker_dimensions=True)
    gives("project", world.project.id, CC="10")
    gives("vendor", world.vendor.id, REGION="N")
    sam = new_id()
    gives("resource", sam, "SAM", TEAM="W")
    for stocked in (False, True):
        world.invoice("40.00", stocked=stocked)
    assert post().documents == 2
    for key, stocked in table("select id, stocked from finance_vendor_invoice_line order by id"):
        world.stage(
            "60.00",
            transaction_type="unbilled_sales",
            transaction_class="material",
            source_kind="stocked_invoice_line" if stocked else "vendor_invoice_line",
            source_id=key,
            resource_id=sam,
        )
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    assert table(
        "select l.account, s.combination::text from finance_voucher_line l"
        " join finance_dimension_set s on s.id = l.dimension_set_id"
        " where l.project_id is not null order by l.voucher_id, l.line_no"
    ) == [
        (account, '{"CC": "10", "REGION": "N"}')
        for account in (PROCUREMENT_ACCOUNT, COST_ACCOUNT, *[WIP_SALES_ACCOUNT, ACCRUED_ACCOUNT] * 2)
    ]
