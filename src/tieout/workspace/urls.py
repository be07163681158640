"""The addresses of the workspace."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, register_converter

from tieout.loading.formats import FORMATS
from tieout.loading.records import SET_UP
from tieout.operations.entries.rules import KINDS, EntryClass
from tieout.reconciliation.checks.rules import Kind
from tieout.workspace import (
    actuals_views,
    approval_set_views,
    calendar_views,
    cause_views,
    contract_views,
    decision_views,
    entry_views,
    general_journal_views,
    integration_views,
    intercompany_views,
    journal_views,
    ledger_views,
    map_views,
    parameter_views,
    price_views,
    setup_copies,
    setup_files,
    setup_together,
    setup_views,
    troubleshoot_views,
    verification_views,
    views,
)


class KindConverter:
    """A kind of source line in an address: ``expense``, ``vendor-invoice-line``."""

    regex = "|".join(kind.value.replace("_", "-") for kind in Kind)

    def to_python(self, value: str) -> Kind:
        """Return the kind."""
        return Kind(value.replace("-", "_"))

    def to_url(self, value: Kind) -> str:
        """Return its word in an address."""
        return value.value.replace("_", "-")


class SetUpConverter:
    """An entity of set-up in an address, by the name of its file format."""

    regex = "|".join(SET_UP)

    def to_python(self, value: str) -> str:
        """Return the entity."""
        return value

    def to_url(self, value: str) -> str:
        """Return its word in an address."""
        return value


class FormConverter(SetUpConverter):
    """An entity that has a form: set-up and entries."""

    regex = "|".join((*SET_UP, *KINDS.values()))


class SingleConverter(SetUpConverter):
    """An entity whose records are entered one by one."""

    regex = "|".join(one for one in SET_UP if not FORMATS[one].together)


class TogetherConverter(SetUpConverter):
    """An entity whose records are entered together."""

    regex = "|".join(one for one in SET_UP if FORMATS[one].together)


register_converter(KindConverter, "kind")
register_converter(SetUpConverter, "set_up")
register_converter(FormConverter, "form")
register_converter(SingleConverter, "single")
register_converter(TogetherConverter, "together")

urlpatterns = [
    path("", views.home, name="home"),
    path(
        "login/",
        LoginView.as_view(template_name="workspace/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("runs/<uuid:run_id>/", views.run, name="run"),
    path("maps/", map_views.maps_page, name="maps"),
    path("prerequisites/", map_views.prerequisites_page, name="prerequisites"),
    path("set-up/", setup_views.overview, name="set-up"),
    path("set-up/load/", setup_files.load_page, name="set-up-load"),
    path("set-up/load/<uuid:key>/", setup_files.load_upload, name="set-up-upload"),
    path("set-up/load/<uuid:key>/rejected/", setup_files.rejected_rows, name="set-up-rejected"),
    path("set-up/price_list/copy/", setup_copies.copy_page, name="set-up-copy"),
    path("set-up/<set_up:entity>/", setup_views.record_list, name="set-up-list"),
    path("set-up/<single:entity>/new/", setup_views.new_record, name="set-up-new"),
    path("set-up/<single:entity>/record/", setup_views.record, name="set-up-record"),
    path("set-up/<together:entity>/together/", setup_together.together, name="set-up-together"),
    path("set-up/<form:entity>/offers/<str:field>/", setup_views.offers, name="set-up-offers"),
    path("companies/<str:company>/", views.summary, name="summary"),
    path("companies/<str:company>/<kind:kind>/", views.grid, name="grid"),
    path("companies/<str:company>/<kind:kind>/causes/", cause_views.grid_causes, name="grid-causes"),
    path("companies/<str:company>/<kind:kind>/sync/", views.sync, name="sync"),
    path(
        "companies/<str:company>/<kind:kind>/export/<str:file_kind>/", views.grid_export, name="grid-export"
    ),
    path("companies/<str:company>/actuals/sync/", views.sync_actuals, name="sync-actuals"),
    path("companies/<str:company>/trace/", views.trace, name="trace"),
    path("companies/<str:company>/troubleshoot/", troubleshoot_views.troubleshoot, name="troubleshoot"),
    path("companies/<str:company>/troubleshoot/delete/", troubleshoot_views.hide, name="troubleshoot-hide"),
    path("companies/<str:company>/time/", entry_views.entries_page, {"of_class": EntryClass.TIME}, "time"),
    path(
        "companies/<str:company>/expenses/",
        entry_views.entries_page,
        {"of_class": EntryClass.EXPENSE},
        "expenses",
    ),
    path(
        "companies/<str:company>/materials/",
        entry_views.entries_page,
        {"of_class": EntryClass.MATERIAL},
        "materials",
    ),
    path("companies/<str:company>/entries/<uuid:entry_id>/", entry_views.entry_page, name="entry"),
    path("companies/<str:company>/approvals/", entry_views.approvals_page, name="approvals"),
    path("companies/<str:company>/approvals/sets/", approval_set_views.sets_page, name="approval-sets"),
    path(
        "companies/<str:company>/approvals/sets/<int:number>/",
        approval_set_views.set_page,
        name="approval-set",
    ),
    path("companies/<str:company>/verification/", verification_views.verification_page, name="verification"),
    path(
        "companies/<str:company>/vendor-invoices/", verification_views.invoices_page, name="verified-invoices"
    ),
    path(
        "companies/<str:company>/vendor-invoices/export/<str:kind>/",
        verification_views.invoices_export,
        name="verified-invoices-export",
    ),
    path("companies/<str:company>/contracts/", contract_views.contracts_page, name="contracts"),
    path("companies/<str:company>/decisions/", decision_views.decisions, name="decisions"),
    path("companies/<str:company>/projects/", actuals_views.projects_page, name="projects"),
    path("companies/<str:company>/actuals/", actuals_views.actuals, name="actuals"),
    path("companies/<str:company>/actuals/to-date/", actuals_views.to_date, name="actuals-to-date"),
    path("companies/<str:company>/actuals/export/<str:kind>/", actuals_views.export, name="actuals-export"),
    path(
        "companies/<str:company>/actuals/<uuid:actual_id>/price/",
        price_views.price_of_actual,
        name="actual-price",
    ),
    path(
        "companies/<str:company>/general-journals/",
        general_journal_views.general_journal_list,
        name="general-journals",
    ),
    path(
        "companies/<str:company>/general-journals/sync/",
        general_journal_views.sync_page,
        name="general-journal-sync",
    ),
    path(
        "companies/<str:company>/general-journals/of/<path:number>/",
        general_journal_views.general_journal,
        name="general-journal",
    ),
    path(
        "companies/<str:company>/intercompany-invoices/",
        intercompany_views.intercompany_invoices,
        name="intercompany-invoices",
    ),
    path("companies/<str:company>/integration/", integration_views.journal_list, name="integration-journals"),
    path("companies/<str:company>/integration/run/", integration_views.run_job, name="integration-run"),
    path("companies/<str:company>/integration/staging/", integration_views.staging, name="staging"),
    path(
        "companies/<str:company>/integration/<path:number>/",
        integration_views.journal,
        name="integration-journal",
    ),
    path("companies/<str:company>/journals/", journal_views.journal_list, name="journals"),
    path("companies/<str:company>/journals/<path:number>/", journal_views.journal, name="journal"),
    path("companies/<str:company>/ledger/", ledger_views.trial_balance, name="trial-balance"),
    path("companies/<str:company>/ledger/calendar/", calendar_views.ledger_calendar, name="ledger-calendar"),
    path(
        "companies/<str:company>/ledger/accounts/<path:account>/",
        ledger_views.account_detail,
        name="account-detail",
    ),
    path("companies/<str:company>/ledger/vouchers/<path:number>/", ledger_views.voucher, name="voucher"),
    path("companies/<str:company>/parameters/", parameter_views.parameters, name="parameters"),
    path("companies/<str:company>/prices/", price_views.prices, name="prices"),
]
