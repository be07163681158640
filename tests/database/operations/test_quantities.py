"""Quantities that are none, or came back: a cost of nothing is 0.00, a sale of nothing is not written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.database.operations.site import Site, made

pytestmark = pytest.mark.usefixtures("databases")


def test_what_nothing_was_used_of_costs_nothing_and_is_not_sold() -> None:
    site = Site()
    site.used(site.project_id, price=Decimal("2.5"), quantity=Decimal(0))
    site.approve()
    assert [row[0:1] + row[2:5] for row in made()] == [("cost", 0, Decimal("2.5"), 0)]


def test_a_negative_usage_is_a_negative_cost() -> None:
    site = Site("fixed_price")
    site.used(site.project_id, price=Decimal("2.5"), quantity=Decimal(-3))
    site.approve()
    assert [row[2:5] for row in made()] == [(-3, Decimal("2.5"), Decimal("-7.5"))]
