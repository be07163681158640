"""What stands on the page *What happens when*: the question, and the answer in words with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tieout.finance.journals.rules import POSTING_MATRIX, GoesTo, MatrixRow
from tieout.kernel.access import Actor
from tieout.operations.actuals.queries import Answer, Asked, asked_situation
from tieout.operations.actuals.rules import (
    LENDING,
    Billing,
    BillingMethod,
    BillingRule,
    Consequence,
    CurrencyOf,
    Event,
    Made,
    Quantity,
    QuantityRule,
    Relation,
    Situation,
    Worked,
    consequences,
)
from tieout.workspace.decision_table import (
    CURRENCY_LABELS,
    EVENT_LABELS,
    MILESTONE_OPENS,
    SITUATION_LABELS,
    UNITS_LABELS,
)
from tieout.workspace.filters import typed
from tieout.workspace.labels import BILLING_LABELS, CLASS_LABELS, SOURCE_LABELS, TYPE_LABELS, words

RELATION_LABELS: Final = {
    Relation.SAME_UNIT: "to the unit that owns the project",
    Relation.OTHER_UNIT: "to another unit of the same company",
    Relation.OTHER_UNIT_EVERYWHERE: "to another unit of a company that wants its rows on every contract",
    Relation.OTHER_COMPANY: "to a unit of another company",
}
_BILLING_WORDS: Final = {
    BillingRule.CONTRACT_LINE: "as the contract line says, unless the approver says otherwise",
    BillingRule.OF_THE_SALE: "that of its sale; not available where nothing is sold",
    BillingRule.ORIGINAL: "that of the row it reverses",
    BillingRule.INVOICE_LINE: "that of the invoice line",
}
_QUANTITY_WORDS: Final = {
    QuantityRule.SUBMITTED: "as submitted, whatever is billable",
    QuantityRule.BILLABLE: "what is billable",
    QuantityRule.NEGATED: "that of the row it reverses, negated",
    QuantityRule.INVOICED: "that of the invoice line",
}
_PART_WORDS: Final = {
    Quantity.NEW: "the new, smaller quantity; a part of 0 is not written",
    Quantity.DIFFERENCE: "what is left of the quantity before; a part of 0 is not written",
    Quantity.MILESTONE: "the milestone, at its amount",
}
# The documents that an actual of a class can come from, as the posting matrix names them.
_SOURCES_OF: Final[Mapping[Worked, frozenset[str]]] = {
    Worked.TIME: frozenset({"time_entry"}),
    Worked.EXPENSE: frozenset({"expense_entry", "expense", "vendor_invoice_line"}),
    Worked.MATERIAL: frozenset({"material_usage", "vendor_invoice_line", "stocked_invoice_line"}),
}
_INVOICED: Final = frozenset({Made.BILLED_SALES, Made.BILLED_SALES_REVERSAL})
_TABLE_SOURCE: Final = "Decision table"
_LENT_SOURCE: Final = (
    "Design, section 5: between companies, and between units where the company says so, on every contract"
)


class Verdict(StrEnum):
    """What an answer is."""

    MADE = "made"
    NONE = "none"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MadeWords:
    """One actual that is made, in words; ``finance`` has a line per kind of document it can come from."""

    label: str
    reversal: bool
    billing: str
    quantity: str
    currency: str
    travels: bool
    travel: str
    status: str
    original: str
    finance: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Told:
    """The answer to a question: what is made, or that nothing is, or that the event is refused.

    ``why`` says how a real project came to its situation, ``mistakes`` what the question named wrongly.
    """

    verdict: Verdict
    said: str
    made: tuple[MadeWords, ...] = ()
    further: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: a situation, or work on a project that has one."""

    relation: Relation
    event: Event
    situation: Situation
    worked: Worked
    project: Asked | None


