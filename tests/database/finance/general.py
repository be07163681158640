"""Lines of general journals as a file would bring them."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db import transaction
from tests.database.finance.world import COMPANY, World

from tieout.database.aliases import FINANCE
from tieout.database.landing import Verdict
from tieout.finance.general import actions
from tieout.kernel.access import Actor

MAKER = Actor("ada", frozenset({"project_accountant"}), frozenset({COMPANY}))
POSTER = Actor("cleo", frozenset({"project_accountant"}), frozenset({COMPANY}))
OFFSET_ACCOUNT = "6950"


def line(world: World, number: int, **said: Any) -> dict[str, Any]:
    """Return a line: 100 euro of the project on 2024-03-15 against the offset account, but as is said."""
    return {
        "row_number": number,
        "company_code": COMPANY,
        "journal": "G1",
        "line_number": number,
        "account_type": "project",
        "offset_account_type": "ledger",
        "account": "",
        "offset_account": OFFSET_ACCOUNT,
        "debit": "100",
        "credit": "0",
        "currency_code": "EUR",
        "accounting_date": "2024-03-15",
        "transaction_date": "2024-03-15",
        "project_id": str(world.project.id),
        "contract_line_id": None,
        "task_id": None,
        "category_id": str(world.category.id),
        "role_id": None,
        "resource_id": None,
        "task_number": None,
        "resource_code": None,
        "quantity": "1",
        "unit_cost": None,
        "sales_price": None,
        "description": "",
        **said,
    }


def enter(*lines: dict[str, Any], actor: Actor = MAKER, replaces: bool = False) -> list[Verdict]:
    """Enter lines in one transaction."""
    schema = dict.fromkeys(actions.LINES.columns, pl.String) | {
        "row_number": pl.Int32,
        "line_number": pl.Int32,
    }
    with transaction.atomic(using=FINANCE):
        return actions.enter_general_lines(
            actor=actor,
            companies={COMPANY},
            lines=pl.DataFrame(list(lines), schema=schema),
            replaces=replaces,
        )


def post(number: str = "G1", actor: Actor = POSTER) -> actions.PostedGeneral:
    """Post a journal."""
    return actions.post_general_journal(actor=actor, company=COMPANY, number=number)
