"""An entry of no quantity: what it costs is written, at 0.00; a part of a sale is not (DESIGN section 5)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.database.operations.test_entry_classes import Site, made

pytestmark = pytest.mark.usefixtures("databases")


def test_what_nothing_was_used_of_costs_nothing_and_is_not_sold() -> None:
    site = Site()
    site.used(site.project_id, price=Decimal("2.5"), quantity=Decimal(0))
    site.approve()
    assert [row[0:1] + row[2:5] for row in made()] == [("cost", 0, Decimal("2.5"), 0)]
