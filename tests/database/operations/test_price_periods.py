"""Entries of days on which prices are the same are priced once; a day on which one changes begins anew."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.database.operations.ledger import CLERK, rows
from tests.reference.pricing_world import PricingWorld

from tieout.operations.approvals.actions import submit_entries

pytestmark = pytest.mark.usefixtures("databases")
FIRST = date(2025, 3, 1)
PRICED = """
select entry.date, line.price
from operations_entry as entry
inner join operations_entry_submission as submission on submission.entry_id = entry.id
inner join operations_entry_journal_line as line on line.submission_id = submission.id
order by entry.date
"""


def test_of_a_month_each_day_has_the_price_of_that_day() -> None:
    # List to the 9th, then another from the 12th; an override from the 15th; rates from the 4th and 20th.
    world = PricingWorld()
    unit, role = world.unit(currency="GBP"), world.role()
    person, project = world.resource(unit), world.project(unit)
    early = world.price_list("USD", date(2025, 1, 1), date(2025, 3, 9), unit=unit)
    late = world.price_list("USD", date(2025, 3, 12), date(2025, 12, 31), unit=unit)
    world.role_price(early, role, "100")
    world.role_price(late, role, "110")
    world.override(late, date(2025, 3, 15), price=120, role=role)
    world.rate("USDGBP", "80", date(2025, 1, 1))
    world.rate("USDGBP", "81", date(2025, 3, 4))
    world.rate("USDGBP", "82", date(2025, 3, 20))
    world.rate("USDJPY", "9", date(2025, 3, 25))
    for day in range(31):
        world.time(person, project, role, on=FIRST + timedelta(days=day))
    world.load()
    assert submit_entries(actor=CLERK, company="GB01").submitted == 31
    expected = {
        day: Decimal(price)
        for first, last, price in (
            (1, 3, "80"),
            (4, 9, "81"),
            (10, 11, "0"),
            (12, 14, "89.1"),
            (15, 19, "97.2"),
            (20, 31, "98.4"),
        )
        for day in range(first, last + 1)
    }
    assert {day.day: price for day, price in rows(PRICED)} == expected
    # One trace for all days on which nothing changes.
    assert rows("select count(*) from operations_price_trace") == [(6,)]