def question_of(query: Mapping[str, str]) -> Question:
    """Return the question of an address; words that it does not know count as not said."""
    texts = {name: typed(query, name) for name in ("project", "resource", "task", "role", "category")}
    worked = _member(Worked, query.get("class", ""), Worked.TIME)
    return Question(
        relation=_member(Relation, query.get("relation", ""), Relation.SAME_UNIT),
        event=_member(Event, query.get("event", ""), Event.APPROVED),
        situation=_member(Situation, query.get("situation", ""), Situation.TIME_AND_MATERIALS),
        worked=worked,
        project=Asked(worked=worked, **texts) if texts["project"] else None,
    )


def choices(question: Question) -> dict[str, list[dict[str, Any]]]:
    """Return what the fields of the form offer."""
    return {
        "relations": _choices(RELATION_LABELS, question.relation),
        "events": _choices(EVENT_LABELS, question.event),
        "situations": _choices(SITUATION_LABELS, question.situation),
        "classes": _choices({one: CLASS_LABELS[one.value] for one in Worked}, question.worked),
    }


def project_answer(actor: Actor, company: str, question: Question) -> tuple[Answer | None, dict[str, str]]:
    """Return how work on the project asked for would be taken, and what is named wrongly, by field."""
    if question.project is None:
        return None, {}
    answer = asked_situation(actor=actor, company=company, asked=question.project)
    places = {"project": f"in company {company}", "task": f"in project {question.project.project}"}
    mistakes = {
        name: f"There is no {name} {getattr(question.project, name)}"
        f"{' ' + places[name] if name in places else ''}. Its number or code is written as in the set-up."
        for name in answer.unknown
    }
    return answer, mistakes


def told(question: Question, answer: Answer | None) -> Told:
    """Return the answer to a question; ``answer`` is how the work of a real project would be taken."""
    relation, situation = question.relation, question.situation
    if answer is not None:
        if answer.situation is None:
            return Told(
                Verdict.REFUSED,
                "The project is closed: it takes no transactions, and the event is refused (INT-701).",
                why=_why(question.worked, answer),
            )
        relation, situation = answer.relation, answer.situation
    found = consequences(relation, question.event, situation, question.worked)
    why = _why(question.worked, answer) if answer else ()
    if found[0].kind.actual is Made.NONE:
        return Told(
            Verdict.NONE,
            "Nothing happens: the event is allowed and makes no actuals.",
            why=why,
        )
    if found[0].kind.actual is Made.NOT_APPLICABLE:
        return Told(
            Verdict.REFUSED,
            "Not applicable: there is nothing of the kind to invoice here, and the event is refused.",
            why=why,
        )
    made = tuple(_made(one, question.worked, answer) for one in found)
    number = "One actual is" if len(made) == 1 else f"{len(made)} actuals are"
    further = (f"{MILESTONE_OPENS}.",) if _opens_milestone(found) else ()
    return Told(Verdict.MADE, f"{number} made.", made, further, why)


def place_in_table(question: Question, answer: Answer | None) -> dict[str, Any]:
    """Return which row of which table is asked for; of a closed project none is."""
    if answer is not None and (answer.unknown or answer.situation is None):
        return {}
    relation = answer.relation if answer else question.relation
    situation = answer.situation if answer else question.situation
    return {"units": relation.units, "event": question.event, "situation": situation}


def sentence(question: Question, answer: Answer | None) -> str:
    """Return the question as a sentence."""
    relation = answer.relation if answer else question.relation
    situation = answer.situation if answer else question.situation
    kind = SITUATION_LABELS[situation].lower() if situation else "closed"
    return (
        f"{EVENT_LABELS[question.event].rstrip('.')}; {kind};"
        f" the resource belongs {RELATION_LABELS[relation]}; {CLASS_LABELS[question.worked.value].lower()}."
    )


def units_title(relation: Relation) -> str:
    """Return the title of the seed's table that answers for a relation."""
    return UNITS_LABELS[relation.units]


