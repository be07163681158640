from __future__ import annotations

from decimal import Decimal

import pytest

from tieout.loading.totals import ControlTotals, Outcome, TotalsBrokenError


def totals(*rows: tuple[Outcome, int, str, str]) -> ControlTotals:
    result = ControlTotals()
    for outcome, count, amount, unit in rows:
        result.add(Outcome.READ, control=Decimal(amount), unit=unit, rows=count)
        result.add(outcome, control=Decimal(amount), unit=unit, rows=count)
    return result


def test_rendered_as_an_accountant_reads_them() -> None:
    table = totals(
        (Outcome.LOADED, 1_200, "1234567.80", "GBP"),
        (Outcome.ALREADY_THERE, 2, "577.08", "GBP"),
        (Outcome.REJECTED, 1, "-0.005", "EUR"),
        (Outcome.REJECTED, 3, "0", ""),
    )
    table.check()
    assert table.render() == (
        "                rows     EUR           GBP\n"
        "read           1,206  -0.005  1,235,144.88\n"
        "loaded         1,200    0.00  1,234,567.80\n"
        "already there      2    0.00        577.08\n"
        "rejected           4  -0.005          0.00"
    )


def test_a_lost_row_or_penny_is_a_fault_of_the_program() -> None:
    lost_row = totals((Outcome.LOADED, 2, "10.00", "GBP"))
    lost_row.add(Outcome.READ, control=Decimal(0), unit="GBP")
    lost_penny = totals((Outcome.LOADED, 2, "10.00", "GBP"))
    lost_penny.add(Outcome.READ, control=Decimal("0.01"), unit="GBP", rows=0)
    for broken in (lost_row, lost_penny):
        with pytest.raises(TotalsBrokenError):
            broken.check()


def test_currencies_never_offset_each_other() -> None:
    mixed = totals((Outcome.LOADED, 1, "10.00", "GBP"))
    mixed.add(Outcome.READ, control=Decimal(1), unit="GBP", rows=0)
    mixed.add(Outcome.READ, control=Decimal(-1), unit="EUR", rows=0)
    with pytest.raises(TotalsBrokenError):
        mixed.check()


def test_files_are_added_up() -> None:
    one = totals((Outcome.LOADED, 1, "1.10", "GBP"))
    one.merge(totals((Outcome.REJECTED, 2, "2.20", "GBP"), (Outcome.LOADED, 1, "5.00", "EUR")))
    one.check()
    assert (one.rows(Outcome.READ), one.sum(Outcome.READ, "GBP"), one.units) == (
        4,
        Decimal("3.30"),
        ("EUR", "GBP"),
    )
    assert one.sum(Outcome.READ, "USD") == 0
