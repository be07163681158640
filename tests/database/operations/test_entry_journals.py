"""Entry journals: one actual per line, as typed, once (operations spec 2.5, 6; seed, entry journals)."""

from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connections
from tests.database.operations.journals import (
    CONFIRMER,
    MAKER,
    Books,
    as_file,
    confirm,
    entered,
    line,
    made,
    numbered,
    refused,
)
from tests.database.operations.ledger import count, open_problems, outbox, rows

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, CompanyNotPermitted, VerbNotPermitted
from tieout.loading.actions import load
from tieout.operations.journals import actions
from tieout.operations.journals.problems import (
    JournalEmpty,
    JournalNotDraft,
    JournalUnknown,
    MakerConfirms,
)
from tieout.operations.journals.rules import JournalType

pytestmark = pytest.mark.usefixtures("databases")


def loaded_codes(folder: Path, *lines: dict[str, Any]) -> dict[str, int]:
    return dict(entered(folder, *numbered(*lines)).codes)


def test_each_line_becomes_exactly_one_actual_as_typed(tmp_path: Path) -> None:
    Books().load()
    entered(
        tmp_path,
        *numbered(
            line(price="81.25", currency="GBP"),
            line(transaction_type="unbilled_sales", billing_type="complimentary", quantity="-2", price="100"),
            line(
                transaction_type="billed_sales",
                transaction_class="milestone",
                quantity="5",
                price="5000",
                amount_method="fixed_price",
            ),
            line(transaction_type="unbilled_sales", transaction_class="fee", quantity="1", price="99.99"),
            line(transaction_type="resourcing_unit_cost", price="70"),
        ),
    )
    assert count("operations_actual") == 0
    done = confirm()
    assert (done.made, done.refused, done.unpriced) == (5, 0, 0)
    assert made() == [
        ("cost", "time", "chargeable", 8, Decimal("81.25"), Decimal(650)),
        ("unbilled_sales", "time", "complimentary", -2, 100, -200),
        ("billed_sales", "milestone", "chargeable", 5, 5000, 5000),
        ("unbilled_sales", "fee", "chargeable", 1, Decimal("99.99"), Decimal("99.99")),
        ("resourcing_unit_cost", "time", "chargeable", 8, 70, 560),
    ]
    # No connections, no origins; what stays within the company does not travel.
    assert count("operations_transaction_connection") == 0
    assert count("operations_transaction_origin") == 0
    assert rows("select transaction_type from operations_actual where skip_sync") == [
        ("resourcing_unit_cost",)
    ]
    assert outbox() == {"msdyn_actuals": 4}
    assert rows("select distinct source_kind, price_reason from operations_actual") == [
        ("journal_line", "typed_price")
    ]
    assert rows(
        "select count(*) from operations_journal_line as l"
        " join operations_actual as a on a.id = l.actual_id and a.source_id = l.id and l.step = 'entry'"
    ) == [(5,)]


def test_a_blank_price_is_that_of_the_lists_with_its_trace_and_a_typed_one_wins(tmp_path: Path) -> None:
    Books().load()
    lines = [line(), line(transaction_type="unbilled_sales"), line(price="0")]
    entered(tmp_path, *numbered(*lines))
    assert confirm().unpriced == 0
    assert made() == [
        ("cost", "time", "chargeable", 8, 80, 640),
        ("unbilled_sales", "time", "chargeable", 8, 120, 960),
        ("cost", "time", "chargeable", 8, 0, 0),
    ]
    assert rows(
        "select a.price_reason, t.price::int from operations_actual as a"
        " left join operations_price_trace as t on t.id = a.price_trace_id order by a.id"
    ) == [("role_price", 80), ("role_price", 120), ("typed_price", None)]