def _made(one: Consequence, worked: Worked, answer: Answer | None) -> MadeWords:
    kind = one.kind
    label = TYPE_LABELS.get(kind.actual.value.removesuffix("_reversal"), words(kind.actual.value))
    return MadeWords(
        label=f"{label}, reversal" if kind.reverses else label,
        reversal=kind.reverses,
        billing=_billing(one, answer),
        quantity=_quantity(one),
        currency=_currency(one, answer),
        travels=one.travels,
        travel=_travel(one),
        status=_status(kind.adjustment_status, kind.billing_status),
        original=_original(one),
        finance=_finance(one, worked),
        source=_LENT_SOURCE if one.is_lent else f"{_TABLE_SOURCE}; {kind.source}",
    )


def _billing(one: Consequence, answer: Answer | None) -> str:
    rule = one.kind.billing
    if one.billing is not None and one.quantity is Quantity.DIFFERENCE:
        return BILLING_LABELS[one.billing.value]
    if rule is BillingRule.CONTRACT_LINE and answer is not None:
        return f"{BILLING_LABELS[answer.billing_type]}, {_BILLING_WORDS[rule]}"
    if one.billing is not None:
        usual = BILLING_LABELS[one.billing.value]
        return f"{usual}: {_BILLING_WORDS[rule]}" if rule is BillingRule.CONTRACT_LINE else usual
    if rule is BillingRule.OF_THE_SALE and answer is not None:
        sells = answer.situation is Situation.TIME_AND_MATERIALS
        return f"{BILLING_LABELS[answer.billing_type if sells else 'not_available']}: {_BILLING_WORDS[rule]}"
    return _BILLING_WORDS[rule].capitalize() if rule else ""


def _quantity(one: Consequence) -> str:
    if one.kind.reverses:
        return _QUANTITY_WORDS[QuantityRule.NEGATED].capitalize()
    if one.quantity is not None:
        return _PART_WORDS[one.quantity].capitalize()
    return _QUANTITY_WORDS[one.kind.quantity].capitalize() if one.kind.quantity else ""


def _currency(one: Consequence, answer: Answer | None) -> str:
    if one.currency is None:
        return ""
    label = CURRENCY_LABELS[one.currency]
    codes = (
        {
            CurrencyOf.CONTRACTING_UNIT: answer.unit_currency,
            CurrencyOf.RESOURCING_UNIT: answer.resource_unit_currency,
            CurrencyOf.PROJECT_CONTRACT: answer.contract_currency,
        }
        if answer
        else {}
    )
    code = codes.get(one.currency, "")
    return f"{label}: {code}" if code else label


def _travel(one: Consequence) -> str:
    if one.travels and one.kind.actual in LENDING:
        return "Sent to finance, in the books of the resource's company"
    if one.travels:
        return "Sent to finance"
    if one.kind.actual is Made.COST:
        return "Skip sync: the cost comes back to finance with the intercompany invoice"
    if one.kind.actual in LENDING:
        return "Skip sync: rows between two units of one company stay in operations"
    return "Skip sync: finance takes it out of the unbilled sales when it posts the invoice"


def _status(adjustment: str | None, billing: str | None) -> str:
    said = [] if adjustment in {None, "live"} else [f"adjustment {words(adjustment or '').lower()}"]
    if billing:
        said.append(f"billing {words(billing).lower()} (not ready to invoice)")
    return ", ".join(said).capitalize() or "Live"


def _original(one: Consequence) -> str:
    if not one.kind.reverses:
        return ""
    said = []
    if one.kind.original_adjustment:
        said.append(f"adjustment status {words(one.kind.original_adjustment).lower()}")
    if one.kind.original_billing:
        said.append(f"billing status {words(one.kind.original_billing).lower()}")
    if not one.kind.original_adjustment:
        said.append("its adjustment status stays empty")
    return "The row it reverses gets " + ", ".join(said)


