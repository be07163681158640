"""Contract lines and their customers set up in forms: T32, T33, and shares that total 100."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.database.loading import firm
from tests.database.loading.firm import lines, rows
from tests.database.operations.test_chargeability import VECTORS, WORDS
from tests.database.workspace.setup_typing import change, enter_new, query, said, text_of, wrong

from tieout.database.aliases import OPERATIONS
from tieout.kernel.access import Actor, Role
from tieout.operations.organization.queries import billing

LogIn = Callable[..., Client]
LINE = {"contract": "K1", "line_number": "1"}


# ---------------------------------------------------------------- T32 and T33


@pytest.mark.parametrize("vector", VECTORS, ids=[vector[0] for vector in VECTORS])
def test_t32_what_a_line_says_on_its_form_decides_what_is_chargeable(
    loader: Client, vector: list[str]
) -> None:
    _, included, tasks, of_role, of_category, of_task, *expected = vector
    letters = {"include_time": "T", "include_expense": "E", "include_material": "M"}
    terms = {name: "yes" if letter in included else "no" for name, letter in letters.items()}
    change(loader, "contract_line", LINE, included_tasks=tasks, include_fee="no", **terms)
    line = {"contract": "K1", "contract_line": "1"}
    for entity, name, code, said_of_it in (
        ("contract_line_role", "role", "DEV", of_role),
        ("contract_line_category", "category", "TRAVEL", of_category),
    ):
        if said_of_it != "-":
            enter_new(loader, entity, **line, **{name: code}, billing_type=WORDS[said_of_it])
    if tasks == "selected":
        page = enter_new(
            loader, "contract_line_task", **line, project="QUAY", task="A", billing_type=WORDS[of_task]
        )
        assert said(page) == ["Contract line task saved."]
    keys = {
        name: rows(OPERATIONS, f"select id from operations_{name} where {column} = %s", code)[0][0]
        for name, column, code in (
            ("project", "number", "QUAY"),
            ("task", "number", "A"),
            ("role", "code", "DEV"),
            ("category", "code", "TRAVEL"),
        )
    }
    manager = Actor("max", frozenset({Role.PROJECT_MANAGER}), None)
    found = [
        billing(actor=manager, transaction_class=one, **keys).billing_type
        for one in ("time", "expense", "material")
    ]
    assert found == [WORDS[one] for one in expected]


def test_t33_a_clash_is_refused_beside_the_field(loader: Client) -> None:
    terms = {"name": "More", "billing_method": "time_and_materials", "include_fee": "no"}
    enter_new(loader, "contract_line", contract="K1", line_number="2", **terms)
    mapped = {"contract": "K1", "contract_line": "2", "project": "QUAY"}
    page = enter_new(loader, "contract_line_project", **mapped)
    assert wrong(page)["contract_line"] == (
        "Expense of project QUAY is taken by K1 line 1 already. Include other classes in one of the lines, or"
        " select other tasks for it. (LOAD-343)"
    )
    assert rows(OPERATIONS, "select count(*) from operations_contract_line_project") == [(0,)]
    # Disjoint classes are valid: line 1 takes time, line 2 the rest.
    change(loader, "contract_line", LINE, include_expense="no", include_material="no")
    change(loader, "contract_line", {"contract": "K1", "line_number": "2"}, include_time="no")
    assert said(enter_new(loader, "contract_line_project", **mapped)) == ["Contract line project saved."]
    page = change(loader, "contract_line", {"contract": "K1", "line_number": "2"}, include_time="yes")
    assert wrong(page)["line_number"].startswith("Time of project QUAY is taken by K1 line 1 already.")


# ---------------------------------------------------------------- customers of a line, together


SPLIT = "/set-up/contract_line_customer/together/"
OF_LINE = {"contract": "K1", "contract_line": "1"}


def split(loader: Client, *rows_typed: dict[str, str]) -> str:
    """Type the customers of line 1 into the rows of its page and save."""
    page = text_of(loader.get(SPLIT, OF_LINE))
    sent = dict(re.findall(r'name="((?:r\d+-)?\w+)" value="([^"]*)"', page))
    for name, choices in re.findall(r'<select[^>]*? id="([\w-]+)"[^>]*>(.*?)</select>', page):
        sent[name] = re.findall(r'value="([^"]*)" selected', choices)[0]
    for place, typed in enumerate(rows_typed):
        sent |= {f"r{place}-{name}": text for name, text in typed.items()}
    return text_of(loader.post(SPLIT, sent, QUERY_STRING=query(OF_LINE), follow=True))


def shares() -> list[tuple[str, str, bool]]:
    return rows(
        OPERATIONS,
        "select k.account_number, trim_scale(t.percent)::text, t.is_rounding"
        " from operations_contract_line_customer t join operations_customer k on k.id = t.customer_id"
        " order by 1",
    )


def test_the_customers_of_a_line_are_entered_together(loader: Client) -> None:
    enter_new(loader, "customer", account_number="C2", name="Lock", company="NL01")
    first = {"customer": "C1", "percent": "60", "is_rounding": "yes"}
    page = split(loader, first, {"customer": "C2", "percent": "30"})
    assert page.count("The customers of K1 line 1 bear 90 percent together, not 100.") == 2
    assert page.count("(LOAD-344)") == 2
    assert 'value="C2"' in page
    assert shares() == []
    page = split(loader, first, {"customer": "C2", "percent": "40"})
    assert said(page) == ["Contract line customer saved."]
    assert "Together they bear 100 percent." in page
    assert shares() == [("C1", "60", True), ("C2", "40", False)]
    page = split(loader, {"percent": "55.5"}, {"percent": "44.5"})
    assert shares() == [("C1", "55.5", True), ("C2", "44.5", False)]
    page = split(loader, {"percent": "0"}, {"percent": "100"})
    assert "(LOAD-345)" in page  # who bears nothing takes no rounding
    split(loader, {"percent": "0", "is_rounding": "no"}, {"percent": "100", "is_rounding": "yes"})
    assert shares() == [("C1", "0", False), ("C2", "100", True)]


def test_a_share_that_came_meanwhile_is_not_overwritten(loader: Client, folder: Path) -> None:
    enter_new(loader, "customer", account_number="C2", name="Lock", company="NL01")
    page = text_of(loader.get(SPLIT, OF_LINE))
    mark = re.findall(r'name="fingerprint" value="(\w+)"', page)[0]
    header = "contract,contract_line,company,customer,percent,is_rounding"
    firm.enter(folder, "contract_line_customer", lines(header, ["K1,1,NL01,C2,100,yes"]))
    sent = {"rows": "1", "fingerprint": mark, "r0-company": "NL01", "r0-customer": "C1", "r0-percent": "0"}
    page = text_of(loader.post(SPLIT, sent, QUERY_STRING=query(OF_LINE), follow=True))
    assert "What was shown of contract K1, contract_line 1 is not what is stored now." in page
    assert shares() == [("C2", "100", True)]


def test_nothing_typed_is_said(loader: Client) -> None:
    assert "Nothing is typed: fill in at least one row." in split(loader)
    assert shares() == []