def test_sales_at_cost_are_of_the_price_that_the_cost_would_have(tmp_path: Path) -> None:
    books = Books()
    mileage = books.category()
    for price_list, given in (
        (books.costs, {"method": "price_per_unit", "price": Decimal(4), "percent": None}),
        (books.sales, {"method": "markup_over_cost", "price": None, "percent": Decimal(10)}),
    ):
        books.add(
            "operations_category_price",
            price_list_id=price_list,
            category_id=mileage,
            unit="each",
            version=1,
            **given,
        )
    books.load()
    entered(
        tmp_path,
        *numbered(
            *(
                line(transaction_type=one, transaction_class="expense", category="category-1", unit="each")
                for one in ("cost", "unbilled_sales")
            )
        ),
    )
    confirm()
    assert [(row[4], row[5]) for row in made()] == [(4, 32), (Decimal("4.4"), Decimal("35.2"))]


def test_work_at_cost_is_of_the_price_that_the_cost_would_have(tmp_path: Path) -> None:
    books = Books()
    books.load()
    rows(
        "update operations_role_price set method = 'markup_over_cost', price = null, percent = 12.5"
        " where price_list_id = %s returning id",
        books.sales,
    )
    entered(tmp_path, *numbered(line(transaction_type="unbilled_sales"), line()))
    confirm()
    assert [(row[4], row[5]) for row in made()] == [(90, 720), (80, 640)]
    assert rows(
        "select cost_price, cost_currency, cost_percent from operations_price_trace where price = 90"
    ) == [(80, "GBP", Decimal("12.5"))]


def test_a_price_that_no_list_has_is_nothing_and_is_said(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, line(date="2031-01-01"))
    assert confirm().unpriced == 1
    assert made() == [("cost", "time", "chargeable", 8, 0, 0)]
    assert open_problems() == [("APR-102", "J1/1")]


def test_amounts_are_rounded_once_and_tax_stands_beside(tmp_path: Path) -> None:
    Books().load()
    lines = [
        line(quantity="0.333", price="10.05", tax="0.67"),
        line(quantity="0.5", price="1", tax="3", currency="JPY"),
    ]
    assert loaded_codes(tmp_path, *lines, line(price="1", tax="0.5", currency="JPY")) == {"JRN-105": 1}
    confirm()
    assert rows("select currency_code, amount, tax_amount from operations_actual order by id") == [
        ("GBP", Decimal("3.35"), Decimal("0.67")),
        ("JPY", 1, 3),
    ]


def test_extended_amount_has_the_discount_and_fee_of_the_contract_line(tmp_path: Path) -> None:
    books = Books()
    books.tables["operations_contract_line"][0].update(discount_percent=Decimal(10), fee_percent=Decimal(5))
    books.load()
    entered(
        tmp_path,
        *numbered(
            line(transaction_type="unbilled_sales", tax="20.5"),
            line(transaction_type="billed_sales", price="120"),
        ),
    )
    confirm()
    assert rows(
        "select amount, discount_amount, fee_amount, tax_amount,"
        " amount - discount_amount + fee_amount + tax_amount"
        " from operations_actual order by id"
    ) == [(960, 96, 48, Decimal("20.5"), Decimal("932.5")), (960, 0, 0, 0, 960)]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"tax": "0.001"}, "JRN-105"),
        ({"price": "10.001", "amount_method": "fixed_price"}, "JRN-105"),
        ({"transaction_class": "fee", "price": "10"}, "JRN-106"),
        ({"transaction_class": "tax", "price": "10"}, "JRN-106"),
        ({"transaction_class": "retainer", "price": "10"}, "JRN-106"),
        ({"transaction_class": "milestone", "price": "10"}, "JRN-106"),
        ({"transaction_class": "fee", "transaction_type": "unbilled_sales"}, "JRN-107"),
        ({"unit": "each"}, "JRN-107"),
        ({"currency": "USD"}, "JRN-107"),
        ({"currency": "XXX", "price": "1"}, "LOAD-302"),
        ({"project": "nowhere"}, "LOAD-303"),
        ({"quantity": "1000000000", "price": "2"}, "JRN-112"),
        ({"transaction_type": "gift"}, "LOAD-209"),
        ({"customer": "customer-2", "transaction_type": "unbilled_sales"}, "JRN-111"),
    ],
)
def test_what_can_be_no_actual_is_refused_and_the_rest_goes_on(
    tmp_path: Path, given: dict[str, str], code: str
) -> None:
    books = Books()
    books.contract(books.own)
    books.load()
    codes = loaded_codes(tmp_path, line(**given), line())
    assert codes == {code: 1}, codes
    assert (confirm().made, made()[0][5]) == (1, 640)