def _finance(one: Consequence, worked: Worked) -> tuple[str, ...]:
    """Return what finance posts for the row, by document, as its posting matrix says."""
    made = one.kind.actual
    if not one.travels:
        return ("Nothing: it never arrives.",)
    if made in _INVOICED:
        return ("No journal line: it becomes a line of an invoice proposal, which is posted.",)
    postings: dict[str, dict[str, list[str]]] = {}
    for row in POSTING_MATRIX:
        is_asked = (row.transaction_type, row.transaction_class) == (made.value, worked.value)
        if is_asked and row.source_kind in _SOURCES_OF[worked] and row.goes_to is GoesTo.INTEGRATION_JOURNAL:
            source = SOURCE_LABELS.get(row.source_kind, words(row.source_kind))
            postings.setdefault(source, {}).setdefault(_posting(row), []).append(words(row.treatment).lower())
    said = [f"{source}: {_by_treatment(found)}" for source, found in postings.items()]
    return tuple(said) or ("Finance's posting matrix has no row for it: its journal line would be refused.",)


def _posting(row: MatrixRow) -> str:
    if row.debit is None:
        return "a voucher number without ledger entries"
    return f"debit {words(row.debit).lower()}, credit {words(row.credit or '').lower()}"


def _by_treatment(postings: Mapping[str, Sequence[str]]) -> str:
    """Return what is posted, and by which treatments where set-up decides."""
    if len(postings) == 1:
        return next(iter(postings))
    return "; ".join(f"{posting} ({', '.join(found)})" for posting, found in postings.items())


def _why(worked: Worked, answer: Answer) -> tuple[str, ...]:
    """Return how a project came to its situation, sentence by sentence."""
    said = [_relation_reason(answer)]
    name = CLASS_LABELS[worked.value].lower()
    if answer.stage != "sold":
        said.append(f"The project is {words(answer.stage).lower()}: no contract line takes its work.")
        return tuple(said)
    if answer.line_number is None:
        said.append(
            f"No contract line includes {name} of this project and task: it is not available for billing and"
            " makes cost only, as on a fixed price. To sell it, include the class, or the task, in a line."
        )
        return tuple(said)
    method = SITUATION_LABELS[Situation(BillingMethod(answer.billing_method).value)].lower()
    tasks = "the selected tasks" if answer.included_tasks == "selected" else "all tasks"
    said.append(
        f"Line {answer.line_number} of contract {answer.contract_number} takes it: it includes {name}"
        f" of {tasks} and is billed by {method}."
    )
    said.append(_chargeability(worked, answer))
    return tuple(said)


def _relation_reason(answer: Answer) -> str:
    if not answer.resource_unit_code:
        return f"No resource is named: it is taken as one of unit {answer.unit_code}, which owns the project."
    where = {
        Relation.SAME_UNIT: "the unit that owns the project",
        Relation.OTHER_UNIT: f"another one than {answer.unit_code}, which owns the project; one company",
        Relation.OTHER_UNIT_EVERYWHERE: (
            f"another one than {answer.unit_code}, which owns the project; the company wants the rows between"
            " its units on every contract (project parameters)"
        ),
        Relation.OTHER_COMPANY: (
            f"of company {answer.resource_company}; the project is owned by {answer.unit_code} of another"
        ),
    }[answer.relation]
    return f"The resource belongs to unit {answer.resource_unit_code}, {where}."


def _chargeability(worked: Worked, answer: Answer) -> str:
    label = BILLING_LABELS[answer.billing_type].lower()
    if answer.billing_type == Billing.CHARGEABLE.value:
        return f"It is {label} there: neither the task nor the role or category says otherwise."
    if answer.billing_type_of_task != Billing.CHARGEABLE.value:
        return f"It is {label} there, because the line says so of the task."
    what = "category" if worked is Worked.EXPENSE else "role"
    return f"It is {label} there, because the line, or else the master record, says so of the {what}."


def _opens_milestone(found: tuple[Consequence, ...]) -> bool:
    return any(
        one.kind.actual is Made.BILLED_SALES_REVERSAL and one.quantity is Quantity.MILESTONE for one in found
    )


def _choices(labels: Mapping[Any, str], chosen: StrEnum) -> list[dict[str, Any]]:
    return [{"value": one.value, "label": label, "chosen": one is chosen} for one, label in labels.items()]


def _member(kind: Any, text: str, usual: Any) -> Any:
    return kind(text) if text in set(kind) else usual
