"""Correction journals: reversed and made anew with new values, once (operations spec 2.5, 6; its defects)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.database.operations.journals import CONFIRMER, MAKER, confirm
from tests.database.operations.ledger import CLERK, count, outbox, rows
from tests.database.operations.ledger import MANAGER as APPROVER
from tests.database.operations.test_entry_classes import Site
from tests.database.operations.time_entries import BOTH, codes, state

from tieout.kernel.access import Actor, CompanyNotPermitted
from tieout.operations.approvals.actions import (
    approve_entries,
    cancel_approval,
    grant_recall,
    reevaluate_entries,
    request_recall,
    submit_entries,
)
from tieout.operations.approvals.rules import BillingType, Change
from tieout.operations.journals import actions, queries
from tieout.operations.journals.actions import Taken
from tieout.operations.journals.problems import MakerConfirms, NothingCorrected, NotOfJournalType
from tieout.operations.journals.rules import JournalType, NewValues

pytestmark = pytest.mark.usefixtures("databases")


class Firm(Site):
    """Two sold projects and an internal one; a role priced 100/200 on the first, 100/250 on the second."""

    def __init__(self, method: str = "time_and_materials", other: str = "time_and_materials") -> None:
        super().__init__(method)
        self.other_id, self.other_contract = self.sold_project(self.own, other)
        self.internal_id = self.project(self.own)
        self.worker, self.senior = self.role(), self.role()
        other_sales = self.price_list(contract=self.other_contract)
        for price_list, role, price in (
            (self.costs, self.worker, "100"),
            (self.costs, self.senior, "150"),
            (self.sales, self.worker, "200"),
            (self.sales, self.senior, "300"),
            (other_sales, self.worker, "250"),
        ):
            self.role_price(price_list, role, price)

    def code(self, table: str, key: UUID) -> str:
        """Return the code, or the number, of a row."""
        row = self.by_id(table)[key]
        return str(row.get("code") or row["number"])

    def number(self, project: UUID) -> str:
        """Return the number of a project."""
        return self.code("operations_project", project)


def approved_day(firm: Firm, **change: Any) -> UUID:
    entry = firm.time(firm.person, firm.project_id, firm.worker)
    firm.approve(**change)
    return entry


def drafted(of: JournalType, *entries: UUID, actuals: tuple[UUID, ...] = (), number: str = "C1") -> Taken:
    actions.make_journal(actor=MAKER, company="GB01", journal_type=of, number=number)
    return actions.take_actuals(
        actor=MAKER, company="GB01", number=number, entry_ids=entries, actual_ids=actuals
    )


def valued(number: str = "C1", **values: Any) -> None:
    wrong = actions.set_new_values(actor=MAKER, company="GB01", number=number, values=NewValues(**values))
    assert wrong == ()


def corrected(*entries: UUID, of: JournalType = JournalType.TIME_CORRECTION, **values: Any) -> Any:
    taken = drafted(of, *entries)
    assert taken.refused == (), taken
    valued(**values)
    done = confirm("C1")
    assert done.problems == (), done
    return done


def live() -> list[tuple[Any, ...]]:
    """Return type, billing type, project, amount and price of what counts."""
    return rows(
        "select a.transaction_type, a.billing_type, p.number, a.amount::int, a.price::int"
        " from operations_actual as a join operations_project as p on p.id = a.project_id"
        " where a.reverses_id is null and not exists"
        " (select from operations_actual as r where r.reverses_id = a.id) order by 1, 2, 3, 4"
    )


def books() -> list[tuple[Any, ...]]:
    """Return what each project comes to, by type."""
    return rows(
        "select p.number, a.transaction_type, sum(a.quantity)::int, sum(a.amount)::int"
        " from operations_actual as a join operations_project as p on p.id = a.project_id"
        " group by 1, 2 order by 1, 2"
    )


def adjustments() -> list[tuple[str, int, str]]:
    return rows(
        "select a.transaction_type, a.amount::int, s.adjustment_status from operations_actual as a"
        " join operations_actual_state as s on s.actual_id = a.id order by 1, 2, 3"
    )


# ---------------------------------------------------------------- what is made


def test_another_project_gets_the_work_at_its_own_prices() -> None:
    firm = Firm()
    entry = approved_day(firm)
    before = outbox()
    done = corrected(entry, project=firm.number(firm.other_id))
    assert (done.reversed, done.made, done.unpriced) == (2, 2, 0)
    assert adjustments() == [
        ("cost", -800, "unadjustable"),
        ("cost", 800, "adjusted"),
        ("cost", 800, "live"),
        ("unbilled_sales", -1600, "unadjustable"),
        ("unbilled_sales", 1600, "adjusted"),
        ("unbilled_sales", 2000, "live"),
    ]
    first, second = firm.number(firm.project_id), firm.number(firm.other_id)
    assert books() == [
        (first, "cost", 0, 0),
        (first, "unbilled_sales", 0, 0),
        (second, "cost", 8, 800),
        (second, "unbilled_sales", 8, 2000),
    ]
    # Both maps: 4 actuals; reversing and replacing for each original, and the sale on its cost.
    assert {name: sent - before.get(name, 0) for name, sent in outbox().items()} == {
        "msdyn_actuals": 4,
        "msdyn_transactionconnections": 5,
    }
    assert state(entry) == "approved", "the entry is as it was"


def test_every_correction_is_connected_and_has_all_its_ancestors() -> None:
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, role=firm.code("operations_role", firm.senior))
    assert rows(
        "select c.transaction1_role, a.amount::int, c.transaction2_role, b.amount::int"
        " from operations_transaction_connection as c join operations_actual as a on a.id = c.transaction1_id"
        " join operations_actual as b on b.id = c.transaction2_id where c.transaction1_type = 'actual'"
        " order by 1, 2, 4"
    ) == [
        ("replacing", 1200, "original", 800),
        ("replacing", 2400, "original", 1600),
        ("reversing", -1600, "original", 1600),
        ("reversing", -800, "original", 800),
        ("unbilled_sales", 1600, "cost", 800),
        ("unbilled_sales", 2400, "cost", 1200),
    ]
    # The entry and its journal line, carried over, and the line of this journal.
    assert rows(
        "select a.amount::int, array_agg(o.origin_type::text order by o.origin_type),"
        " bool_or(o.origin_id = l.id), bool_or(o.origin_id = a.source_id)"
        " from operations_actual as a join operations_journal_line as l on l.actual_id = a.id"
        " join operations_transaction_origin as o on o.transaction_id = a.id group by a.id order by 1"
    ) == [
        (amount, ["journal_line", "journal_line", "time_entry"], True, True)
        for amount in (-1600, -800, 1200, 2400)
    ]


@pytest.mark.parametrize(
    ("other", "made"),
    [("internal", [("cost", 800)]), ("fixed_price", [("cost", 800)])],
)
def test_where_nothing_is_sold_the_sale_has_no_replacement(other: str, made: list[tuple[str, int]]) -> None:
    firm = Firm(other="fixed_price")
    entry = approved_day(firm)
    target = firm.internal_id if other == "internal" else firm.other_id
    corrected(entry, project=firm.number(target))
    assert [(row[0], row[3]) for row in live()] == made


def test_work_that_was_internal_and_is_sold_gets_its_sale() -> None:
    firm = Firm()
    entry = firm.time(firm.person, firm.internal_id, firm.worker)
    firm.approve()
    assert [(row[0], row[3]) for row in live()] == [("cost", 800)]
    done = corrected(entry, project=firm.number(firm.other_id))
    assert (done.reversed, done.made) == (1, 2)
    assert [(row[0], row[3]) for row in live()] == [("cost", 800), ("unbilled_sales", 2000)]


def test_what_the_approver_changed_stays() -> None:
    firm = Firm()
    entry = approved_day(firm, billable=360)
    corrected(entry, project=firm.number(firm.other_id))
    second = firm.number(firm.other_id)
    assert live() == [
        ("cost", "chargeable", second, 800, 100),
        ("unbilled_sales", "chargeable", second, 1500, 250),
        ("unbilled_sales", "non_chargeable", second, 500, 250),
    ]


def test_a_complimentary_day_stays_so() -> None:
    firm = Firm()
    entry = approved_day(firm, billing_type=BillingType.COMPLIMENTARY)
    corrected(entry, project=firm.number(firm.other_id))
    assert [(row[0], row[1]) for row in live()] == [
        ("cost", "chargeable"),
        ("unbilled_sales", "complimentary"),
    ]


def test_customers_discount_and_fee_are_those_of_the_new_contract() -> None:
    firm = Firm()
    line = firm.tables["operations_contract_line"][1]
    line.update(discount_percent=Decimal(10), fee_percent=None)
    firm.tables["operations_contract_line"][0].update(discount_percent=None, fee_percent=None)
    for place, percent in enumerate((60, 40)):
        customer = firm.add(
            "operations_customer", company_code="GB01", account_number=f"S{place}", name="", version=1
        )
        firm.add(
            "operations_contract_line_customer",
            contract_line_id=line["id"],
            customer_id=customer,
            percent=Decimal(percent),
            is_rounding=place == 0,
            version=1,
        )
    entry = approved_day(firm)
    corrected(entry, project=firm.number(firm.other_id))
    assert rows(
        "select c.account_number, a.quantity, a.amount::int, a.discount_amount::int"
        " from operations_actual as a join operations_customer as c on c.id = a.customer_id"
        " where a.contract_line_customer_id is not null order by 1"
    ) == [("S0", Decimal("4.8"), 1200, 120), ("S1", Decimal("3.2"), 800, 80)]


def test_another_resource_of_another_unit_makes_the_units_rows() -> None:
    firm = Firm()
    lender = firm.unit()
    firm.role_price(firm.price_list(unit=lender), firm.worker, "70")
    other = firm.resource(lender)
    entry = approved_day(firm)
    corrected(entry, resource=firm.code("operations_resource", other))
    assert [(row[0], row[3]) for row in live()] == [
        ("cost", 800),
        ("interorganizational_sales", 800),
        ("resourcing_unit_cost", 560),
        ("unbilled_sales", 1600),
    ]


def test_another_date_has_its_own_price_and_a_missing_one_is_said() -> None:
    firm = Firm()
    entry = approved_day(firm)
    done = corrected(entry, date=date(2026, 1, 2))
    assert done.unpriced == 2
    assert [(row[0], row[3]) for row in live()] == [("cost", 0), ("unbilled_sales", 0)]
    assert rows("select code, record_name from problem_log order by 2") == [
        ("APR-102", "C1/3"),
        ("APR-102", "C1/4"),
    ]


def test_expenses_and_material_are_corrected_too() -> None:
    firm = Firm()
    travel, meals = firm.category(), firm.category()
    for category, cost, price in ((travel, 4, 5), (meals, 6, 9)):
        firm.category_price(firm.costs, category, "each", price=Decimal(cost))
        firm.category_price(firm.sales, category, "each", price=Decimal(price))
    beam = firm.goods()
    firm.product_price(firm.costs, beam, "each", price=Decimal(30))
    firm.product_price(firm.sales, beam, "each", price=Decimal(45))
    spent = firm.spent(firm.person, firm.project_id, travel, quantity=Decimal(10))
    used = firm.used(firm.project_id, price=Decimal(7), quantity=Decimal(2))
    firm.approve()
    corrected(spent, of=JournalType.EXPENSE_CORRECTION, category=firm.code("operations_category", meals))
    drafted(JournalType.MATERIAL_CORRECTION, used, number="C2")
    valued("C2", product="BEAM")
    assert confirm("C2").made == 2
    assert [(row[0], row[3]) for row in live()] == [
        ("cost", 60),
        ("cost", 60),
        ("unbilled_sales", 90),
        ("unbilled_sales", 90),
    ]
    assert rows("select distinct product_name from operations_actual where product_id is not null") == [("",)]


def test_a_negative_usage_keeps_its_replacement_sale() -> None:
    """Defect 4192197: negative actuals lost their unbilled sales on correction."""
    firm = Firm()
    entry = firm.used(firm.project_id, price=Decimal(7), quantity=Decimal(-2))
    firm.approve()
    corrected(entry, of=JournalType.MATERIAL_CORRECTION, project=firm.number(firm.other_id))
    second = firm.number(firm.other_id)
    assert live() == [
        ("cost", "chargeable", second, -14, 7),
        ("unbilled_sales", "chargeable", second, -14, 7),
    ]


def test_a_correction_is_corrected_again_from_where_it_stands() -> None:
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, role=firm.code("operations_role", firm.senior))
    drafted(JournalType.TIME_CORRECTION, entry, number="C2")
    valued("C2", date=date(2025, 4, 1))
    confirm("C2")
    assert [(row[0], row[3], row[4]) for row in live()] == [
        ("cost", 1200, 150),
        ("unbilled_sales", 2400, 300),
    ]
    assert rows("select distinct transaction_date::text from operations_actual order by 1") == [
        ("2025-03-03",),
        ("2025-04-01",),
    ]


# ---------------------------------------------------------------- preview


def test_the_preview_is_what_is_confirmed_and_writes_nothing() -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(project=firm.number(firm.other_id))
    before = (count("operations_actual"), count("operations_price_trace"), count("operations_actual_status"))
    found = queries.preview(actor=MAKER, company="GB01", number="C1")
    assert before == (
        count("operations_actual"),
        count("operations_price_trace"),
        count("operations_actual_status"),
    )
    said = [(one.step, one.transaction_type, int(one.amount)) for one in found]
    assert sorted(said) == [
        ("corrected", "cost", 800),
        ("corrected", "unbilled_sales", 2000),
        ("reversing", "cost", -800),
        ("reversing", "unbilled_sales", -1600),
    ]
    confirm("C1")
    made = queries.confirmed_lines(actor=MAKER, company="GB01", number="C1")
    assert [(one.step, one.transaction_type, int(one.amount)) for one in made] == said
    assert [one.line_number for one in made] == [1, 2, 3, 4]


# ---------------------------------------------------------------- what is in the way


def test_what_a_draft_holds_is_in_process_until_it_is_given_back() -> None:
    firm = Firm()
    entry = approved_day(firm)
    assert drafted(JournalType.TIME_CORRECTION, entry).actuals == 2
    assert {row[2] for row in adjustments()} == {"in_process"}
    again = drafted(JournalType.TIME_CORRECTION, entry, number="C2")
    assert (again.actuals, [one.code for one in again.refused]) == (0, ["APR-113"])
    refused = [("APR-113", "entry-1")]
    assert codes(cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry])) == refused
    assert codes(request_recall(actor=CLERK, company="GB01", entry_ids=[entry])) == refused
    assert reevaluate_entries(actor=APPROVER, company="GB01", project_id=firm.project_id).done == 0
    assert actions.give_back(actor=MAKER, company="GB01", number="C1", source_ids=[entry]) == 2
    assert {row[2] for row in adjustments()} == {"live"}
    drafted(JournalType.TIME_CORRECTION, entry, number="C3")
    assert actions.delete_journal(actor=MAKER, company="GB01", number="C3").actuals == 2
    assert {row[2] for row in adjustments()} == {"live"}
    assert cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry]).done == 1
    assert [row[3] for row in books()] == [0, 0]


def test_a_recall_that_was_asked_for_comes_first() -> None:
    firm = Firm()
    entry = approved_day(firm)
    request_recall(actor=CLERK, company="GB01", entry_ids=[entry])
    taken = drafted(JournalType.TIME_CORRECTION, entry)
    assert [(one.code, one.record_name) for one in taken.refused] == [("APR-111", "entry-1")]
    assert grant_recall(actor=APPROVER, company="GB01", entry_ids=[entry]).done == 1


def test_what_is_invoiced_is_not_taken_nor_confirmed() -> None:
    firm = Firm()
    first = firm.time(firm.person, firm.project_id, firm.worker)
    second = firm.time(firm.person, firm.project_id, firm.worker, on=date(2025, 3, 4))
    firm.approve()
    invoice = (
        "insert into operations_actual_status (actual_id, machine, status, set_by)"
        " select id, 'billing', 'customer_invoice_created', 'bill' from operations_actual"
        " where source_id = %s and transaction_type = 'unbilled_sales' returning 1"
    )
    rows(invoice, first)
    taken = drafted(JournalType.TIME_CORRECTION, first, second)
    assert ([one.code for one in taken.refused], taken.actuals) == (["APR-112"], 2)
    valued(project=firm.number(firm.other_id))
    rows(invoice, second)
    done = confirm("C1")
    assert (done.refused, done.made, [one.code for one in done.problems]) == (1, 0, ["APR-112"])
    assert count("operations_actual") == 4


def test_only_entries_of_the_class_and_company_are_taken() -> None:
    firm = Firm()
    spent = firm.spent(firm.person, firm.project_id, firm.category(), price=Decimal(5))
    draft_entry = firm.time(firm.person, firm.project_id, firm.worker)
    firm.load()
    submit_entries(actor=CLERK, company="GB01", entry_ids=[spent])
    approve_entries(actor=APPROVER, company="GB01", entry_ids=[spent])
    unknown = UUID(int=7)
    taken = drafted(JournalType.TIME_CORRECTION, spent, draft_entry, unknown)
    assert sorted(one.code for one in taken.refused) == ["APR-111", "JRN-125", "JRN-126"]
    assert count("operations_taken_actual") == 0
    with pytest.raises(CompanyNotPermitted):
        actions.take_actuals(
            actor=Actor("dora", MAKER.roles, frozenset({"DE01"})),
            company="GB01",
            number="C1",
            entry_ids=[spent],
        )


def test_by_one_actual_all_of_its_entry_is_taken() -> None:
    firm = Firm()
    approved_day(firm)
    [(sale,)] = rows("select id from operations_actual where transaction_type = 'unbilled_sales'")
    taken = drafted(JournalType.TIME_CORRECTION, actuals=(sale,))
    assert (taken.sources, taken.actuals, taken.ignored) == (1, 2, 0)


@pytest.mark.parametrize("stage", ["closed", "company"])
def test_a_project_that_cannot_take_it_is_refused_whole(stage: str) -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(project=firm.number(firm.internal_id))
    change = "stage = 'closed'" if stage == "closed" else "company_code = 'DE01'"
    rows(f"update operations_project set {change} where id = %s returning 1", firm.internal_id)
    code = "INT-701" if stage == "closed" else "APR-107"
    assert [one.code for one in queries.preview(actor=MAKER, company="GB01", number="C1") if one.code] == [
        code
    ]
    done = confirm("C1")
    assert (done.refused, done.reversed, [one.code for one in done.problems]) == (1, 0, [code])
    assert count("operations_actual") == 2


def test_new_values_name_what_the_company_has() -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    wrong = actions.set_new_values(
        actor=MAKER, company="GB01", number="C1", values=NewValues(project="nowhere", role="king")
    )
    assert [(one.code, one.field) for one in wrong] == [("JRN-129", "project"), ("JRN-129", "role")]
    with pytest.raises(NothingCorrected):
        confirm("C1")


def test_duties_and_types_are_kept_apart() -> None:
    firm = Firm()
    entry = approved_day(firm)
    drafted(JournalType.TIME_CORRECTION, entry)
    valued(project=firm.number(firm.other_id))
    with pytest.raises(MakerConfirms):
        confirm("C1", actor=MAKER)
    actions.make_journal(actor=MAKER, company="GB01", journal_type=JournalType.ENTRY, number="E1")
    with pytest.raises(NotOfJournalType):
        actions.take_actuals(actor=MAKER, company="GB01", number="E1", entry_ids=[entry])
    with pytest.raises(NotOfJournalType):
        actions.remove_lines(actor=MAKER, company="GB01", number="C1", line_numbers=[1])
    assert confirm("C1", actor=CONFIRMER).made == 2


# ---------------------------------------------------------------- what comes after


def test_an_approval_is_cancelled_after_a_correction() -> None:
    """Defects 4606055, 4872141: nothing doubled, nothing left unadjusted."""
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, project=firm.number(firm.other_id))
    assert cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry]).done == 1
    assert [row[2:] for row in books()] == [(0, 0)] * 4
    assert live() == []
    assert {row[2] for row in adjustments()} == {"adjusted", "unadjustable"}
    approve_entries(actor=APPROVER, company="GB01", entry_ids=[entry])
    assert [(row[2], row[3]) for row in live()] == [
        (firm.number(firm.project_id), 800),
        (firm.number(firm.project_id), 1600),
    ]


def test_a_correction_after_a_cancelled_and_renewed_approval() -> None:
    firm = Firm()
    entry = approved_day(firm)
    cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry])
    taken = drafted(JournalType.TIME_CORRECTION, entry, number="C0")
    assert [one.code for one in taken.refused] == ["APR-111"]
    approve_entries(actor=APPROVER, company="GB01", entry_ids=[entry])
    corrected(entry, project=firm.number(firm.other_id))
    assert [(row[0], row[3]) for row in live()] == [("cost", 800), ("unbilled_sales", 2000)]
    assert [(row[0], row[2]) for row in books()] == [
        (firm.number(firm.project_id), 0),
        (firm.number(firm.project_id), 0),
        (firm.number(firm.other_id), 8),
        (firm.number(firm.other_id), 8),
    ]


def test_what_was_corrected_is_not_evaluated_on_its_old_project() -> None:
    """Defect 4606055: re-evaluated and then cancelled, work was doubled."""
    firm = Firm()
    entry = approved_day(firm)
    corrected(entry, project=firm.number(firm.other_id))
    assert reevaluate_entries(actor=BOTH, company="GB01", project_id=firm.project_id).done == 0
    assert [(row[0], row[3]) for row in live()] == [("cost", 800), ("unbilled_sales", 2000)]
    cancel_approval(actor=APPROVER, company="GB01", entry_ids=[entry])
    assert live() == []


def test_many_entries_get_the_same_new_values_in_one_statement() -> None:
    firm = Firm()
    entries = [
        firm.time(firm.person, firm.project_id, firm.worker, on=date(2025, 3, day), minutes=day * 30)
        for day in range(1, 21)
    ]
    firm.load()
    submit_entries(actor=CLERK, company="GB01")
    changes = {entries[0]: Change(billable=0)}
    approve_entries(actor=APPROVER, company="GB01", entry_ids=entries, changes=changes)
    done = corrected(*entries, project=firm.number(firm.other_id))
    assert (done.reversed, done.made) == (40, 40)
    hours = Decimal(sum(range(1, 21)) * 30) / 60
    second = firm.number(firm.other_id)
    assert [row for row in books() if row[0] == second] == [
        (second, "cost", int(hours), int(hours * 100)),
        (second, "unbilled_sales", int(hours), int(hours * 250)),
    ]
