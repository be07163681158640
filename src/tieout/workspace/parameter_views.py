"""*Parameters*: how a company is integrated, its other set-up, and the rates that its books need."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tieout.database.set_up import Wanted
from tieout.finance.ledgers.queries import rates_of_company
from tieout.kernel.access import Actor, Verb, may
from tieout.loading.formats import FORMATS
from tieout.loading.records import Texts, stored
from tieout.workspace import screens
from tieout.workspace.pages import page
from tieout.workspace.setup_forms import label_of

ENTITY: Final = "integration_parameters"
_TABS: Final = {
    "General": ("workspace_enabled", "beginning_balances_until", "general_journal_line_limit"),
    "Financial": (
        "auto_open_period",
        "worker_dimensions",
        "expense_integration_account",
        "procurement_integration_account",
    ),
    "Integration journals": (
        "period_unit",
        "line_limit",
        "transfer_error_lines",
        "prevalidation",
        "prevalidation_minutes",
    ),
    "Project categories": (
        "default_time_category",
        "default_expense_category",
        "default_item_category",
        "default_fee_category",
    ),
    "Accounts payable": ("manual_verification", "block_payment", "product_receipt_to_ledger"),
    "Sales tax": ("billing_tax_group_from", "milestone_item_tax_group"),
}
"""The tabs of *Project management and accounting parameters*, and what stands on each."""
_BESIDE: Final = (
    "line_property",
    "number_sequence",
    "project_group",
    "project_group_member",
    "posting_profile",
    "project_profile",
    "profile_rule",
    "payment_method",
    "lending_relationship",
    "dimension_default",
    "account_dimension",
    "sales_tax_group",
    "sales_tax_group_use",
    "item_sales_tax_group_use",
    "period_status",
)
"""The other set-up of a company, in lists of its own."""


@require_safe
@page
def parameters(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Show the parameters of a company by tab, the lists beside them, and the rates that its books need."""
    frame = screens.frame(actor, company)
    found = stored(actor=actor, entity=ENTITY, wanted=Wanted(key={"company": company}, limit=1))
    record = next(iter(found), None)
    asked = urlencode({"company": company})
    screen = "set-up-record" if record else "set-up-new"
    context = {
        "frame": frame,
        "tabs": [(tab, _lines(names, record)) for tab, names in _TABS.items()] if record else [],
        "change": f"{reverse(screen, args=[ENTITY])}?{asked}" if may(actor, Verb.LOAD, company) else "",
        "lists": [
            (FORMATS[one].title, FORMATS[one].one_row, f"{reverse('set-up-list', args=[one])}?{asked}")
            for one in _BESIDE
        ],
        "rates": [
            (one, f"{reverse('set-up-list', args=['exchange_rate'])}?{_pair(one.of, one.into)}")
            for one in rates_of_company(actor=actor, company=company, today=frame.today)
        ],
    }
    return render(request, "workspace/parameters.html", context)


def _lines(names: tuple[str, ...], record: Texts) -> list[tuple[str, str, str, str]]:
    fields = FORMATS[ENTITY].fields
    return [(name, label_of(name), record[name], fields[name].description) for name in names]


def _pair(of: str, into: str) -> str:
    return urlencode({"from_currency": of, "to_currency": into})
