"""Create and confirm: general journals that finance posted become journals of operations (finance spec 2.14).

::

    finance                              operations
    take what waits, attempts left
    deliver headers, then lines    ==>   arrived, each once
                                         make and confirm, one transaction each, by finance's key
    keep the answer                <--   its number, or why not

A crash anywhere is repaired by the next run: delivery finds what arrived, operations what it confirmed, and
finance counts an answer only of a journal that still waits. An attempt that fails is counted; after five
(``ATTEMPTS_MAX``) a journal is left alone until somebody presses Sync or deletes its message. While a map of
it is paused, waiting for it is no failure: an integrator keeps what is stated on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from tieout.database.aliases import FINANCE
from tieout.database.judged import first_line
from tieout.database.locks import session_lock
from tieout.dualwrite.delivery.actions import deliver_or_tell
from tieout.dualwrite.delivery.rules import ErrorClass, class_of
from tieout.dualwrite.maps.queries import find, require_capturing
from tieout.dualwrite.maps.rules import State
from tieout.dualwrite.resync.actions import resync
from tieout.finance.general import actions as finance
from tieout.finance.general.queries import lines_to_send
from tieout.kernel.access import Actor, Verb, permit
from tieout.kernel.problems import Problem
from tieout.operations.generaljournals import actions as operations
from tieout.operations.generaljournals.rules import ARRIVING, HEADER_MISSING
from tieout.problems.rules import AlreadyRunning

HEADERS: Final = "msdyn_journals"
LINES: Final = "msdyn_journallines"
_BEFORE_ALL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Synced:
    """What one run came to: journals tried, confirmed, and failed; the first problem of their maps."""

    tried: int = 0
    confirmed: int = 0
    failed: int = 0
    problem: Problem | None = None


def sync_general_journals(
    *, actor: Actor, company: str, between_commits: Callable[[str], None] | None = None
) -> Synced:
    """Deliver the posted general journals of ``company`` that wait, confirm them, keep the answers.

    ``between_commits`` runs after each step that committed, with its name: the places where a crash must do
    no harm. Raises :class:`AlreadyRunning` when another run of the company is at work.
    """
    permit(actor, Verb.DELIVER, company)
    tell = between_commits or (lambda _: None)
    with session_lock(FINANCE, "sync general journals", company) as held:
        if not held:
            raise AlreadyRunning(job=f"general-journals {company}")
        total, after, problem = Synced(), _BEFORE_ALL, None
        while waiting := finance.waiting_for_operations(actor=actor, company=company, after=after):
            problem = problem or _delivered(actor, tell)
            answers = list(_answers(actor, company, waiting))
            tell("confirmed")
            counted = [one for one in answers if one.code not in ARRIVING or not _is_paused()]
            failed = finance.keep_answers(actor=actor, company=company, answers=counted)
            tell("kept")
            confirmed = sum(one.confirmed_as is not None for one in answers)
            total = Synced(total.tried + len(waiting), total.confirmed + confirmed, total.failed + failed)
            after = waiting[-1].journal_id
    return Synced(total.tried, total.confirmed, total.failed, problem if total.failed else None)


def send_again(*, actor: Actor, company: str, journal_ids: Sequence[UUID]) -> int:
    """*Sync*: forget the failed attempts of posted journals and state them again; return how many.

    Raises :class:`MapNotRunning` where a map of them captures nothing.
    """
    permit(actor, Verb.RESYNC, company)
    for map_ in (HEADERS, LINES):
        require_capturing(find(map_))
    keys = finance.rearm(actor=actor, company=company, journal_ids=journal_ids)
    resync(actor=actor, map=HEADERS, keys=keys)
    resync(actor=actor, map=LINES, keys=lines_to_send(keys))
    return len(keys)


def _delivered(actor: Actor, tell: Callable[[str], None]) -> Problem | None:
    """Deliver what both maps owe; return the first problem that stopped one."""
    found = None
    for map_ in (HEADERS, LINES):
        found = found or deliver_or_tell(actor=actor, map=map_).problem
        tell(map_)
    return found


def _answers(
    actor: Actor, company: str, waiting: Sequence[finance.WaitingJournal]
) -> Iterator[finance.Answer]:
    """Yield what operations answers of each journal; one that its database raises against has failed.

    Where that database does not answer, the attempt of those after it has failed too, and none is asked of.
    """
    remaining = iter(waiting)
    for one in remaining:
        asked = operations.Asked(one.journal_id, one.number, one.project_lines)
        try:
            found = operations.confirm_arrived(actor=actor, company=company, journal=asked)
        except (DatabaseError, InterfaceError) as error:
            reason = first_line(error)
            yield _failed(one, reason)
            if class_of(error) is ErrorClass.TRANSIENT:
                yield from (_failed(later, reason) for later in remaining)
        else:
            yield finance.Answer(found.journal_id, found.confirmed_as, found.code, found.details)


def _failed(journal: finance.WaitingJournal, reason: str) -> finance.Answer:
    details = {"journal": journal.number, "reason": reason}
    return finance.Answer(journal.journal_id, code=HEADER_MISSING, details=details)


def _is_paused() -> bool:
    """Say whether an integrator has paused a map of general journals."""
    try:
        return State.PAUSED in {require_capturing(find(map_)) for map_ in (HEADERS, LINES)}
    except Problem:
        return False