def test_without_the_currency_of_its_unit_nobody_can_say_how_a_line_is_rounded(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, line())
    rows("delete from operations_currency where code = 'GBP' returning 1")
    assert refused(confirm()) == [(1, "JRN-104")]
    assert loaded_codes(tmp_path, line(journal="J2", price="80")) == {"JRN-104": 1}
    assert count("operations_actual") == 0


def test_a_closed_project_takes_no_line_not_even_one_that_waits(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, line())
    rows("update operations_project set stage = 'closed' returning 1")
    assert refused(confirm()) == [(1, "JRN-102")]
    assert count("operations_actual") == 0
    assert loaded_codes(tmp_path, line(journal="J2")) == {"JRN-102": 1}


def test_nobody_confirms_what_they_made(tmp_path: Path) -> None:
    Books().load()
    actions.make_journal(actor=CONFIRMER, company="GB01", journal_type=JournalType.ENTRY, number="J1")
    entered(tmp_path, line())
    for actor in (MAKER, CONFIRMER):  # who entered a line, and who made the journal
        with pytest.raises(MakerConfirms):
            confirm(actor=actor)
    assert count("operations_actual") == 0
    assert confirm(actor=Actor("zoe", CONFIRMER.roles, None)).made == 1


@pytest.mark.parametrize(
    "role", ["resource", "project_manager", "billing_administrator", "auditor", "ap_clerk"]
)
def test_journals_have_verbs_of_their_own(tmp_path: Path, role: str) -> None:
    Books().load()
    other = Actor("olaf", frozenset({role}), None)
    with pytest.raises(VerbNotPermitted):
        actions.make_journal(actor=other, company="GB01", journal_type=JournalType.ENTRY)
    with pytest.raises(VerbNotPermitted):
        entered(tmp_path, line(), actor=other)
    entered(tmp_path, line())
    with pytest.raises(VerbNotPermitted):
        confirm(actor=other)
    assert count("operations_actual") == 0


def test_an_administrator_brings_actuals_in_and_the_accountant_confirms(tmp_path: Path) -> None:
    Books().load()
    admin = Actor("root", frozenset({"administrator"}), None)
    entered(tmp_path, line(), actor=admin)
    with pytest.raises(VerbNotPermitted):
        confirm(actor=admin)
    assert confirm().made == 1


def test_companies_are_a_boundary(tmp_path: Path) -> None:
    books = Books()
    books.company("DE01", "EUR")
    books.load()
    stranger = Actor("dora", frozenset({"project_accountant"}), frozenset({"DE01"}))
    with pytest.raises(CompanyNotPermitted):
        actions.make_journal(actor=stranger, company="GB01", journal_type=JournalType.ENTRY)
    assert entered(tmp_path, line(), actor=stranger).codes == {"ACCESS-102": 1}
    entered(tmp_path, line())
    with pytest.raises(CompanyNotPermitted):
        confirm(actor=stranger)
    with pytest.raises(JournalUnknown):  # a number of another company
        actions.confirm_journal(actor=stranger, company="DE01", number="J1")
    assert entered(tmp_path, line(company="DE01", journal="J9")).codes == {"LOAD-315": 1}


