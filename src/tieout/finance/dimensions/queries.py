"""Which dimensions are set up, and what stands on an account by dimensions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.database.set_up import SetUp
from tieout.kernel.access import Actor, Verb, permit

_PACKAGE: Final = "tieout.finance.dimensions"
_KNOWN: Final = {
    "dimension": sql.load(_PACKAGE, "known_dimension"),
    "dimension_value": sql.load(_PACKAGE, "known_dimension_value"),
}
_BALANCES: Final = sql.load(_PACKAGE, "balances_of_account")
SET_UP: Final = SetUp.of_stage(
    FINANCE,
    _PACKAGE,
    (
        "set_up_dimension",
        "set_up_dimension_value",
        "set_up_dimension_default",
        "set_up_account_dimension",
    ),
)
"""The set-up that is mastered here."""


def known(*, entity: str, keys: str) -> list[dict[str, Any]]:
    """Return those of the ``keys`` that are set up: place in the request, identifier.

    ``keys`` is a JSON list of ``{"place": 0, "k1": ..., "k2": ...}``. For resolving references of records
    that are being entered; nothing else of a record is told.
    """
    return sql.rows(FINANCE, _KNOWN[entity], keys=keys)


@dataclass(frozen=True, slots=True)
class SetBalance:
    """What stands on an account with one combination of dimension values; an empty one has none."""

    combination: dict[str, str]
    entries: int
    accounting_amount: Decimal
    reporting_amount: Decimal


def balances_of_account(*, actor: Actor, company: str, account: str, as_of: date) -> list[SetBalance]:
    """Return the balance of ``account`` at the end of ``as_of`` for each combination of dimension values.

    Those that are zero are among them: an integration account proves itself set by set.
    """
    permit(actor, Verb.READ, company)
    found = sql.rows(FINANCE, _BALANCES, company=company, account=account, as_of=as_of)
    return [SetBalance(**row | {"combination": json.loads(row["combination"])}) for row in found]
