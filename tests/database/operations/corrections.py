"""What tests of corrections share: a firm with three projects, a draft with new values, what it came to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.database.operations.journals import MAKER, confirm
from tests.database.operations.ledger import rows
from tests.database.operations.site import Site

from tieout.operations.journals import actions
from tieout.operations.journals.actions import Confirmed, Taken
from tieout.operations.journals.rules import JournalType, NewValues


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


def corrected(*entries: UUID, of: JournalType = JournalType.TIME_CORRECTION, **values: Any) -> Confirmed:
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
