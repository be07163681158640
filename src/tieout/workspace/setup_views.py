"""The pages of set-up: what there is, its records, and the form in which one is entered or changed.

Whoever may read looks; whoever may load edits. Saving goes through loading, so that a record that is typed
is judged and entered as one that stands in a file.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor, Verb, permit
from tieout.loading.formats import FORMATS
from tieout.loading.records import (
    Entered,
    Shown,
    Texts,
    address,
    address_of,
    enter_record,
    fingerprint,
    stored,
)
from tieout.loading.reference_problems import ChangedMeanwhile
from tieout.workspace import setup_forms, setup_screens
from tieout.workspace.pages import not_found, page


@require_safe
@page
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what can be set up, by area, with counts."""
    context = {"areas": setup_screens.overview(actor), "may_load": setup_screens.may_load(actor)}
    return render(request, "workspace/setup.html", context)


@require_safe
@page
def record_list(request: HttpRequest, actor: Actor, entity: str) -> HttpResponse:
    """Show the records of one entity."""
    form = FORMATS[entity]
    context = {
        "form": form,
        "list": setup_screens.record_list(actor, entity, request.GET.dict()),
        "may_load": setup_screens.may_load(actor),
        "new": "set-up-together" if form.together else "set-up-new",
    }
    return render(request, "workspace/setup_list.html", context)


@require_safe
@page
def offers(request: HttpRequest, actor: Actor, entity: str, field: str) -> HttpResponse:
    """Offer what a field could refer to, as far as the form is filled in."""
    row = request.GET.get("row", "")
    typed = {name.removeprefix(row): text for name, text in request.GET.dict().items()}
    found = setup_screens.offers(actor, entity, field, typed)
    return render(request, "workspace/_setup_offers.html", {"offers": found})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def new_record(request: HttpRequest, actor: Actor, entity: str) -> HttpResponse:
    """Enter a new record."""
    permit(actor, Verb.LOAD)
    if request.method == "POST":
        typed = setup_forms.typed_record(entity, request.POST.dict())
        entered = enter_record(actor=actor, entity=entity, record=typed, shown=None)
        if not entered.problems:
            return _entered(request, actor, entity, typed, entered)
        mistakes = setup_forms.mistakes_of(entity, entered.problems[1])
        return _form(request, actor, entity, typed, {"is_new": True, "mistakes": mistakes})
    record = setup_forms.blank_record(entity, request.GET.dict())
    return _form(request, actor, entity, record, {"is_new": True})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def record(request: HttpRequest, actor: Actor, entity: str) -> HttpResponse:
    """Show one record, and change it; its key stays."""
    key = address_of(entity, request.GET.dict())
    found = stored(actor=actor, entity=entity, wanted=Wanted(key=key)) if key else []
    if len(found) != 1:  # unknown and withheld look the same
        return not_found(request)
    now = found[0]
    key = address(entity, now)
    context: dict[str, Any] = {"key": key, "fingerprint": fingerprint([now])}
    if request.method != "POST":
        return _form(request, actor, entity, now, context)
    typed = setup_forms.typed_record(entity, request.POST.dict())
    typed |= {name: now[name] for name in FORMATS[entity].key}
    shown = Shown(key, request.POST.get("fingerprint", ""))
    entered = enter_record(actor=actor, entity=entity, record=typed, shown=shown)
    if not entered.problems:
        return _entered(request, actor, entity, typed, entered)
    problems = entered.problems[1]
    context["mistakes"] = setup_forms.mistakes_of(entity, problems)
    if any(isinstance(problem, ChangedMeanwhile) for problem in problems):
        context["now"] = now
    else:
        context["fingerprint"] = shown.fingerprint
    return _form(request, actor, entity, typed, context)


def _form(
    request: HttpRequest, actor: Actor, entity: str, record: Texts, more: dict[str, Any]
) -> HttpResponse:
    """Show the form of a record; ``more`` says its key (none: a new one) and what is wrong with it."""
    form = FORMATS[entity]
    may_load = setup_screens.may_load(actor)
    key = more.get("key")
    fixed = form.key if key else ()
    context = {
        "form": form,
        "title": setup_screens.words_of(key) if key else f"New {form.title.lower()}",
        "fields": setup_forms.form_fields(
            entity,
            record,
            fixed=frozenset(fixed if may_load else form.fields),
            mistakes=more.get("mistakes"),
            now=more.get("now"),
        ),
        "travels": setup_screens.travels(entity),
        "related": setup_screens.related(entity, record) if key else [],
        "may_load": may_load,
        **more,
    }
    return render(request, "workspace/setup_record.html", context)


def _entered(request: HttpRequest, actor: Actor, entity: str, typed: Texts, entered: Entered) -> HttpResponse:
    """Say what was entered, on the record's page if it is found under what was typed."""
    say(request, entity, entered)
    key = address_of(entity, typed)
    found = stored(actor=actor, entity=entity, wanted=Wanted(key=key))
    if len(found) == 1:
        return HttpResponseRedirect(setup_screens.record_url(entity, found[0]))
    return redirect(reverse("set-up-list", args=[entity]))


def say(request: HttpRequest, entity: str, entered: Entered) -> None:
    """Keep for the next page what became of what was typed."""
    title = FORMATS[entity].title
    if not entered.changed:
        messages.info(request, f"{title}: nothing was changed; it is stored as it stands here.")
        return
    sent = [one for one in entered.travels if one not in entered.waiting]
    told = f" Sent by {', '.join(sent)}." if sent else ""
    messages.success(request, f"{title} saved.{told}")
    for one in entered.waiting:
        text = f"The map {one} is not running: it sends the record when it starts."
        messages.warning(request, text)
