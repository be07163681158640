"""The page that loads a file: sent, checked, looked at, loaded; the rejected rows come back as a file."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePath
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tieout.kernel.access import Actor, CompanyNotPermitted, Verb, VerbNotPermitted, permit
from tieout.kernel.problems import Problem, ProblemText
from tieout.loading.actions import Loaded, load
from tieout.loading.formats import FORMATS, Area
from tieout.loading.sources import Limits
from tieout.loading.totals import Outcome
from tieout.workspace import uploads
from tieout.workspace.models import User
from tieout.workspace.pages import not_found, page
from tieout.workspace.setup_screens import AREA_LABELS
from tieout.workspace.uploads import Sent

REJECTED_SHOWN: Final = 50
_LABELS: Final = {
    Outcome.READ: "Read",
    Outcome.LOADED: "Loaded",
    Outcome.ALREADY_THERE: "Already there",
    Outcome.REJECTED: "Rejected",
    Outcome.SKIPPED: "Skipped",
}
_MEGABYTES: Final = uploads.BYTES_MAX // 1024 // 1024
_LIMITS: Final = Limits(
    file_bytes_max=uploads.BYTES_MAX,
    unpacked_bytes_max=20 * uploads.BYTES_MAX,
    shared_text_bytes_max=5 * uploads.BYTES_MAX,
)
"""A request shares the server's memory with others: a tenth of what a load of its own may cost."""
_NO_FILE: Final = f"Choose a file of at most {_MEGABYTES} MB; a larger one is loaded with tieout load."
_NO_ENTITY: Final = "Choose what the file holds."
_AREAS: Final = (*AREA_LABELS.items(), (Area.DOCUMENTS, "Documents"))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What checking or loading a file came to: its result, or why it cannot be used."""

    loaded: Loaded | None
    rejected: bytes
    problem: ProblemText | None


@require_http_methods(["GET", "HEAD", "POST"])
@page
def load_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a file and check it: what would be loaded, and which rows would not."""
    permit(actor, Verb.LOAD)
    entity = request.POST.get("entity", "") or request.GET.get("entity", "")
    if request.method != "POST":
        return _asked(request, entity, {})
    file = request.FILES.get("file")
    if entity not in FORMATS:
        return _asked(request, entity, {"mistake": _NO_ENTITY})
    if file is None or isinstance(file, list):
        return _asked(request, entity, {"mistake": _NO_FILE})
    kept = uploads.keep(actor=actor, user_id=_user_id(request), entity=entity, file=file)
    answer = _load(actor, kept, dry_run=True)
    if answer.loaded is None:
        return _asked(request, entity, {"problem": answer.problem})
    return _shown(request, kept, answer.loaded, answer.rejected)


@require_POST
@page
def load_upload(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Load a file that was checked. Loading it twice is loading it once."""
    kept = uploads.sent(actor=actor, user_id=_user_id(request), key=key)
    if kept is None:
        return not_found(request)
    answer = _load(actor, kept, dry_run=False)
    if answer.loaded is None:
        return _asked(request, kept.entity, {"problem": answer.problem})
    return _shown(request, kept, answer.loaded, answer.rejected)


@require_safe
@page
def rejected_rows(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Give the rejected rows of a file back, as they were, with what is wrong behind them."""
    kept = uploads.sent(actor=actor, user_id=_user_id(request), key=key)
    if kept is None or not kept.rejected:
        return not_found(request)
    answer = HttpResponse(kept.rejected, content_type="text/csv; charset=utf-8")
    name = f"{PurePath(kept.name).stem.removesuffix('.rejected')}.rejected.csv"
    answer.headers["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    return answer


def _load(actor: Actor, kept: Sent, *, dry_run: bool) -> _Answer:
    """Load a file, or try to, and keep the rows that it refuses."""
    with tempfile.TemporaryDirectory(prefix="tieout-upload-") as folder:
        rejected, path = Path(folder) / "rejected.csv", Path(folder) / "sent" / kept.name
        path.parent.mkdir()
        path.write_bytes(kept.content)
        try:
            loaded = load(
                actor=actor,
                entity=kept.entity,
                files=[path],
                dry_run=dry_run,
                rejected=rejected,
                limits=_LIMITS,
            )
        except (VerbNotPermitted, CompanyNotPermitted):
            raise
        except Problem as problem:
            return _Answer(None, b"", problem.text)
        found = rejected.read_bytes() if rejected.exists() else b""
    uploads.keep_rejected(actor=actor, key=kept.key, rejected=found)
    return _Answer(loaded, found, None)


def _asked(request: HttpRequest, entity: str, more: dict[str, Any]) -> HttpResponse:
    """Ask for a file; ``more`` says what was wrong with the last one."""
    areas = [
        {
            "label": label,
            "entities": [(one.entity, one.title) for one in FORMATS.values() if one.area is area],
        }
        for area, label in _AREAS
    ]
    context = {"areas": areas, "entity": entity, "megabytes": _MEGABYTES, **more}
    return render(request, "workspace/setup_load.html", context)


def _shown(request: HttpRequest, kept: Sent, loaded: Loaded, rejected: bytes) -> HttpResponse:
    totals = loaded.totals
    context = {
        "upload": {"key": kept.key, "name": kept.name, "title": FORMATS[kept.entity].title},
        "loaded": loaded,
        "units": totals.units,
        "totals": [
            {
                "label": "To load" if loaded.dry_run and one is Outcome.LOADED else label,
                "rows": totals.rows(one),
                "sums": [totals.sum(one, unit) for unit in totals.units],
            }
            for one, label in _LABELS.items()
            if one in totals.outcomes
        ],
        "to_load": totals.rows(Outcome.LOADED),
        "rejected": _first_rejected(rejected),
    }
    return render(request, "workspace/setup_load.html", context)


def _first_rejected(content: bytes) -> list[dict[str, str]]:
    """Return the first rejected rows as a page shows them."""
    found = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [
        {name: row[f"rejected_{name}"] for name in ("row", "code", "message", "remedy")}
        for row in islice(found, REJECTED_SHOWN)
    ]


def _user_id(request: HttpRequest) -> int:
    if not isinstance(request.user, User):
        raise TypeError("the workspace knows only its own users")
    return int(request.user.pk)
