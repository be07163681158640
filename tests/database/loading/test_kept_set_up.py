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


@pytest.mark.parametrize(
    ("prefix", "code"),
    [("VI", "LOAD-327"), ("VI0", "LOAD-327"), ("V", ""), ("VI-", ""), ("", ""), ("VX", "")],
)
def test_no_two_sequences_of_vouchers_can_give_out_the_same_number(
    tmp_path: Path, prefix: str, code: str
) -> None:
    """VI0001 and VI00001 are others, but VI with 5 digits and VI0 with 4 meet."""
    set_up(tmp_path)
    header = "company,reference,prefix,digits\n"
    done = enter(tmp_path, "number_sequence", f"{header}NL01,post_costs_voucher,{prefix},4\n")
    assert dict(done.codes) == ({code: 1} if code else {})
    of_journals = f"{header}NL01,vendor_invoice,VI,4\n"  # they are no vouchers
    assert dict(enter(tmp_path, "number_sequence", of_journals).codes) == {}
    both = f"{header}NL01,expense_voucher,E1,4\nNL01,general_journal_voucher,E,4\nNL01,lost_voucher,L,4\n"
    assert dict(enter(tmp_path, "number_sequence", both).codes) == {"LOAD-327": 2}


def test_who_may_load_for_one_company_changes_no_chart_or_calendar_that_others_share(tmp_path: Path) -> None:
    set_up(tmp_path / "setup")
    [(chart, calendar)] = rows(FINANCE, "select chart, calendar from finance_company where code = 'NL01'")
    before = rows(FINANCE, "select number, name, kind from finance_account order by number")
    eve = Actor(name="eve", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"US01"}))
    accounts = f"chart,number,name,kind\n{chart},{before[0][0]},Mine,asset\nOWN,1000,Mine,asset\n"
    done = enter(tmp_path, "account", accounts, actor=eve)
    assert (outcome(done), dict(done.codes)) == ((2, 1, 0, 1), {"ACCESS-102": 1})
    day = f"calendar,year,name,start,end\n{calendar},2031,2031-01,2031-01-01,2031-01-31\n"
    assert dict(enter(tmp_path, "fiscal_period", day, actor=eve).codes) == {"ACCESS-102": 1}
    found = "select number, name, kind from finance_account where chart <> 'OWN' order by number"
    assert rows(FINANCE, found) == before
    both = Actor(name="ben", roles=frozenset({Role.AP_CLERK}), companies=frozenset({"US01", "NL01"}))
    assert outcome(enter(tmp_path, "fiscal_period", day, actor=both)) == (1, 1, 0, 0)
