"""Who may do what: the whole table, duties apart, companies a boundary."""

import pytest

from tieout.kernel.access import (
    PERMISSIONS,
    Actor,
    CompanyNotPermitted,
    Role,
    Verb,
    VerbNotPermitted,
    permit,
    roles_with,
)

VERBS_OF = {
    "project_accountant": "load make_journal confirm_journal post_documents deliver import_from_staging"
    " post_integration_journal invoice_intercompany seal_vouchers set_period_status resync reconcile read"
    " export run_jobs",
    "project_manager": "approve verify_vendor_invoices read export",
    "project_approver_admin": "approve approve_every_project verify_vendor_invoices read export",
    "resource": "submit_entries read",
    "ap_clerk": "load post_documents read export",
    "billing_administrator": "invoice_intercompany read export",
    "integrator": "load deliver import_from_staging manage_maps resync reconcile read export run_jobs",
    "auditor": "reconcile read export",
    "administrator": "load make_journal set_period_status manage_maps read export manage_users run_jobs",
    "system": "approve approve_every_project deliver import_from_staging post_integration_journal"
    " invoice_intercompany seal_vouchers resync reconcile read run_jobs",
}


def actor(*roles: str, companies: frozenset[str] | None = None) -> Actor:
    return Actor("ann", frozenset(roles), companies)


@pytest.mark.parametrize("role", Role)
def test_a_role_may_use_exactly_its_verbs(role: Role) -> None:
    allowed = {row.verb for row in PERMISSIONS if row.role is role and row.allowed}
    assert allowed == set(VERBS_OF[role].split())
    for verb in Verb:
        if verb in allowed:
            permit(actor(role), verb)
        else:
            with pytest.raises(VerbNotPermitted):
                permit(actor(role), verb)


def test_who_submits_does_not_approve() -> None:
    assert set(roles_with(Verb.SUBMIT)).isdisjoint(roles_with(Verb.APPROVE))


def test_only_the_accountant_confirms_journals() -> None:
    assert roles_with(Verb.CONFIRM_JOURNAL) == (Role.PROJECT_ACCOUNTANT,)
    assert roles_with(Verb.MAKE_JOURNAL) == (Role.PROJECT_ACCOUNTANT, Role.ADMINISTRATOR)


def test_the_auditor_changes_nothing() -> None:
    assert [verb for verb in Verb if Role.AUDITOR in roles_with(verb)] == [
        Verb.RECONCILE,
        Verb.READ,
        Verb.EXPORT,
    ]


def test_only_an_administrator_manages_users() -> None:
    assert roles_with(Verb.MANAGE_USERS) == (Role.ADMINISTRATOR,)


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(VerbNotPermitted) as refused:
        permit(actor("auditor", "resource"), Verb.APPROVE)
    assert refused.value.as_row() == {
        "code": "ACCESS-101",
        "fields": {
            "actor": "ann",
            "verb": "approve",
            "roles": ["project_manager", "project_approver_admin", "system"],
        },
    }


def test_nobody_without_a_role_may_do_anything() -> None:
    for verb in Verb:
        with pytest.raises(VerbNotPermitted):
            permit(actor(), verb)


def test_companies_are_a_boundary() -> None:
    limited = actor("project_accountant", companies=frozenset({"USPM"}))
    permit(limited, Verb.POST_INTEGRATION_JOURNAL, "USPM")
    permit(limited, Verb.RUN_JOBS)
    permit(actor("project_accountant"), Verb.POST_INTEGRATION_JOURNAL, "GBPM")
    with pytest.raises(CompanyNotPermitted) as refused:
        permit(limited, Verb.POST_INTEGRATION_JOURNAL, "GBPM")
    assert refused.value.fields() == {"actor": "ann", "verb": "post_integration_journal", "company": "GBPM"}
    with pytest.raises(CompanyNotPermitted):
        permit(actor("auditor", companies=frozenset()), Verb.READ, "USPM")


def test_an_unknown_role_or_verb_is_refused() -> None:
    with pytest.raises(ValueError, match="root"):
        actor("root")
    with pytest.raises(ValueError, match="delete"):
        permit(actor("administrator"), "delete")  # type: ignore[arg-type]
