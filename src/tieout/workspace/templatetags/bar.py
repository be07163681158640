"""The bar of a company, as the page shows it that is being written."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext

from tieout.workspace.places import Group, groups

register = template.Library()


@register.simple_tag(takes_context=True)
def company_groups(context: RequestContext, company: str) -> list[Group]:
    """Return the groups of links; the one with the page that is asked for is marked."""
    asked: Any = context.request.resolver_match
    return groups(company, asked.url_name if asked else "")
