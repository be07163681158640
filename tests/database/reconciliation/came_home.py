"""Lines that came home, but not as they went out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from tests.database.reconciliation.world import ACCOUNTS, VENDOR, Line, World

DAY: Final = date(2024, 2, 10)


def other_rate(world: World) -> Line:
    line = world.post(VENDOR, 100, DAY)
    made = world.journal(line, world.staged(line), amount=Decimal("108.10"), exchange_rate=Decimal("108.1"))
    world.post_journal(made)
    world.write_back(made)
    return line


def other_rate_alone(world: World) -> Line:
    """The account is zero, and the cost is that of the document."""
    return _back_as(world, exchange_rate=Decimal("108.1"))


def other_currency_alone(world: World) -> Line:
    """100.00 USD went out, 100.00 EUR came back, at par."""
    return _back_as(world, currency_code="EUR")


def other_rate_corrected(world: World) -> Line:
    """It came back at another rate, was reversed as it came, and entered again as it went out."""
    line = _back_as(world, exchange_rate=Decimal("108.1"))
    for amount, rate in ((Decimal(-100), Decimal("108.1")), (Decimal(100), Decimal(100))):
        actual_id = world.actual(line)
        world.stage(line, actual_id)
        made = world.journal(line, actual_id, amount=amount, exchange_rate=rate)
        world.post_journal(made)
        world.write_back(made)
    return line


def _back_as(world: World, **given: object) -> Line:
    line = world.post(VENDOR, 100, DAY)
    made = world.journal(line, world.staged(line), **given)  # type: ignore[arg-type]
    world.post_journal(made)
    world.write_back(made)
    return line


def of_foreign_currency(world: World) -> Line:
    line = world.post(VENDOR, 100, DAY, currency_code="EUR")
    made = world.journal(line, world.staged(line), amount=Decimal("100.01"), currency_code="EUR")
    world.post_journal(made)
    world.write_back(made)
    return line


def of_other_dimensions(world: World) -> Line:
    line = world.post(VENDOR, 100, DAY)
    made = world.journal(line, world.staged(line))
    entry = (ACCOUNTS[VENDOR], "procurement_integration", -made.amount, line.id)
    world.voucher(DAY, "integration_journal_line", made.id, entry, dimension_set=7)
    world.write_back(made)
    return line


def taxed(world: World) -> Line:
    line = world.post(VENDOR, 100, DAY, tax_amount=Decimal(19))
    world.cleared(line, amount=Decimal(119))
    return line


def taxed_abroad(world: World) -> Line:
    """Its tax is 19.00 EUR, which is not by how many USD it came back too dear."""
    tax, rate = Decimal(19), Decimal(80)
    line = world.post(
        VENDOR, 100, DAY, amount=Decimal(125), tax_amount=tax, currency_code="EUR", exchange_rate=rate
    )
    made = world.journal(
        line,
        world.staged(line),
        amount=Decimal("115.20"),
        in_currency=Decimal(144),
        currency_code="EUR",
        exchange_rate=rate,
    )
    world.post_journal(made)
    world.write_back(made)
    return line
