"""Set-up that stays as it is because something rests on it, whoever loads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.database.loading.firm import enter, outcome, rows, set_up

from tieout.database.aliases import FINANCE
from tieout.kernel.access import Actor, Role

pytestmark = pytest.mark.usefixtures("databases")


def test_days_that_are_not_open_do_not_open_by_other_dates_or_another_calendar(tmp_path: Path) -> None:
    """Whoever may load, but not set the status of a period, finds no way round it."""
    header = "company,calendar,year,name,status\n"
    set_up(tmp_path, period_status=f"{header}NL01,cal,2024,2024-01,on_hold\n")
    clerk = Actor("cleo", frozenset({Role.AP_CLERK}), None)
    ways = (
        ("fiscal_period", "calendar,year,name,start,end\ncal,2024,2024-01,2024-01-31,2024-01-31\n"),
        (
            "fiscal_period",
            "calendar,year,name,kind,start,end\ncal,2024,2024-01,closing,2024-01-01,2024-01-31\n",
        ),
        ("company", "code,name,currency,chart,calendar\nNL01,Tide,EUR,main,other\n"),
    )
    for entity, text in ways:
        done = enter(tmp_path, entity, text, actor=clerk)
        assert (outcome(done), dict(done.codes)) == ((1, 0, 0, 1), {"LOAD-210": 1})
    assert rows(
        FINANCE, "select distinct c.calendar, starts, ends from finance_company c, finance_fiscal_period"
    ) == [("cal", date(2024, 1, 1), date(2024, 1, 31))]
    enter(tmp_path, "period_status", f"{header}NL01,cal,2024,2024-01,open\n")
    for entity, text in ways:
        assert outcome(enter(tmp_path, entity, text, actor=clerk)) == (1, 1, 0, 0)
