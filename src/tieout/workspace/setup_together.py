"""The page of records that are entered together: all customers of a contract, or of one of its lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tieout.database.set_up import Wanted
from tieout.kernel.access import Actor
from tieout.loading.formats import FORMATS
from tieout.loading.records import (
    Entered,
    Shown,
    Texts,
    address_of,
    enter_together,
    fingerprint,
    stored,
)
from tieout.workspace import setup_forms, setup_screens
from tieout.workspace.pages import page
from tieout.workspace.setup_views import say

ROWS_MOST: Final = 200
BLANK_ROWS: Final = 3
_COMPANY: Final = "company"
"""The customers of a contract are of its company: it is said, and not typed."""
_NOTHING_TYPED: Final = "Nothing is typed: fill in at least one row."
_NO_OWNER: Final = "There is no such record in your companies."


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the page: a record that is stored, or one that can be typed."""

    record: Texts
    is_stored: bool
    mistakes: setup_forms.Mistakes | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    """Whose records the page shows, what they were when they were shown, and what is wrong beside no row."""

    entity: str
    owner: Texts
    rows: list[Row]
    fingerprint: str
    mistakes: list[str] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def together(request: HttpRequest, actor: Actor, entity: str) -> HttpResponse:
    """Show all records of one owner, and enter them together; all of them or none."""
    names = FORMATS[entity].together
    asked = {name: text.strip() for name, text in address_of(entity, request.GET.dict()).items()}
    owner = {name: asked[name] for name in names if asked.get(name)}
    if set(owner) != set(names):
        return _ask_for_owner(request, entity, asked, "")
    company = setup_screens.company_of_owner(actor, entity, owner)
    if company is None:  # unknown and withheld look the same
        return _ask_for_owner(request, entity, owner, _NO_OWNER)
    if request.method == "POST":
        return _enter(request, actor, entity, owner)
    found = stored(actor=actor, entity=entity, wanted=Wanted(key=owner, limit=ROWS_MOST))
    blank = setup_forms.blank_record(entity, {**owner, _COMPANY: company})
    rows = [Row(one, is_stored=True) for one in found]
    if setup_screens.may_load(actor):
        rows += [Row(blank, is_stored=False)] * BLANK_ROWS
    return _shown(request, actor, _Page(entity, owner, rows, fingerprint(found)))


def _enter(request: HttpRequest, actor: Actor, entity: str, owner: Texts) -> HttpResponse:
    typed = _typed(request, entity, owner)
    filled = [place for place, row in enumerate(typed) if row.is_stored or _is_filled(entity, row.record)]
    shown = Shown(owner, request.POST.get("fingerprint", ""))
    if filled:
        records = [typed[place].record for place in filled]
        entered = enter_together(actor=actor, entity=entity, records=records, shown=shown)
    else:
        entered = Entered({})
    if filled and not entered.problems:
        say(request, entity, entered)
        return HttpResponseRedirect(setup_screens.record_url(entity, owner))
    others = [] if filled else [_NOTHING_TYPED]
    rows = list(typed)
    for number, problems in entered.problems.items():
        place = filled[number - 1]
        mistakes = setup_forms.mistakes_of(entity, problems)
        rows[place] = Row(typed[place].record, typed[place].is_stored, mistakes)
        others += mistakes.others
    return _shown(request, actor, _Page(entity, owner, rows, shown.fingerprint, others))


def _typed(request: HttpRequest, entity: str, owner: Texts) -> list[Row]:
    """Return the rows as they were sent; the key of one that is stored comes with it."""
    sent = request.POST.dict()
    count = min(int(sent["rows"]), ROWS_MOST + BLANK_ROWS) if sent.get("rows", "").isdecimal() else 0
    return [
        Row(
            {**setup_forms.typed_record(entity, sent, f"r{place}-"), **owner},
            is_stored=sent.get(f"r{place}-stored") == "yes",
        )
        for place in range(count)
    ]


def _is_filled(entity: str, record: Texts) -> bool:
    """Return whether anything is typed into a row that began blank; its company stood there before."""
    blank = setup_forms.blank_record(entity, {})
    left_out = {*FORMATS[entity].together, _COMPANY}
    return any(text != blank[name] for name, text in record.items() if name not in left_out)


def _shown(request: HttpRequest, actor: Actor, shown: _Page) -> HttpResponse:
    form = FORMATS[shown.entity]
    may_load = setup_screens.may_load(actor)
    rows = []
    for place, row in enumerate(shown.rows):
        fixed = {_COMPANY, *(form.key if row.is_stored else form.together)}
        fields = setup_forms.form_fields(
            shown.entity,
            row.record,
            fixed=frozenset(fixed if may_load else form.fields),
            prefix=f"r{place}-",
            mistakes=row.mistakes,
        )
        own = [one for one in fields if one.name not in form.together]
        rows.append({"prefix": f"r{place}-", "is_stored": row.is_stored, "fields": own})
    context = {
        "form": form,
        "title": f"{form.title}: {setup_screens.words_of(shown.owner)}",
        "rows": rows,
        "columns": [one for one in form.fields.values() if one.name not in form.together],
        "fingerprint": shown.fingerprint,
        "mistakes": shown.mistakes,
        "is_refused": any(row.mistakes for row in shown.rows),
        "total": _total(shown.rows),
        "travels": setup_screens.travels(shown.entity),
        "here": setup_screens.record_url(shown.entity, shown.owner),
        "may_load": may_load,
    }
    return render(request, "workspace/setup_together.html", context)


def _ask_for_owner(request: HttpRequest, entity: str, asked: Texts, mistake: str) -> HttpResponse:
    form = FORMATS[entity]
    record = setup_forms.blank_record(entity, asked)
    fields = setup_forms.form_fields(entity, record, fixed=frozenset())
    context = {
        "form": form,
        "fields": [one for one in fields if one.name in form.together],
        "mistake": mistake,
    }
    return render(request, "workspace/setup_owner.html", context, status=404 if mistake else 200)


def _total(rows: list[Row]) -> Decimal | None:
    """Return what the stored shares come to, None where there are none or one cannot be read."""
    try:
        shares = [Decimal(row.record["percent"]) for row in rows if row.record.get("percent")]
    except InvalidOperation:
        return None
    return sum(shares, Decimal(0)) if shares else None
