"""What approval refuses of documents born in finance: with which code, and what mends it."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.database.operations.ledger import (
    JOB,
    LINES,
    a_project,
    actuals,
    approve,
    count,
    open_problems,
    outbox,
    rows,
)
from tests.reference.world import World

from tieout.kernel.identifiers import new_id
from tieout.kernel.problems import render
from tieout.operations.approvals.actions import DocumentsApproved
from tieout.operations.approvals.queries import Hop, waiting
from tieout.operations.approvals.rules import DOCUMENT_REFUSALS
from tieout.problems.catalogue import CATALOGUE

pytestmark = pytest.mark.usefixtures("databases")


def refused_worlds() -> dict[str, Any]:
    """One world per refusal, in order of precedence: each line has all later faults too, where it can."""

    def closed(world: World, project: UUID, category: UUID) -> None:
        del category
        world.by_id("operations_project")[project]["stage"] = "closed"
        world.vendor_invoice_line(project, new_id(), "10", currency_code="XXX")

    return {
        "APR-104": lambda w, _p, _c: w.vendor_invoice_line(new_id(), new_id(), "10", currency_code="XXX"),
        "APR-107": lambda w, _p, _c: w.vendor_invoice_line(
            w.project(w.unit("DE01"), "closed", company="DE01"),
            new_id(),
            "10",
            currency_code="XXX",
            stocked=True,
        ),
        "INT-701": closed,
        "DW-113": lambda w, p, _c: w.vendor_invoice_line(p, new_id(), "10", currency_code="XXX"),
        "APR-105": lambda w, p, c: w.vendor_invoice_line(p, c, "10", currency_code="XXX"),
        "APR-106": lambda w, p, c: w.vendor_invoice_line(p, c, "10", currency_code="JPY"),
    }


@pytest.mark.parametrize("code", refused_worlds())
def test_a_line_is_refused_with_the_first_code_that_applies(code: str) -> None:
    world, project, category = a_project("time_and_materials", "USD")
    refused_worlds()[code](world, project, category)
    world.land(LINES)
    world.load()
    done = approve()
    assert (done.judged, done.approved, done.refused, done.amount_refused) == (1, 0, 1, Decimal(10))
    assert rows("select code, attempts from operations_approval_retry") == [(code, 1)]
    assert [found for found, _ in open_problems()] == [code]
    fields = json.loads(rows("select details::text from problem_log")[0][0])
    assert CATALOGUE[code].placeholders() <= set(fields)
    assert "not recorded" not in render(code, fields).message
    assert not actuals()
    assert outbox() == {}
    assert [(row.hop, row.code, row.count, row.amount) for row in waiting(actor=JOB, company="GB01")] == [
        (Hop.REFUSED, code, 1, Decimal(10))
    ]


def test_the_order_of_refusals_is_the_documented_one() -> None:
    tested = [code for code in DOCUMENT_REFUSALS if code in refused_worlds()]
    assert tested == list(refused_worlds())
    # The table has no situation in which approval is not applicable; loading proves that it is total.
    assert set(DOCUMENT_REFUSALS) - set(tested) == {"APR-103"}


@pytest.mark.parametrize(
    ("kind", "transaction_class", "approved"),
    [
        ("vendor_invoice_line", "expense", 1),
        ("vendor_invoice_line", "material", 1),
        ("vendor_invoice_line", "time", 1),
        ("vendor_invoice_line", "fee", 0),
        ("expense", "expense", 1),
        ("expense", "material", 0),
        ("expense", "time", 0),
        ("expense", "fee", 0),
    ],
)
def test_a_category_must_suit_the_document(kind: str, transaction_class: str, approved: int) -> None:
    world, project, _ = a_project()
    category = world.category(transaction_class)
    if kind == "expense":
        world.expense(project, category, "10")
    else:
        world.vendor_invoice_line(project, category, "10")
    world.land("msdyn_expenses" if kind == "expense" else LINES)
    world.load()
    done = approve()
    assert (done.approved, done.refused) == (approved, 1 - approved)


def test_refused_then_repaired() -> None:
    world, project, category = a_project()
    missing = new_id()
    world.vendor_invoice_line(project, category, "10.00")
    late = world.vendor_invoice_line(missing, category, "-7.50")
    world.land(LINES)
    world.load()
    first = approve()
    assert (first.judged, first.approved, first.refused) == (2, 1, 1)
    second = approve()
    assert (second.judged, second.approved, second.refused) == (1, 0, 1)
    assert rows("select code, attempts from operations_approval_retry") == [("APR-104", 2)]
    assert count("problem_log") == 1  # the same refusal is said once

    unit = world.tables["operations_organizational_unit"][0]["id"]
    world.project(unit, "closed")
    world.tables["operations_project"][-1]["id"] = missing
    world.load()
    assert approve().refused == 1
    assert rows("select code, attempts from operations_approval_retry") == [("INT-701", 3)]
    assert open_problems() == [("INT-701", "V2/2")]

    rows("update operations_project set stage = 'internal' returning id")
    repaired = approve()
    assert (repaired.judged, repaired.approved, repaired.amount_approved) == (1, 1, Decimal("-7.50"))
    assert actuals(late) == [("cost", "not_available", "1 x -7.5 = -7.5 GBP", "posted_amount")]
    assert (count("operations_approval_retry"), open_problems()) == (0, [])
    assert approve() == DocumentsApproved()