def test_a_confirmed_journal_is_final(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, line())
    confirm()
    with pytest.raises(JournalNotDraft):
        confirm()
    assert loaded_codes(tmp_path, line(description="more")) == {"JRN-101": 1}
    for verb in (
        lambda: actions.delete_journal(actor=MAKER, company="GB01", number="J1"),
        lambda: actions.remove_lines(actor=MAKER, company="GB01", number="J1", line_numbers=[1]),
        lambda: actions.describe_journal(actor=MAKER, company="GB01", number="J1", description="x"),
    ):
        with pytest.raises(JournalNotDraft):
            verb()
    for statement in (
        "update operations_journal set number = 'J2'",
        "delete from operations_journal_line",
        "update operations_journal_outcome set done_by = 'me'",
    ):
        with pytest.raises(Error, match=r"append-only|permission denied"):
            rows(statement)
    assert count("operations_actual") == 1


def test_a_draft_changes_and_goes(tmp_path: Path) -> None:
    Books().load()
    assert actions.make_journal(actor=MAKER, company="GB01", journal_type=JournalType.ENTRY) == "J00000001"
    entered(tmp_path, *numbered(line(), line(quantity="4")))
    with pytest.raises(JournalEmpty):
        confirm("J00000001")
    assert actions.remove_lines(actor=MAKER, company="GB01", number="J1", line_numbers=[2, 3]) == 1
    assert actions.delete_journal(actor=MAKER, company="GB01", number="J1").lines == 1
    assert count("operations_open_journal_line") == 0
    with pytest.raises(JournalNotDraft, match=r"J1 is no draft: it is deleted"):
        confirm()
    with pytest.raises(JournalNotDraft):
        actions.make_journal(actor=MAKER, company="GB01", journal_type=JournalType.ENTRY, number="J1")
    assert actions.make_journal(actor=MAKER, company="GB01", journal_type=JournalType.ENTRY) == "J00000002"


def test_a_file_loaded_twice_enters_once(tmp_path: Path) -> None:
    Books().load()
    path = as_file(tmp_path, *numbered(line(), line(transaction_type="unbilled_sales")))
    first = load(actor=MAKER, entity="journal_line", files=[path])
    again = load(actor=MAKER, entity="journal_line", files=[path])
    assert (first.codes, again.codes, count("operations_open_journal_line")) == ({}, {}, 2)
    assert count("operations_price_trace") == 2
    assert entered(tmp_path, line(quantity="9")).codes == {"LOAD-210": 1}


def test_two_who_confirm_at_once_make_its_actuals_once(tmp_path: Path) -> None:
    Books().load()
    entered(tmp_path, *numbered(*(line(quantity=str(hours)) for hours in range(1, 9))))
    start, answers = threading.Barrier(2), []

    def confirming(name: str) -> None:
        start.wait()
        try:
            answers.append(confirm(actor=Actor(name, CONFIRMER.roles, None)).made)
        except JournalNotDraft:
            answers.append(0)
        finally:
            connections[OPERATIONS].close()

    threads = [threading.Thread(target=confirming, args=(name,)) for name in ("cleo", "cora")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0, 8]
    assert rows("select count(*), sum(quantity)::int from operations_actual") == [(8, 36)]


def test_lenders_lines_are_in_the_lenders_books(tmp_path: Path) -> None:
    books = Books()
    books.company("DE01")
    lent = books.resource(books.unit("DE01"), "DE01")
    books.load()
    code = books.by_id("operations_resource")[lent]["code"]
    lines = numbered(
        line(resource=code, transaction_type="resourcing_unit_cost", price="60"),
        line(resource=code, transaction_type="interorganizational_sales", price="80"),
    )
    assert entered(tmp_path, *lines, line(line_number=3, resource=code, price="80")).codes == {"JRN-103": 1}
    own = Actor("otto", CONFIRMER.roles, frozenset({"GB01"}))
    with pytest.raises(CompanyNotPermitted):
        confirm(actor=own)
    confirm()
    assert rows(
        "select transaction_type, company_code, amount::int, skip_sync from operations_actual order by id"
    ) == [
        ("resourcing_unit_cost", "DE01", 480, False),
        ("interorganizational_sales", "DE01", 640, False),
    ]
