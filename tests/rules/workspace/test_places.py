"""The bar of a company leads to every page of it."""

from __future__ import annotations

from tieout.workspace.places import PLACES, groups
from tieout.workspace.urls import urlpatterns

NO_PAGES = {
    "grid-export",
    "sync",
    "sync-actuals",
    "troubleshoot-hide",
    "integration-run",
    "actuals-export",
    "verified-invoices-export",
}
"""Addresses of a company that answer a file, or do something and lead on."""


def test_each_page_of_a_company_has_one_place_in_the_bar() -> None:
    of_company = [one.name or "" for one in urlpatterns if str(one.pattern).startswith("companies/")]
    reached = [
        name
        for places in PLACES.values()
        for place in places
        if place.is_of_company
        for name in (place.opens, *place.leads_to)
    ]
    assert sorted(reached) == sorted(set(of_company) - NO_PAGES)


def test_a_page_is_marked_with_its_group() -> None:
    bar = {group.label: group for group in groups("LKC", "voucher")}
    assert [label for label, group in bar.items() if group.is_here] == ["Finance"]
    assert [(one.label, one.url) for one in bar["Finance"].links if one.is_here] == [
        ("Ledger", "/companies/LKC/ledger/")
    ]
