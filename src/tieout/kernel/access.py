"""Who may do what: one table of roles and verbs (``roles.csv``), and companies as a boundary.

The table is total: every role answers yes or no for every verb. Nobody passes it by: the program's
own jobs carry the role ``system``, which stands in the table like the others. Duties are kept apart
(DESIGN, section 8): who submits does not approve, who makes a journal does not confirm it, and the auditor
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tieout.kernel.problems import Problem
from tieout.kernel.tables import Table, load_table


class Role(StrEnum):
    """What a person, or the program itself, is in the firm."""

    PROJECT_ACCOUNTANT = "project_accountant"
    PROJECT_MANAGER = "project_manager"
    PROJECT_APPROVER_ADMIN = "project_approver_admin"
    RESOURCE = "resource"
    AP_CLERK = "ap_clerk"
    BILLING_ADMINISTRATOR = "billing_administrator"
    INTEGRATOR = "integrator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Verb(StrEnum):
    """What can be asked of the program."""

    LOAD = "load"
    SUBMIT = "submit_entries"
    APPROVE = "approve"
    APPROVE_EVERY_PROJECT = "approve_every_project"
    VERIFY = "verify_vendor_invoices"
    MAKE_JOURNAL = "make_journal"
    CONFIRM_JOURNAL = "confirm_journal"
    POST_DOCUMENTS = "post_documents"
    DELIVER = "deliver"
    IMPORT_FROM_STAGING = "import_from_staging"
    POST_INTEGRATION_JOURNAL = "post_integration_journal"
    INVOICE_INTERCOMPANY = "invoice_intercompany"
    SEAL_VOUCHERS = "seal_vouchers"
    SET_PERIOD_STATUS = "set_period_status"
    MANAGE_MAPS = "manage_maps"
    RESYNC = "resync"
    RECONCILE = "reconcile"
    READ = "read"
    EXPORT = "export"
    MANAGE_USERS = "manage_users"
    RUN_JOBS = "run_jobs"


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of ``roles.csv``: whether a role may use a verb."""

    role: Role
    verb: Verb
    allowed: bool


PERMISSIONS: Final[Table[Permission]] = load_table(
    files("tieout.kernel") / "roles.csv", Permission, key=("role", "verb")
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks: name, roles, and the companies they may see and touch (``None``: every one).

    A role that is not in the table raises :class:`ValueError`.
    """

    name: str
    roles: frozenset[str]
    companies: frozenset[str] | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", frozenset(Role(role) for role in self.roles))


class VerbNotPermitted(Problem):
    """No role of the actor has the verb. ``roles`` are those that have it."""

    code = "ACCESS-101"
    actor: str
    verb: Verb
    roles: tuple[Role, ...]


class CompanyNotPermitted(Problem):
    """The actor has the verb, but not in this company."""

    code = "ACCESS-102"
    actor: str
    verb: Verb
    company: str


def roles_with(verb: Verb) -> tuple[Role, ...]:
    """Return the roles that have ``verb``, in the order of the table."""
    return tuple(row.role for row in PERMISSIONS if row.verb == verb and row.allowed)


def may(actor: Actor, verb: Verb, company: str | None = None) -> bool:
    """Return whether :func:`permit` would let ``actor`` use ``verb`` in ``company``."""
    try:
        permit(actor, verb, company)
    except (VerbNotPermitted, CompanyNotPermitted):
        return False
    return True


def permit(actor: Actor, verb: Verb, company: str | None = None) -> None:
    """Return if ``actor`` may use ``verb`` in ``company``; raise the problem otherwise.

    Without ``company`` only the verb is judged. A verb that works on a set then limits the set to
    ``actor.companies`` itself, or asks once for each company.
    """
    verb = Verb(verb)
    permitted = roles_with(verb)
    if actor.roles.isdisjoint(permitted):
        raise VerbNotPermitted(actor=actor.name, verb=verb, roles=permitted)
    if company is not None and actor.companies is not None and company not in actor.companies:
        raise CompanyNotPermitted(actor=actor.name, verb=verb, company=company)
