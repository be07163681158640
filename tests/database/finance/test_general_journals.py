"""General journals post at once: project cost against the chosen account, all lines or none (spec 2.14)."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.database.finance.general import MAKER, OFFSET_ACCOUNT, POSTER, enter, line, post
from tests.database.finance.world import (
    COMPANY,
    COST_ACCOUNT,
    WIP_COST_ACCOUNT,
    World,
    table,
    value,
)

from tieout.finance.general import actions, queries
from tieout.finance.general.problems import (
    GeneralJournalEmpty,
    GeneralJournalNotDraft,
    GeneralJournalUnknown,
    MakerPosts,
    TooManyProjectLines,
)
from tieout.finance.general.rules import JournalState, SyncState
from tieout.finance.journals.rules import NumberSequenceMissing
from tieout.finance.ledgers import models as ledgers
from tieout.finance.mirrors import models as mirrors
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted

ENTRIES = (
    "select v.number, e.account, e.posting_type, e.amount, e.accounting_amount, e.reporting_amount"
    " from finance_voucher_line e join finance_voucher v on v.id = e.voucher_id order by v.id, e.line_no"
)


def amounts(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(one) for one in text.split())


def codes(number: str = "G1") -> list[str]:
    return [
        one.problem.code if one.problem else ""
        for one in queries.general_lines(actor=MAKER, company=COMPANY, number=number)
    ]


def test_a_line_debits_project_cost_and_credits_the_chosen_account(world: World) -> None:
    enter(line(world, 1))
    done = post()
    assert (done.posted, done.cost, done.refused, done.warned) == (1, Decimal(100), 0, 1)
    assert table(ENTRIES) == [
        ("GV0001", COST_ACCOUNT, "cost", *amounts("100 100 108.37")),
        ("GV0001", OFFSET_ACCOUNT, "journal_offset", *amounts("-100 -100 -108.37")),
    ]
    assert table(
        "select project_id, transaction_class, amount, accounting_amount, unit_cost, voucher, entered_by"
        " from finance_general_journal_line"
    ) == [(world.project.id, "expense", Decimal(100), Decimal(100), Decimal(100), "GV0001", "ada")]
    row = queries.general_journal(actor=MAKER, company=COMPANY, number="G1")
    assert (row.state, row.lines, row.project_lines, row.done_by) == (JournalState.POSTED, 1, 1, "cleo")
    assert row.sync is SyncState.WAITING
    assert table("select map from outbox_entry order by id") == [("msdyn_journals",), ("msdyn_journallines",)]


def test_the_reversed_order_is_a_project_credit(world: World) -> None:
    enter(
        line(
            world,
            1,
            account_type="ledger",
            account=OFFSET_ACCOUNT,
            offset_account_type="project",
            offset_account="",
            debit="40.50",
            quantity="-3",
        )
    )
    assert post().cost == Decimal("-40.50")
    assert [row[1:5] for row in table(ENTRIES)] == [
        (OFFSET_ACCOUNT, "journal_offset", *amounts("40.50 40.50")),
        (COST_ACCOUNT, "cost", *amounts("-40.50 -40.50")),
    ]
    assert table("select amount, quantity, unit_cost from finance_general_journal_line") == [
        (Decimal("-40.50"), Decimal(-3), Decimal("13.5"))
    ]


def test_a_credit_of_the_project_takes_cost_back(world: World) -> None:
    enter(line(world, 1, debit="0", credit="25", quantity="-1"))
    assert post().cost == Decimal(-25)
    assert [row[1:4] for row in table(ENTRIES)] == [
        (COST_ACCOUNT, "cost", Decimal(-25)),
        (OFFSET_ACCOUNT, "journal_offset", Decimal(25)),
    ]


def test_a_line_between_ledger_accounts_is_posted_and_does_not_travel(world: World) -> None:
    enter(line(world, 1, account_type="ledger", account="1000", project_id=None, category_id=None))
    done = post()
    assert (done.posted, done.cost, done.warned) == (1, Decimal(0), 0)
    assert [row[1:4] for row in table(ENTRIES)] == [
        ("1000", "journal_offset", Decimal(100)),
        (OFFSET_ACCOUNT, "journal_offset", Decimal(-100)),
    ]
    assert table("select map from outbox_entry") == []
    row = queries.general_journal(actor=MAKER, company=COMPANY, number="G1")
    assert (row.sync, row.project_lines) == (SyncState.NONE, 0)


def test_cost_of_a_profile_with_balance_goes_to_work_in_progress(world: World) -> None:
    world.rule(world.profile("WIP", expense_costs="balance"))
    enter(line(world, 1))
    post()
    assert table(ENTRIES)[0][1:3] == (WIP_COST_ACCOUNT, "wip_cost_value")


def test_another_currency_is_posted_at_the_rate_of_the_accounting_date(world: World) -> None:
    ledgers.ExchangeRate.objects.create(
        from_currency="JPY", to_currency="EUR", valid_from=date(2024, 3, 1), rate=Decimal("0.6173")
    )
    enter(line(world, 1, currency_code="JPY", debit="12345", quantity="7"))
    assert post().cost == Decimal("76.21")
    # 12345 x 0.006173 = 76.2057; 76.21 x 1.0837 = 82.5888
    assert [row[3:] for row in table(ENTRIES)] == [
        amounts("12345 76.21 82.59"),
        amounts("-12345 -76.21 -82.59"),
    ]
    assert value("select sum(reporting_amount) from finance_voucher_line") == 0


REFUSED: dict[str, list[dict[str, Any]]] = {
    "GJ-412": [
        {"offset_account_type": "project", "offset_account": ""},
        {"project_id": None},
        {"account": "1000"},
        {"offset_account": ""},
        {"account_type": "ledger", "account": "1000"},
    ],
    "GJ-413": [{"debit": "0"}, {"credit": "5"}],
    "GJ-414": [{"category_id": None}],
    "GJ-417": [{"accounting_date": "2023-12-31"}],
    "GJ-418": [{"currency_code": "JPY"}],
    "GJ-420": [{"quantity": "3", "unit_cost": "33"}, {"quantity": "0"}],
}


@pytest.mark.parametrize(("code", "said"), [(code, said) for code, some in REFUSED.items() for said in some])
def test_one_refused_line_refuses_the_journal(world: World, code: str, said: dict[str, Any]) -> None:
    enter(line(world, 1), line(world, 2, **said))
    done = post()
    assert (done.posted, done.cost, done.refused) == (0, Decimal(0), 1)
    assert [one.code for one in done.refusals] == [code]
    assert done.refusals[0].record_name == "G1/2"
    assert codes() == ["", code]
    assert table("select 1 from finance_voucher") == []
    assert table("select code, record_name from problem_log") == [(code, "G1/2")]
    assert queries.general_journal(actor=MAKER, company=COMPANY, number="G1").state is JournalState.DRAFT


def test_what_is_refused_by_the_project_its_contract_line_and_the_set_up(world: World) -> None:
    closed = world.project_of(COMPANY, "CLOSED", stage="closed", situation="closed")
    other = world.project_of("US01")
    stranger = world.line_of("time_and_materials")
    fee = mirrors.Category.objects.create(id=uuid.uuid4(), code="FEE", name="Fee", transaction_class="fee")
    enter(
        line(world, 1, project_id=str(closed.id)),
        line(world, 2, project_id=str(other.id)),
        line(world, 3, contract_line_id=str(stranger.id)),
        line(world, 4, category_id=str(fee.id)),
    )
    assert codes() == ["INT-701", "GJ-415", "GJ-416", "GJ-414"]
    world.rule(
        world.profile("ONE"), project_id=uuid.uuid4()
    )  # the company has profiles, and none covers the project
    enter(line(world, 1, journal="G2"))
    assert codes("G2") == ["GJ-422"]
    ledgers.PostingProfile.objects.filter(posting_type="cost").delete()
    world.rule(world.profile("ALL"))
    assert codes("G2") == ["GJ-419"]


def test_a_mended_line_is_posted_and_its_problem_is_over(world: World) -> None:
    enter(line(world, 1, offset_account=""))
    post()
    assert enter(line(world, 1))[0].outcome == "LOAD-210"
    assert enter(line(world, 1), replaces=True) == []
    assert post().posted == 1
    assert value("select count(*) from problem_resolution") == 1


def test_a_line_that_is_changed_shows_the_task_and_resource_that_it_has_now(world: World) -> None:
    for task, resource in (("T1", "ANN"), ("T2", "BOB"), (None, None)):
        enter(line(world, 1, task_number=task, resource_code=resource), replaces=True)
        shown = queries.typed_line(actor=MAKER, company=COMPANY, number="G1", line_number=1)
        assert shown is not None
        assert (shown["task"], shown["resource"]) == (task or "", resource or "")


def test_tv_14_more_project_lines_than_the_limit_post_nothing(world: World) -> None:
    """TV-14 (finance spec 6): 201 project lines with a limit of 200; the limit defaults to none."""
    enter(*(line(world, number) for number in range(1, 202)))
    world.parameters(general_journal_line_limit=200)
    with pytest.raises(TooManyProjectLines) as refused:
        post()
    assert refused.value.message == (
        "A maximum of 200 project-based lines are supported in a general journal; G1 has 201."
    )
    assert table("select 1 from finance_voucher") == []
    world.parameters(general_journal_line_limit=201)
    assert post().posted == 201
    world.parameters(general_journal_line_limit=0)
    enter(*(line(world, number, journal="G2") for number in range(1, 203)))
    assert post("G2").posted == 202


def test_warnings_do_not_stop_it(world: World) -> None:
    contract = world.line_of("time_and_materials")
    fixed = world.line_of("fixed_price")
    sold = world.project_of(COMPANY, "SOLD", stage="sold", contract_line_id=contract.id)
    priced = world.project_of(
        COMPANY, "FIXED", stage="sold", situation="fixed_price", contract_line_id=fixed.id
    )
    enter(
        line(world, 1),
        line(world, 2, project_id=str(sold.id)),
        line(world, 3, project_id=str(sold.id), sales_price="200"),
        line(world, 4, project_id=str(priced.id), sales_price="200"),
    )
    done = post()
    assert (done.posted, done.warned) == (4, 3)
    assert [(one.code, one.record_name) for one in done.warnings] == [
        ("GJ-406", "G1/1"),
        ("GJ-407", "G1/2"),
        ("GJ-408", "G1/4"),
    ]


def test_who_makes_a_journal_or_a_line_does_not_post_it(world: World) -> None:
    actions.make_general_journal(actor=POSTER, company=COMPANY, number="G1")
    enter(line(world, 1))
    for actor in (MAKER, POSTER):
        with pytest.raises(MakerPosts):
            post(actor=actor)
    third = Actor("eve", frozenset({"ap_clerk"}), frozenset({COMPANY}))
    assert post(actor=third).posted == 1


def test_a_journal_is_posted_once_and_takes_no_more_lines(world: World) -> None:
    enter(line(world, 1))
    post()
    with pytest.raises(GeneralJournalNotDraft):
        post()
    assert enter(line(world, 2))[0].outcome == "GJ-411"
    with pytest.raises(GeneralJournalUnknown):
        post("G9")
    assert actions.make_general_journal(actor=MAKER, company=COMPANY) == "GJ0001"
    with pytest.raises(GeneralJournalEmpty):
        post("GJ0001")
    assert actions.delete_general_journal(actor=MAKER, company=COMPANY, number="GJ0001") == 0
    with pytest.raises(GeneralJournalNotDraft):
        actions.make_general_journal(actor=MAKER, company=COMPANY, number="GJ0001")
    assert actions.make_general_journal(actor=MAKER, company=COMPANY) == "GJ0002"


def test_lines_are_taken_out_and_typed_again(world: World) -> None:
    enter(line(world, 1), line(world, 2, quantity="4", unit_cost="25", sales_price="31.25"))
    found = queries.typed_line(actor=MAKER, company=COMPANY, number="G1", line_number=2)
    assert found is not None
    assert (found["project"], found["quantity"], found["unit_cost"]) == ("P-1", "4", "25")
    assert (found["sales_price"], found["debit"]) == ("31.25", "100")
    actions.remove_general_lines(actor=MAKER, company=COMPANY, number="G1", line_numbers=[1])
    assert [one.line_number for one in queries.general_lines(actor=MAKER, company=COMPANY, number="G1")] == [
        2
    ]


def test_no_sequence_no_voucher(world: World) -> None:
    ledgers.NumberSequence.objects.filter(reference__startswith="general_journal").delete()
    enter(line(world, 1))
    with pytest.raises(NumberSequenceMissing):
        post()
    with pytest.raises(NumberSequenceMissing):
        actions.make_general_journal(actor=MAKER, company=COMPANY)


def test_company_and_role_are_boundaries(world: World) -> None:
    enter(line(world, 1))
    stranger = Actor("zoe", frozenset({"project_accountant"}), frozenset({"US01"}))
    for call in (
        lambda: post(actor=stranger),
        lambda: enter(line(world, 2), actor=stranger),
        lambda: queries.general_journal(actor=stranger, company=COMPANY, number="G1"),
        lambda: queries.general_journals(actor=stranger, company=COMPANY),
        lambda: queries.general_lines(actor=stranger, company=COMPANY, number="G1"),
        lambda: queries.sync_messages(actor=stranger, company=COMPANY),
        lambda: actions.rearm(actor=stranger, company=COMPANY, journal_ids=[]),
        lambda: actions.remove_general_lines(actor=stranger, company=COMPANY, number="G1", line_numbers=[1]),
    ):
        with pytest.raises(CompanyNotPermitted):
            call()
    with pytest.raises(VerbNotPermitted):
        post(actor=Actor("otto", frozenset({"auditor"}), None))
    assert [one.number for one in queries.general_journals(actor=POSTER, company=COMPANY)] == ["G1"]
