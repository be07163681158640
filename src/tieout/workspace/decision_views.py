"""The page *What happens when*: which actuals an event makes, in a situation or for a real project."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tieout.kernel.access import Actor
from tieout.operations.entries.queries import entry_choices
from tieout.workspace import decision_screens, screens
from tieout.workspace.decision_table import SITUATION_LABELS, seed_tables
from tieout.workspace.pages import page

_FIELDS: Final = (
    ("project", "Project ID"),
    ("resource", "Resource"),
    ("task", "Task"),
    ("role", "Role"),
    ("category", "Category"),
)


@require_safe
@page
def decisions(request: HttpRequest, actor: Actor, company: str) -> HttpResponse:
    """Answer a question about the decision table, and show the table with the row that answers."""
    frame = screens.frame(actor, company)
    query = request.GET.dict()
    question = decision_screens.question_of(query)
    answer, mistakes = decision_screens.project_answer(actor, company, question)
    asked_of_project = "ask" in query and query["ask"] == "project"
    if asked_of_project and question.project is None:
        mistakes = {"project": "Name a project."}
    found = entry_choices(actor=actor, company=company)
    context: dict[str, Any] = {
        "frame": frame,
        "title": "What happens when",
        "question": question,
        "choices": decision_screens.choices(question),
        "fields": [
            {
                "name": name,
                "label": label,
                "value": query.get(name, "").strip(),
                "mistake": mistakes.get(name, ""),
                "options": [one for one in found if one.kind == name],
            }
            for name, label in _FIELDS
        ],
        "tables": seed_tables(),
        "situations": SITUATION_LABELS,
        "has_mistakes": bool(mistakes),
    }
    if not mistakes:
        context |= {
            "told": decision_screens.told(question, answer),
            "sentence": decision_screens.sentence(question, answer),
            "answer": answer,
            "place": decision_screens.place_in_table(question, answer),
        }
    return render(request, "workspace/decisions.html", context, status=400 if mistakes else 200)
