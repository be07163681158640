"""What operations answered about staged actuals is kept; import takes the valid ones (finance spec 2.2)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from tieout.database import sql
from tieout.database.aliases import FINANCE
from tieout.finance.prevalidation.rules import Looked
from tieout.kernel.access import Actor, Verb, permit
from tieout.problems.actions import RecordProblem, log_problems, resolve_problems
from tieout.problems.catalogue import Process

_PACKAGE: Final = "tieout.finance.prevalidation"
_KEEP: Final = sql.load(_PACKAGE, "keep_outcomes")
_CLOSE: Final = sql.load(_PACKAGE, "close_intake")
_AGAIN: Final = sql.load(_PACKAGE, "look_again")


def keep_looked(*, actor: Actor, company: str, looked: Sequence[Looked]) -> int:
    """Keep what was found of these staged actuals of ``company``; return how many are invalid.

    An invalid one is a problem of the log (VAL-501: operations does not have it, VAL-502: has it otherwise),
    which is over when it is found valid.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    if not looked:
        return 0
    outcomes = json.dumps([{"actual_id": str(one.actual_id), "code": one.code} for one in looked])
    invalid = [one for one in looked if not one.is_valid]
    with transaction.atomic(using=FINANCE, durable=True):
        sql.run(FINANCE, _KEEP, outcomes=outcomes, company=company, checked_by=actor.name)
        log_problems(
            alias=FINANCE,
            process=Process.VALIDATE_ACTUALS,
            problems=(_problem(company, one) for one in invalid),
        )
        resolve_problems(
            alias=FINANCE,
            process=Process.VALIDATE_ACTUALS,
            record_ids=[one.actual_id for one in looked if one.is_valid],
            resolved_by=actor.name,
        )
    return len(invalid)


def close_intake(*, actor: Actor, company: str, intake_id: int) -> None:
    """State that operations was asked for every actual of a delivery batch: import may take it."""
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    with transaction.atomic(using=FINANCE, durable=True):
        sql.run(FINANCE, _CLOSE, intake_id=intake_id, company=company)


def look_again(*, actor: Actor, company: str) -> int:
    """Let the next prevalidation look at the invalid actuals of ``company`` again; return how many."""
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    with transaction.atomic(using=FINANCE, durable=True):
        return sql.run(FINANCE, _AGAIN, company=company)


def _problem(company: str, one: Looked) -> RecordProblem:
    name = str(one.actual_id)
    details = {"actual_id": name, "fields": ", ".join(one.differing)}
    return RecordProblem(one.code, company, "actual", one.actual_id, name, details)
