"""A general journal from a file to both sides and back (finance spec 2.14, TV-13; 5 L20, L21, L28)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from tests.database.dualwrite.test_refused_records import rule
from tests.journeys import chain
from tests.journeys.general_journals import (
    ACCRUED,
    COMPANY,
    COST,
    MAKER,
    OFFSET,
    POSTER,
    WIP_SALES,
    enter,
    finance,
    operations,
    set_up,
    write,
)

from tieout.dualwrite.generaljournals.actions import (
    HEADERS,
    LINES,
    Synced,
    send_again,
    sync_general_journals,
)
from tieout.dualwrite.maps.actions import set_state
from tieout.dualwrite.maps.problems import MapNotRunning
from tieout.dualwrite.maps.rules import State
from tieout.finance.general import actions, queries
from tieout.finance.general.rules import SyncState
from tieout.jobs.actions import perform
from tieout.loading.actions import load_set_up

pytestmark = pytest.mark.usefixtures("databases")

LEDGER = (
    "select account, sum(accounting_amount) from finance_voucher_line group by account"
    " having sum(accounting_amount) <> 0 order by account"
)
ACTUALS = (
    "select transaction_type, source_kind, quantity, price, amount, accounting_amount, skip_sync,"
    " price_reason from operations_actual order by id"
)


def posted(folder: Path, journal: str, *lines: Mapping[str, object]) -> actions.PostedGeneral:
    enter(folder, journal, *lines)
    done = actions.post_general_journal(actor=POSTER, company=COMPANY, number=journal)
    assert done.refusals == ()
    return done


def sync() -> Synced:
    return sync_general_journals(actor=chain.CLERK, company=COMPANY)


def state(journal: str) -> queries.GeneralJournalRow:
    return queries.general_journal(actor=MAKER, company=COMPANY, number=journal)


def messages() -> list[tuple[str, str, int, str, bool]]:
    found = queries.sync_messages(actor=MAKER, company=COMPANY)
    return [
        (one.number, one.line, one.attempts, one.message.code if one.message else "", one.is_stopped)
        for one in found
    ]


def amounts(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_tv_13_cost_is_posted_now_and_only_the_sales_come_back(tmp_path: Path) -> None:
    """TV-13: one line cost 100, sales 200, on time and materials."""
    set_up(tmp_path)
    done = posted(tmp_path, "USPM-000095", {"sales_price": "200"})
    assert (done.posted, done.cost, done.warned) == (1, Decimal(100), 0)
    assert finance(LEDGER) == [(COST, Decimal(100)), (OFFSET, Decimal(-100))]

    assert sync() == Synced(tried=1, confirmed=1)
    assert state("USPM-000095").sync is SyncState.CONFIRMED
    assert operations("select number, made_by from operations_journal") == [("J00000001", "ada")]
    assert operations("select outcome, description, done_by from operations_journal_outcome") == [
        ("confirmed", "USPM-000095", "cleo")
    ]
    cost, sales = operations(ACTUALS)
    assert cost == (
        "cost",
        "general_journal_line",
        *amounts("1", "100", "100", "100"),
        True,
        "posted_amount",
    )
    assert sales == (
        "unbilled_sales",
        "general_journal_line",
        *amounts("1", "200", "200"),
        None,
        False,
        "typed_price",
    )
    # The pair is connected, and both are of finance's line and journal (L28).
    assert operations(
        "select s.transaction_type, c.transaction1_role, t.transaction_type, c.transaction2_role"
        " from operations_transaction_connection c join operations_actual s on s.id = c.transaction1_id"
        " join operations_actual t on t.id = c.transaction2_id"
    ) == [("unbilled_sales", "unbilled_sales", "cost", "cost")]
    assert operations(
        "select origin_type, count(*) from operations_transaction_origin group by 1 order by 1"
    ) == [("general_journal", 2), ("general_journal_line", 2)]

    perform(actor=chain.CLERK, job="chain", company=COMPANY)
    assert finance("select transaction_type, amount from finance_integration_journal_line") == [
        ("unbilled_sales", Decimal(200))
    ]
    assert finance(LEDGER) == [
        (WIP_SALES, Decimal(200)),
        (ACCRUED, Decimal(-200)),
        (COST, Decimal(100)),
        (OFFSET, Decimal(-100)),
    ]
    assert operations("select count(*) from operations_actual_posting") == [(1,)]
    assert sync() == Synced()


def test_sales_are_made_at_0_and_a_fixed_price_and_no_contract_have_cost_only(tmp_path: Path) -> None:
    set_up(tmp_path)
    done = posted(tmp_path, "G1", {}, {"project": "LUMP"}, {"project": "P0001"})
    assert [one.code for one in done.warnings] == ["GJ-407", "GJ-406"]
    sync()
    assert [(row[0], row[4]) for row in operations(ACTUALS)] == [
        ("cost", Decimal(100)),
        ("unbilled_sales", Decimal(0)),
        ("cost", Decimal(100)),
        ("cost", Decimal(100)),
    ]


def test_each_customer_of_a_contract_line_gets_its_share_of_the_sales(tmp_path: Path) -> None:
    """What pain 15, 4213493 is of: sales of several customers that could not be invoiced."""
    set_up(tmp_path)
    more = tmp_path / "shared"
    write(
        more / "customer.csv",
        ["company", "account_number", "name"],
        [[COMPANY, f"C{n}", "-"] for n in (7, 8, 9)],
    )
    write(
        more / "contract_line_customer.csv",
        ["contract", "contract_line", "company", "customer", "percent", "is_rounding"],
        [
            ["K1", 1, COMPANY, "C7", "33.33", "no"],
            ["K1", 1, COMPANY, "C8", "33.33", "no"],
            ["K1", 1, COMPANY, "C9", "33.34", "yes"],
        ],
    )
    load_set_up(actor=chain.CLERK, folder=more)
    posted(tmp_path, "G1", {"quantity": "10", "sales_price": "20"}, {"quantity": "1", "sales_price": "3"})
    assert sync() == Synced(tried=1, confirmed=1)
    assert operations(
        "select a.transaction_type, c.account_number, a.quantity, a.amount from operations_actual a"
        " left join operations_customer c on c.id = a.customer_id order by a.id"
    ) == [
        ("cost", None, *amounts("10", "100")),
        ("unbilled_sales", "C7", *amounts("3.33", "66.60")),
        ("unbilled_sales", "C8", *amounts("3.33", "66.60")),
        ("unbilled_sales", "C9", *amounts("3.34", "66.80")),
        ("cost", None, *amounts("1", "100")),
        ("unbilled_sales", "C7", *amounts("0.33", "0.99")),
        ("unbilled_sales", "C8", *amounts("0.33", "0.99")),
        ("unbilled_sales", "C9", *amounts("0.34", "1.02")),
    ]
    # Each sale is connected to the cost of its own line, and of finance's line.
    assert operations(
        "select count(*), count(distinct c.transaction2_id),"
        " count(*) filter (where s.source_id = t.source_id)"
        " from operations_transaction_connection c join operations_actual s on s.id = c.transaction1_id"
        " join operations_actual t on t.id = c.transaction2_id"
    ) == [(6, 2, 6)]
    perform(actor=chain.CLERK, job="chain", company=COMPANY)
    assert finance(LEDGER) == [
        (WIP_SALES, Decimal(203)), (ACCRUED, Decimal(-203)), (COST, Decimal(200)), (OFFSET, Decimal(-200)),
    ]  # fmt: skip


def test_a_credit_takes_cost_and_sales_back(tmp_path: Path) -> None:
    set_up(tmp_path)
    posted(tmp_path, "G1", {"quantity": "3", "sales_price": "60"})
    posted(tmp_path, "G2", {"debit": "", "credit": "100", "quantity": "-3", "sales_price": "60"})
    sync()
    perform(actor=chain.CLERK, job="chain", company=COMPANY)
    assert [(row[0], row[4]) for row in operations(ACTUALS)] == [
        ("cost", Decimal(100)),
        ("unbilled_sales", Decimal(180)),
        ("cost", Decimal(-100)),
        ("unbilled_sales", Decimal(-180)),
    ]
    assert finance(LEDGER) == []


def test_by_setting_the_price_lists_say_what_nobody_typed(tmp_path: Path) -> None:
    """L21: the seed's sales are 0; with the setting an hour sells for 120 by the contract's list."""
    set_up(tmp_path)
    write(
        tmp_path / "priced" / "project_parameters.csv",
        ["company", "general_journal_sales"],
        [[COMPANY, "price_list"]],
    )
    write(
        tmp_path / "priced" / "category.csv",
        ["code", "name", "transaction_class"],
        [["WORK", "Work", "time"]],
    )
    load_set_up(actor=chain.CLERK, folder=tmp_path / "priced")
    perform(actor=chain.CLERK, job="deliver")
    hours = {"category": "WORK", "role": "DEV", "quantity": "2.5"}
    posted(tmp_path, "G1", hours, hours | {"sales_price": "7"})
    sync()
    assert [(row[0], row[3], row[4]) for row in operations(ACTUALS)] == [
        ("cost", *amounts("40", "100")),
        ("unbilled_sales", *amounts("120", "300")),
        ("cost", *amounts("40", "100")),
        ("unbilled_sales", *amounts("7", "17.50")),
    ]


def test_five_failures_then_somebody_presses_sync(tmp_path: Path) -> None:
    set_up(tmp_path)
    set_state(actor=chain.CLERK, map=HEADERS, state=State.NOT_RUNNING)
    posted(tmp_path, "G1", {})
    assert (sync().failed, messages()) == (1, [])  # the first failure is silent
    for attempts in (2, 3, 4, 5):
        assert sync().failed == 1
        assert messages() == [("G1", "", attempts, "GJ-401", attempts == 5)]
    assert sync() == Synced()
    assert (state("G1").sync, state("G1").attempts) == (SyncState.MANUAL, 5)
    message = state("G1").message
    assert message is not None
    assert message.message == (
        "Failed to sync journal header G1 to Dataverse. Manual synch required at count 5. Count 5."
    )
    with pytest.raises(MapNotRunning):
        send_again(actor=MAKER, company=COMPANY, journal_ids=[state("G1").id])
    assert state("G1").attempts == 5
    set_state(actor=chain.CLERK, map=HEADERS, state=State.RUNNING)
    assert send_again(actor=MAKER, company=COMPANY, journal_ids=[state("G1").id]) == 1
    assert sync() == Synced(tried=1, confirmed=1)
    assert messages() == []
    # Each attempt but the silent one stands in the log, and the map that stood still once; all is over.
    assert finance(
        "select p.code, count(*), count(r.problem_id) from problem_log p"
        " left join problem_resolution r on r.problem_id = p.id group by p.code order by p.code"
    ) == [("DW-201", 1, 1), ("GJ-401", 4, 4)]


def test_a_journal_that_operations_raises_against_keeps_no_other_back(tmp_path: Path) -> None:
    set_up(tmp_path)
    for number in ("G1", "G2", "G3"):
        posted(tmp_path, number, {})
    in_turn = sorted((state(number).id, number) for number in ("G1", "G2", "G3"))
    key, refused = in_turn[1]
    with rule(
        f"""create function journal_refused() returns trigger language plpgsql as $$
        begin
            if new.id = '{key}' then raise exception 'not this one'; end if;
            return new;
        end $$;
        create trigger journal_refused before insert on operations_journal
        for each row execute function journal_refused()""",
        "drop function journal_refused cascade",
    ):
        assert sync() == Synced(tried=3, confirmed=2, failed=1)
        assert {number: state(number).attempts for _, number in in_turn} == {
            number: int(number == refused) for _, number in in_turn
        }
    assert sync() == Synced(tried=1, confirmed=1)


def test_an_outage_in_the_middle_counts_against_those_that_were_not_confirmed(tmp_path: Path) -> None:
    set_up(tmp_path)
    for number in ("G1", "G2", "G3"):
        posted(tmp_path, number, {})
    in_turn = sorted((state(number).id, number) for number in ("G1", "G2", "G3"))
    with rule(
        f"""create function journal_ended() returns trigger language plpgsql security definer as $$
        begin
            if new.id = '{in_turn[1][0]}' then perform pg_terminate_backend(pg_backend_pid()); end if;
            return new;
        end $$;
        create trigger journal_ended before insert on operations_journal
        for each row execute function journal_ended()""",
        "drop function journal_ended cascade",
    ):
        assert sync() == Synced(tried=3, confirmed=1, failed=2)
    assert [state(number).attempts for _, number in in_turn] == [0, 1, 1]
    assert state(in_turn[0][1]).sync is SyncState.CONFIRMED
    assert sync() == Synced(tried=2, confirmed=2)


def test_deleting_the_message_retries(tmp_path: Path) -> None:
    set_up(tmp_path)
    set_state(actor=chain.CLERK, map=LINES, state=State.NOT_RUNNING)
    posted(tmp_path, "G1", {}, {})
    for _ in range(5):
        sync()
    assert messages() == [("G1", "2 missing", 5, "GJ-402", True)]
    actions.rearm(actor=MAKER, company=COMPANY, journal_ids=[state("G1").id])
    assert (state("G1").sync, messages()) == (SyncState.WAITING, [])
    assert sync().failed == 1


def test_a_paused_map_is_no_failure(tmp_path: Path) -> None:
    set_up(tmp_path)
    set_state(actor=chain.CLERK, map=LINES, state=State.PAUSED)
    posted(tmp_path, "G1", {})
    assert sync() == Synced(tried=1)
    assert state("G1").attempts == 0
    set_state(actor=chain.CLERK, map=LINES, state=State.RUNNING)
    assert sync().confirmed == 1


def test_what_operations_does_not_know_or_refuses_is_told_with_its_line(tmp_path: Path) -> None:
    set_up(tmp_path)
    posted(tmp_path, "G1", {}, {"project": "LUMP"})
    operations("update operations_category set id = tieout_id() where code = 'C01' returning 1")
    sync()
    sync()
    assert messages() == [("G1", "1", 2, "GJ-404", False)]
    known = finance("select id from finance_category where code = 'C01'")[0][0]
    operations(f"update operations_category set id = '{known}' where code = 'C01' returning 1")
    operations("update operations_project set stage = 'closed' where number = 'LUMP' returning 1")
    sync()
    assert messages() == [("G1", "2", 3, "GJ-403", False)]
    message = state("G1").message
    assert message is not None
    assert message.inner is not None
    assert (message.inner.code, message.inner.message) == ("JRN-102", "Line 2: project LUMP is closed.")
    # Nothing of the journal is left behind by an attempt that is refused.
    assert operations("select count(*) from operations_journal") == [(0,)]
    assert operations("select count(*) from operations_open_journal_line") == [(0,)]
    operations("update operations_project set stage = 'sold' where number = 'LUMP' returning 1")
    assert sync().confirmed == 1


@pytest.mark.parametrize("step", [HEADERS, LINES, "confirmed", "kept"])
def test_a_crash_after_any_step_makes_no_second_journal(tmp_path: Path, step: str) -> None:
    set_up(tmp_path)
    posted(tmp_path, "G1", {}, {"sales_price": "3"})

    def crash(name: str) -> None:
        if name == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync_general_journals(actor=chain.CLERK, company=COMPANY, between_commits=crash)
    sync()
    sync()
    assert operations("select count(*) from operations_journal") == [(1,)]
    assert [row[4] for row in operations(ACTUALS)] == amounts("100", "0", "100", "3")
    assert state("G1").sync is SyncState.CONFIRMED
    # Stated again, it is found confirmed.
    assert send_again(actor=MAKER, company=COMPANY, journal_ids=[state("G1").id]) == 0


def test_more_than_a_thousand_lines_are_one_journal(tmp_path: Path) -> None:
    """Pain 13: no limit of 1,000 lines, and none of two minutes."""
    set_up(tmp_path)
    posted(tmp_path, "G1", *({"sales_price": "1.5"} for _ in range(1200)))
    assert sync().confirmed == 1
    assert operations(
        "select transaction_type, count(*), sum(amount) from operations_actual group by 1 order by 1"
    ) == [("cost", 1200, Decimal(120_000)), ("unbilled_sales", 1200, Decimal(1_800))]
