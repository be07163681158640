"""Whose sales lists price a contract or a quote, and what a won quote gives its contract (spec 3.3, 3.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.database.loading import firm
from tests.database.loading.firm import OPERATOR, enter, lines, outcome
from tests.database.operations.ledger import CLERK, MANAGER, open_problems, rows
from tests.database.operations.test_quotes import PROJECT, QUOTE, QUOTE_LINE
from tests.database.operations.test_reevaluation import live

from tieout.operations.approvals.actions import approve_entries, submit_entries
from tieout.operations.pricing.queries import SalesList, sales_lists
from tieout.operations.reevaluation.actions import confirm_contract, win_quote

LIST = "code,context,currency,valid_from,valid_to"
USE = "price_list,contract,quote,company,customer,active"
OVERRIDE = "price_list,role,contract,quote,company,customer,effective_from,price"


@pytest.fixture
def folder(databases: None, tmp_path: Path) -> Path:
    """A small firm: an hour of DEV is 100 by the company's list, 110 by the customer's, 120 by quote Q1's.

    For Q1 alone 115 is agreed on the last. Contract K1 sells it for 125.50. BEA has worked 8 hours on JETTY,
    which Q1 offers.
    """
    firm.set_up(tmp_path / "setup")
    found = {
        "project": lines(PROJECT, ["JETTY,NL01,NL,presales"]),
        "quote": lines(QUOTE, ["Q1,C1,NL01,NL,EUR"]),
        "quote_line": lines(QUOTE_LINE, ["Q1,1,Work,time_and_materials,all,no,JETTY"]),
        "price_list": lines(
            LIST, [f"{code},sales,EUR,2024-01-01,2024-12-31" for code in ("ALL", "C1", "Q1")]
        ),
        "role_price": lines("price_list,role,price", ["ALL,DEV,100", "C1,DEV,110", "Q1,DEV,120"]),
        "price_list_use": lines(USE, ["ALL,,,NL01,,", "C1,,,NL01,C1,", "Q1,,Q1,,,"]),
        "price_override": lines(OVERRIDE, ["Q1,DEV,,Q1,,,2024-01-10,115"]),
        "time_entry": lines(
            "company,external_id,resource,project,role,date,hours", ["NL01,T1,BEA,JETTY,DEV,2024-01-15,8"]
        ),
    }
    for entity, text in found.items():
        assert enter(tmp_path, entity, text).codes == {}, entity
    submit_entries(actor=CLERK, company="NL01")
    assert approve_entries(actor=MANAGER, company="NL01").approved == 1
    return tmp_path


def price(of: str, number: str, on: str = "2024-01-15") -> tuple[int | Decimal, str]:
    """Return what an hour of DEV from unit NL is sold for by a contract or offered for by a quote."""
    function = {"contract": "sales", "quote": "quote"}[of]
    ((found, reason),) = rows(
        f"select price.price, price.reason from operations_{of} as holder"
        " cross join operations_role as role"
        " join operations_organizational_unit as unit on unit.code = 'NL'"
        f" cross join lateral operations_{function}_price(holder.id,"
        " jsonb_build_object('role', role.id, 'resourcing_unit', unit.id), %s::date, null, null) as price"
        " where holder.number = %s",
        on,
        number,
    )
    return found, reason


def use(folder: Path, *records: str) -> None:
    assert enter(folder, "price_list_use", lines(USE, records)).codes == {}


def set_way(folder: Path, way: str) -> None:
    done = enter(folder, "pricing_parameters", lines("company,lists_on_win", [f"NL01,{way}"]))
    assert outcome(done) == (1, 1, 0, 0)


def lists(contract: str = "Q1") -> list[tuple[str, str, int]]:
    """Return whose lists price a contract, their codes, and the overrides for it alone."""
    found = sales_lists(actor=OPERATOR, company="NL01", contract=contract)
    return [(one.whose, one.code, one.overrides) for one in found]


def sold() -> list[int]:
    return [amount for _, kind, _, _, amount in live() if kind == "unbilled_sales"]


# ---------------------------------------------------------------- whose list


def test_its_own_list_comes_before_the_customers_and_the_companys(folder: Path) -> None:
    assert price("contract", "K1") == (Decimal("125.5"), "role_price")
    use(folder, "SALES,K1,,,,no")
    assert price("contract", "K1") == (110, "role_price")
    use(folder, "C1,,,NL01,C1,no")
    assert price("contract", "K1") == (100, "role_price")
    use(folder, "ALL,,,NL01,,no")
    assert price("contract", "K1") == (0, "no_price_list")


def test_what_has_a_list_looks_at_no_other_though_its_own_is_for_later(folder: Path) -> None:
    enter(folder, "price_list", lines(LIST, ["LATE,sales,EUR,2024-06-01,2024-12-31"]))
    use(folder, "SALES,K1,,,,no", "LATE,K1,,,,")
    assert price("contract", "K1") == (0, "no_price_list")
    use(folder, "LATE,K1,,,,no", "LATE,,,NL01,C1,", "C1,,,NL01,C1,no")
    assert price("contract", "K1") == (0, "no_price_list")


def test_a_customers_list_in_another_currency_is_one_and_prices_nothing(folder: Path) -> None:
    enter(folder, "price_list", lines(LIST, ["DOLLAR,sales,USD,2024-01-01,2024-12-31"]))
    use(folder, "SALES,K1,,,,no", "C1,,,NL01,C1,no", "DOLLAR,,,NL01,C1,")
    assert price("contract", "K1") == (0, "no_price_list")
    assert [one.applies for one in sales_lists(actor=OPERATOR, company="NL01", contract="K1")] == [False]
    # of the company only the lists in the contract's currency are asked
    use(folder, "DOLLAR,,,NL01,C1,no", "DOLLAR,,,NL01,,")
    assert price("contract", "K1") == (100, "role_price")


def test_of_several_none_is_the_one_and_it_is_said(folder: Path) -> None:
    use(folder, "SALES,K1,,,,no")
    use(folder, "ALL,,,NL01,C1,")
    assert price("contract", "K1") == (0, "ambiguous_price_list")
    assert open_problems() == [("LOAD-372", "ALL")]  # said of the list that was given last
    use(folder, "ALL,,,NL01,C1,no")
    assert price("contract", "K1") == (110, "role_price")
    assert open_problems() == []


def test_another_customers_list_is_nobody_elses(folder: Path) -> None:
    enter(folder, "customer", lines("account_number,name,company", ["C2,Ferry,NL01"]))
    use(folder, "SALES,K1,,,,no", "C1,,,NL01,C1,no", "C1,,,NL01,C2,")
    assert price("contract", "K1") == (100, "role_price")


# ---------------------------------------------------------------- quotes


def test_a_quote_is_priced_by_its_own_list_and_overrides(folder: Path) -> None:
    assert price("quote", "Q1") == (115, "role_price")
    assert price("quote", "Q1", "2024-01-09") == (120, "role_price")  # before it was agreed
    override = lines(OVERRIDE, ["Q1,DEV,,,NL01,C1,2024-01-12,112", "Q1,DEV,,,,,2024-01-14,111"])
    assert enter(folder, "price_override", override).codes == {}
    assert price("quote", "Q1") == (115, "role_price")  # quote before customer before all, whatever is later
    use(folder, "Q1,,Q1,,,no")
    assert price("quote", "Q1") == (110, "role_price")
    use(folder, "C1,,,NL01,C1,no")
    assert price("quote", "Q1") == (100, "role_price")


def test_what_is_agreed_for_a_contract_comes_first_and_a_quotes_price_is_no_contracts(folder: Path) -> None:
    use(folder, "SALES,K1,,,,no", "Q1,K1,,,,")
    assert price("contract", "K1") == (120, "role_price")
    agreed = lines(OVERRIDE, ["Q1,DEV,,,NL01,C1,2024-01-12,112", "Q1,DEV,K1,,,,2024-01-02,113"])
    assert enter(folder, "price_override", agreed).codes == {}
    assert price("contract", "K1") == (113, "role_price")
    assert price("quote", "Q1") == (115, "role_price")


# ---------------------------------------------------------------- won


def test_the_contract_gets_the_same_lists_and_what_was_agreed(folder: Path) -> None:
    preview = win_quote(actor=OPERATOR, quote="Q1", is_preview=True)
    assert [(one.whose, one.code, one.overrides) for one in preview.lists] == [("own", "Q1", 1)]
    assert (lists(), sold()) == ([], [])
    won = win_quote(actor=OPERATOR, quote="Q1")
    assert won.lists == preview.lists
    assert (lists(), sold()) == ([("own", "Q1", 1)], [8 * 115])


def test_the_same_lists_without_what_was_agreed(folder: Path) -> None:
    set_way(folder, "same")
    win_quote(actor=OPERATOR, quote="Q1")
    assert (lists(), sold()) == ([("own", "Q1", 0)], [8 * 120])


def test_a_copy_is_the_contracts_alone(folder: Path) -> None:
    set_way(folder, "copies")
    enter(folder, "role_price", lines("price_list,role,unit,price", ["Q1,,hour,90"]))
    enter(folder, "category_price", lines("price_list,category,unit,price", ["Q1,TRAVEL,mile,1"]))
    win_quote(actor=OPERATOR, quote="Q1")
    assert (lists(), sold()) == ([("own", "Q1-Q1", 0)], [8 * 120])
    ((name,),) = rows("select name from operations_price_list where code = 'Q1-Q1'")
    assert name[:3] == "Q1 "
    assert date.fromisoformat(name[3:13])  # when it was won
    counts = (
        "select l.code, count(*) from operations_role_price p"
        " join operations_price_list l on l.id = p.price_list_id where l.code ~ '^Q1' group by 1 order by 1"
    )
    assert rows(counts) == [("Q1", 2), ("Q1-Q1", 2)]
    enter(folder, "role_price", lines("price_list,role,price", ["Q1,DEV,200"]))
    confirm_contract(actor=OPERATOR, contract="Q1")  # evaluated again
    assert sold() == [8 * 120]


def test_a_change_of_the_same_list_reaches_the_contract(folder: Path) -> None:
    set_way(folder, "same")
    win_quote(actor=OPERATOR, quote="Q1")
    enter(folder, "role_price", lines("price_list,role,price", ["Q1,DEV,200"]))
    confirm_contract(actor=OPERATOR, contract="Q1")
    assert sold() == [8 * 200]


@pytest.mark.parametrize("way", ["same", "same_with_overrides"])
def test_a_quote_without_lists_leaves_the_contract_to_its_customers(folder: Path, way: str) -> None:
    set_way(folder, way)
    use(folder, "Q1,,Q1,,,no")
    agreed = lines(OVERRIDE, ["C1,DEV,,Q1,,,2024-01-10,105"])
    assert enter(folder, "price_override", agreed).codes == {}
    win_quote(actor=OPERATOR, quote="Q1")
    # what was agreed for the quote holds on whose list it is
    expected = {"same": (0, 110), "same_with_overrides": (1, 105)}[way]
    assert (lists(), sold()) == ([("customer", "C1", expected[0])], [8 * expected[1]])
    use(folder, "C1,,,NL01,C1,no")
    assert price("contract", "Q1") == (100, "role_price")


def test_copies_are_made_of_the_customers_or_companys_lists_too(folder: Path) -> None:
    set_way(folder, "copies")
    use(folder, "Q1,,Q1,,,no")
    taken = lines(LIST, ["C1-Q1,sales,EUR,2020-01-01,2020-12-31"])
    assert enter(folder, "price_list", taken).codes == {}  # its usual code is taken
    win_quote(actor=OPERATOR, quote="Q1")
    ((whose, code, _),) = lists()
    assert (whose, code[:3], len(code)) == ("own", "C1-", len("C1-") + 12)
    assert sold() == [8 * 110]
    use(folder, "C1,,,NL01,C1,no")
    assert price("contract", "Q1") == (110, "role_price")


def test_a_quote_of_nothing_makes_a_contract_of_nothing(folder: Path) -> None:
    set_way(folder, "copies")
    use(folder, "Q1,,Q1,,,no", "C1,,,NL01,C1,no", "ALL,,,NL01,,no")
    assert win_quote(actor=OPERATOR, quote="Q1").lists == ()
    assert sold() == [0]


def test_lists_that_overlap_for_the_quote_overlap_for_the_contract(folder: Path) -> None:
    use(folder, "ALL,,Q1,,,")
    won = win_quote(actor=OPERATOR, quote="Q1")
    assert [one.code for one in won.lists] == ["ALL", "Q1"]
    assert price("contract", "Q1") == (0, "ambiguous_price_list")
    use(folder, "ALL,Q1,,,,no")  # ended for the contract: what is said of the quote counts no more
    assert price("contract", "Q1") == (115, "role_price")
    assert [code for code, _ in open_problems() if code == "LOAD-372"] == []


def test_what_is_said_of_a_won_quote_stays(folder: Path) -> None:
    win_quote(actor=OPERATOR, quote="Q1")
    again = enter(folder, "price_list_use", lines(USE, ["Q1,,Q1,,,"]))
    assert outcome(again) == (1, 0, 1, 0)
    same = enter(folder, "price_override", lines(OVERRIDE, ["Q1,DEV,,Q1,,,2024-01-10,115"]))
    assert outcome(same) == (1, 0, 1, 0)
    for record in ("Q1,,Q1,,,no", "ALL,,Q1,,,"):
        assert enter(folder, "price_list_use", lines(USE, [record])).codes == {"LOAD-349": 1}
    for record in ("Q1,DEV,,Q1,,,2024-01-10,90", "Q1,DEV,,Q1,,,2024-01-11,115"):
        assert enter(folder, "price_override", lines(OVERRIDE, [record])).codes == {"LOAD-349": 1}
    assert sold() == [8 * 115]


def test_the_lists_of_another_company_are_not_told(folder: Path) -> None:
    assert lists("K1") == [("own", "SALES", 0)]
    assert sales_lists(actor=OPERATOR, company="US01", contract="K1") == ()
    (found,) = sales_lists(actor=OPERATOR, company="NL01", quote="Q1")
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    assert found == SalesList("own", "Q1", "Q1", "EUR", first, last, True, 1)
