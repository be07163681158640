"""The page that copies a price list: another code and name, and then the copy's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor, Verb, permit
from tieout.loading.formats import FORMATS
from tieout.loading.records import stored
from tieout.operations.pricing.actions import CopiedList, copy_price_list
from tieout.operations.pricing.problems import PriceListCodeTaken, PriceListNotNamed, PriceListUnknown
from tieout.workspace import setup_screens
from tieout.workspace.filters import typed
from tieout.workspace.pages import not_found, page

_REFUSED = (PriceListCodeTaken, PriceListNotNamed, PriceListUnknown)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def copy_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Copy the price list of an address; what cannot be copied so is said above what was typed."""
    permit(actor, Verb.LOAD)
    price_list = typed(request.GET.dict(), "code")
    original = stored(actor=actor, entity="price_list", wanted=Wanted(key={"code": price_list}))
    if len(original) != 1:  # unknown and withheld look the same
        return not_found(request)
    given = {name: request.POST.get(name, "") for name in ("code", "name")}
    context = {"form": FORMATS["price_list"], "original": original[0], "given": given}
    if request.method != "POST":
        return render(request, "workspace/setup_copy.html", context)
    try:
        copied = copy_price_list(actor=actor, price_list=price_list, **given)
    except _REFUSED as problem:
        return render(request, "workspace/setup_copy.html", {**context, "problem": problem.text}, status=409)
    messages.success(request, _said(price_list, copied))
    return HttpResponseRedirect(setup_screens.record_url("price_list", {"code": copied.code}))


def _said(price_list: str, copied: CopiedList) -> str:
    return (
        f"Copied from {price_list}. Role prices: {copied.role_prices:,}, markups: {copied.markups:,},"
        f" category prices: {copied.category_prices:,}, product prices: {copied.product_prices:,}."
        " Nobody uses the copy yet: give it to somebody as a price list use."
    )
