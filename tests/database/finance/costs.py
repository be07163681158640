"""Posting costs and moving them, and where they stand then."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tests.database.finance.world import ACCOUNTANT, COMPANY, World

from tieout.finance.costs.actions import PostedCosts, post_costs
from tieout.finance.costs.rules import CostsTo, OfProject
from tieout.finance.imports.actions import import_from_staging
from tieout.finance.journals.actions import post_integration_journals

JUNE: Final = date(2024, 6, 30)
BALANCES: Final = (
    "select account, sum(accounting_amount), sum(reporting_amount) from finance_voucher_line"
    " group by account having sum(accounting_amount) <> 0 or sum(reporting_amount) <> 0 order by account"
)
HOUR: Final[dict[str, Any]] = {"source_kind": "time_entry", "category_id": None}


def posted(world: World, *amounts: str, **actual: Any) -> None:
    """Import and post hours of these amounts, or what is said of them."""
    world.stage(*amounts, **HOUR | actual)
    import_from_staging(actor=ACCOUNTANT, company=COMPANY)
    assert post_integration_journals(actor=ACCOUNTANT, company=COMPANY).refused == 0


def move(costs: list[str] | OfProject, to: CostsTo = CostsTo.PROFIT_AND_LOSS, **how: Any) -> PostedCosts:
    """Move costs, in June."""
    return post_costs(
        actor=ACCOUNTANT, company=COMPANY, costs=costs, to=to, **{"accounting_date": JUNE} | how
    )


def codes(found: PostedCosts) -> list[str]:
    """Return why what could not move is refused."""
    return [one.code for one in found.problems]
