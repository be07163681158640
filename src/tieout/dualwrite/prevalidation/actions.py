"""Prevalidate actuals: what is staged is looked up in operations before it is imported (finance spec 2.2).

::

    finance                                    operations
    delivery batches not looked at, old enough
    actuals that wait by themselves
      some of them, as they are staged   ==>   which are missing, or other?
      keep what was found               <--
    the batch was looked at

It is an option of the company, and finance cannot ask by itself: it knows no table of operations (decision
0001). A crash anywhere is repaired by the next run, which looks at the rest of the batch, and once more at
those of it that were valid. What a run costs is what arrived since the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from tieout.database.aliases import FINANCE
from tieout.database.locks import session_lock
from tieout.finance.prevalidation import actions as finance
from tieout.finance.prevalidation import queries
from tieout.finance.prevalidation.queries import AT_ONCE, BEFORE_ALL, Staged
from tieout.finance.prevalidation.rules import DIFFERENT, LOCK, MISSING, Looked
from tieout.kernel.access import Actor, Verb, permit
from tieout.operations.prevalidation.queries import Unlike, unlike_staged
from tieout.problems.rules import AlreadyRunning


@dataclass(frozen=True, slots=True)
class Prevalidated:
    """What one run came to: staged actuals that operations was asked for, and what was found of them."""

    looked_at: int = 0
    valid: int = 0
    invalid: int = 0


def prevalidate_actuals(
    *,
    actor: Actor,
    company: str,
    again: bool = False,
    rows_max: int = AT_ONCE,
    between_commits: Callable[[str], None] | None = None,
) -> Prevalidated:
    """Ask operations for the staged actuals of ``company`` that wait for it; none if it is off.

    ``again``: also for those that were found invalid. An invalid one is kept with its problem (VAL-501,
    VAL-502) and never imported while the company prevalidates. ``between_commits`` runs after each step that
    committed, with its name. Raises :class:`AlreadyRunning` when another run of the company is at work.
    """
    permit(actor, Verb.IMPORT_FROM_STAGING, company)
    tell = between_commits or (lambda _: None)
    with session_lock(FINANCE, LOCK, company) as held:
        if not held:
            raise AlreadyRunning(job=f"prevalidate-actuals {company}")
        if again:
            finance.look_again(actor=actor, company=company)
        asked = invalid = 0
        for staged in _waiting(actor, company, rows_max):
            looked = _looked(actor, company, staged)
            invalid += finance.keep_looked(actor=actor, company=company, looked=looked)
            asked += len(looked)
            tell("kept")
        intake = 0
        while found := queries.next_due_intake(actor=actor, company=company, after=intake):
            intake = found
            for staged in _of_intake(actor, company, intake, rows_max):
                looked = _looked(actor, company, staged)
                # The batch says it of those that are valid.
                wrong = [one for one in looked if not one.is_valid]
                invalid += finance.keep_looked(actor=actor, company=company, looked=wrong)
                asked += len(looked)
                tell("kept")
            finance.close_intake(actor=actor, company=company, intake_id=intake)
            tell("closed")
    return Prevalidated(asked, asked - invalid, invalid)


def _waiting(actor: Actor, company: str, rows_max: int) -> Iterator[Staged]:
    after = BEFORE_ALL
    while (
        found := queries.staged_waiting(actor=actor, company=company, after=after, rows_max=rows_max)
    ).keys:
        yield found
        after = found.keys[-1]


def _of_intake(actor: Actor, company: str, intake_id: int, rows_max: int) -> Iterator[Staged]:
    after = BEFORE_ALL
    while (
        found := queries.staged_of_intake(
            actor=actor, company=company, intake_id=intake_id, after=after, rows_max=rows_max
        )
    ).keys:
        yield found
        after = found.keys[-1]


def _looked(actor: Actor, company: str, staged: Staged) -> list[Looked]:
    """Ask operations for these actuals and return what was found of each."""
    unlike = {one.actual_id: one for one in unlike_staged(actor=actor, company=company, staged=staged.stated)}
    return [_found(key, unlike.get(key)) for key in staged.keys]


def _found(key: UUID, unlike: Unlike | None) -> Looked:
    if unlike is None:
        return Looked(key)
    return Looked(key, MISSING if unlike.is_missing else DIFFERENT, unlike.differing)
