"""The statement of a check, alone or as the set that another statement looks into."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from tieout.database import sql

if TYPE_CHECKING:
    from tieout.reconciliation.checks.rules import Check

_PACKAGE: Final = "tieout.reconciliation.checks"


def statement(check: Check) -> sql.Statement:
    """Return the statement that defines ``check``: source lines of one company and kind between two days."""
    return sql.load(_PACKAGE, check.value)


@cache
def looking_into(check: Check, looking: sql.Statement, *, caused: bool = False) -> sql.Statement:
    """Return ``looking``, which reads ``reconciliation_line_state``, with only the rows of ``check`` in it.

    A common table expression of that name hides the view from ``looking``, while its own text still reads it.
    ``caused``: the rows have their primary cause too, from the view that decides it.
    """
    defining = statement(check)
    if caused:
        text = defining.text.replace("from reconciliation_line_state", "from reconciliation_line_cause")
        defining = replace(defining, text=text.replace("state, reason", "state, reason, cause", 1))
    parameters = tuple(dict.fromkeys((*defining.parameters, *looking.parameters)))
    text = f"with reconciliation_line_state as (\n{defining.text}\n)\n{looking.text}"
    return replace(looking, name=f"{looking.name}[{check.value}]", parameters=parameters, text=text)
