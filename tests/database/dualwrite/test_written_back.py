"""What operations learns of what finance posted (finance spec 2.1 M1, 2.5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.database.finance.world import ACCOUNTANT, COMPANY, World, build, rate

from tieout.database.aliases import FINANCE
from tieout.dualwrite.delivery.actions import deliver
from tieout.dualwrite.maps.queries import find
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals
from tieout.finance.vouchers.models import Voucher
from tieout.kernel.access import Actor, Role
from tieout.operations.models import ActualPosting
from tieout.outbox.models import Map

INTEGRATOR = Actor("ines", frozenset({Role.INTEGRATOR}), None)


@pytest.fixture
def world(databases: None) -> World:
    """The company NL01, in euro."""
    return build()


def test_what_was_posted_is_written_back(world: World) -> None:
    """Pain 8 (480962): the accounting details of what a journal posted reach its actual."""
    rate("USD", "EUR", "92.125", valid_from=date(2024, 3, 15))
    at_home = world.stage("100.00")[0]
    abroad = world.stage("10.20", currency_code="USD", source_kind="time_entry")[0]
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    post_integration_journals(actor=ACCOUNTANT, company=COMPANY)
    running = find("msdyn_actuals_posting")
    Map.objects.using(FINANCE).filter(map=running.map).update(version=running.required_version)
    assert deliver(actor=INTEGRATOR, map=running.map).landed == 2
    vouchers = dict(Voucher.objects.values_list("document_id", "number"))
    written = {one.actual_id: one for one in ActualPosting.objects.all()}
    assert {
        actual: (one.voucher, one.accounting_amount, one.exchange_rate, one.tax_amount)
        for actual, one in written.items()
    } == {
        at_home: (vouchers[written[at_home].id], Decimal("100.00"), 100, 0),
        abroad: (vouchers[written[abroad].id], Decimal("9.40"), Decimal("92.125"), 0),  # 9.39675
    }
