"""The naive model of entries: submitted, approved, taken back, made anew. Row by row, exact fractions.

Written from the operations spec and DESIGN, not from the SQL. A verb answers with its refusal, or blank.
"""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from uuid import UUID

from tests.reference.ledger.books import (
    Actual,
    Approval,
    Books,
    Connection,
    Event,
    Line,
    Met,
    Origin,
    Submission,
)
from tests.reference.ledger.kept import PRICED, SOURCE, Change, Entry, Made
from tests.reference.ledger.money import DIGITS, half_up
from tests.reference.ledger.reversal import reverse
from tests.reference.ledger.rows import BETWEEN, Place, Rules
from tests.reference.ledger.work import Firm


class Ledger:
    """Runs the verbs on one firm."""

    def __init__(self, firm: Firm) -> None:
        self.rules = Rules(firm)
        self.firm = firm
        self.entries = {key: Entry(work) for key, work in firm.work.items()}
        self.made: list[Made] = []
        self.connected: list[tuple[Made | Line, str, Made | Line, str]] = []
        self.kept = Books()

    # ------------------------------------------------------------ forth

    def submit(self, entry: Entry, by: str, *, anew: bool = False) -> str:
        """Submit a draft or returned entry; a submitted one gets the lines that it lacks (2.1, E2).

        ``anew``: it was approved, and is evaluated again.
        """
        if entry.state in {"approved", "recall_requested"}:
            return ""
        if code := self.rules.refusal(entry.work, is_new=entry.state != "submitted" and not anew):
            entry.problem = code
            return code
        entry.problem = ""
        if entry.state != "submitted" or self.is_stale(entry):
            entry.submissions += 1
            self.force(entry, "submitted", entry.submissions, entry.submissions, by)
            entry.lines = {}
            self.kept.submissions[Submission(entry.work.key, entry.submission, entry.submission, by)] += 1
        self.price(entry)
        return ""

    def is_stale(self, entry: Entry) -> bool:
        """Whether another contract line takes the entry now than the one its sales were priced for (E23)."""
        sales, place = entry.lines.get("unbilled_sales"), self.rules.place(entry.work)
        return sales is not None and sales.contract_line_id != (place.line["id"] if place.line else None)

    @staticmethod
    def force(entry: Entry, state: str, submission: int, lines_of: int, by: str | None) -> None:
        """Put an entry into a state of the worklist."""
        entry.state, entry.submission, entry.lines_of, entry.submitted_by = state, submission, lines_of, by

    def price(self, entry: Entry) -> None:
        """Write the journal lines that an entry lacks: the price is that of now (2.0.1)."""
        work = entry.work
        place = self.rules.place(work)
        for kind in self.rules.wanted(work, place):
            if kind in entry.lines:
                continue
            line, lacks_tax = self.line(entry, kind, place)
            entry.lines[kind] = line
            self.kept.lines[line] += 1
            self.kept.origins[Origin(line, SOURCE[work.transaction_class], work.key)] += 1
            if kind == "unbilled_sales":
                self.connected.append((line, "unbilled_sales", entry.lines["cost"], "cost"))
            self.says(line, lacks_tax=lacks_tax)

    def line(self, entry: Entry, kind: str, place: Place) -> tuple[Line, bool]:
        """Return a line of an entry, and whether its tax cannot be converted."""
        work = entry.work
        priced = self.rules.price(kind, work, place)
        tax = self.rules.tax(kind, work, priced.currency)
        line = Line(
            work.key,
            entry.lines_of,
            kind,
            place.line["id"] if place.line and kind == "unbilled_sales" else None,
            place.billing_type,
            half_up(work.quantity, DIGITS),
            priced.price,
            self.rules.amount(work.quantity, priced.price, priced.currency),
            half_up(Fraction(tax or 0), DIGITS),
            priced.currency,
            priced.answer.reason,
            json.dumps(work.custom, sort_keys=True),
            *priced.answer.trace,
        )
        return line, tax is None

    def says(self, line: Line, *, lacks_tax: bool) -> None:
        """Note that a line has no price, or lacks its tax."""
        if line.price == 0 and line.price_reason not in PRICED:
            self.kept.problems[Met(line.entry, "APR-102", line.transaction_type, line.price_reason)] += 1
        if lacks_tax:
            self.kept.problems[Met(line.entry, "APR-119", line.transaction_type, line.price_reason)] += 1

    def approve(self, entry: Entry, by: str, change: Change) -> str:
        """Approve an entry that somebody else submitted (2.1, E5 to E8); an approved one stays as it is."""
        if entry.state in {"approved", "recall_requested"}:
            return ""
        code = self.refusal_of_approval(entry, by, change)
        if code:
            entry.problem = code
            return code
        entry.problem = ""
        if self.is_stale(entry):
            self.submit(entry, str(entry.submitted_by))
        self.price(entry)
        self.make(entry, change)
        entry.state, entry.change = "approved", change
        entry.approvals += 1
        billable = None if change.billable is None else half_up(change.billable, DIGITS)
        self.kept.approvals[
            Approval(entry.work.key, entry.submission, by, billable, change.billing_type)
        ] += 1
        return ""

    def refusal_of_approval(self, entry: Entry, by: str, change: Change) -> str:
        """Return the code that refuses an approval, or blank."""
        if entry.state != "submitted":
            return "APR-101"
        if code := self.barred(entry, by):
            return code
        code = self.rules.refusal(entry.work)
        if code and code != "APR-105":
            return code
        if change.billable is not None and self.rules.is_impossible(entry.work, change.billable):
            return "APR-108"
        wanted = self.rules.wanted(entry.work, self.rules.place(entry.work))
        return code if self.is_stale(entry) or any(kind not in entry.lines for kind in wanted) else ""

    def barred(self, entry: Entry, by: str) -> str:
        """Return why somebody does not decide about an entry: they submitted it, or others do."""
        if by == entry.submitted_by:
            return "ACCESS-103"
        return "ACCESS-113" if self.rules.others_approve(entry.work, by) else ""

    def make(self, entry: Entry, change: Change) -> None:
        """Make the actuals of an entry from its journal lines; connect them (2.1; appendix B)."""
        place = self.rules.place(entry.work)
        own: dict[str, Made] = {}
        wanted = self.rules.wanted(entry.work, place)
        for kind in wanted:
            line = entry.lines[kind]
            for quantity, billing_type in self.parts(kind, entry.work.quantity, line, change):
                shares = self.shares(kind, place, quantity)
                taxes = {customer: line.tax_amount for customer, _ in shares}
                if kind == "unbilled_sales":
                    part = (
                        Fraction(0) if billing_type != "chargeable" else quantity / (entry.work.quantity or 1)
                    )
                    taxes = self.rules.taxes(line.tax_amount, line.currency_code, part, shares)
                for customer, share in shares:
                    made = self.actual(entry, place, line, share, billing_type)
                    made.row = made.row._replace(
                        tax_amount=taxes[customer],
                        contract_line_customer_id=customer,
                        customer_id=self.rules.customer(place, customer)
                        if kind == "unbilled_sales"
                        else None,
                        skip_sync=self.rules.is_kept_here(kind, wanted, place),
                        discount_amount=self.rules.percent_of(made.row, place, "discount"),
                        fee_amount=self.rules.percent_of(made.row, place, "fee"),
                    )
                    own.setdefault(kind, made)
                    if kind == "unbilled_sales":
                        self.connected.append((made, kind, own["cost"], "cost"))
        if BETWEEN[0] in own:
            self.connected.append((own[BETWEEN[1]], BETWEEN[1], own[BETWEEN[0]], BETWEEN[0]))

    @staticmethod
    def parts(kind: str, quantity: Fraction, line: Line, change: Change) -> list[tuple[Fraction, str]]:
        """Return the parts of a row: cost as submitted (2.0.8), of sales what is billed and what is not.

        A part of quantity 0 is not written (DESIGN section 5).
        """
        if kind != "unbilled_sales":
            return [(quantity, line.billing_type)]
        billable = quantity if change.billable is None else change.billable
        parts = [(billable, change.billing_type or line.billing_type)]
        if abs(billable) < abs(quantity):
            parts.append((quantity - billable, "non_chargeable"))
        return [part for part in parts if part[0]]

    def shares(self, kind: str, place: Place, quantity: Fraction) -> list[tuple[UUID | None, Fraction]]:
        """Return who bears which part of a row: only what is sold is split (4.10)."""
        if kind != "unbilled_sales" or not place.line:
            return [(None, quantity)]
        return self.rules.shares(place.line, quantity)

    def actual(self, entry: Entry, place: Place, line: Line, quantity: Fraction, billing_type: str) -> Made:
        """Make one actual from its journal line."""
        work = entry.work
        row = Actual(
            source_id=work.key,
            source_kind=SOURCE[work.transaction_class],
            transaction_type=line.transaction_type,
            transaction_class=work.transaction_class,
            billing_type=billing_type,
            quantity=half_up(quantity, DIGITS),
            price=line.price,
            amount=self.rules.amount(quantity, line.price, line.currency_code),
            tax_amount=half_up(Fraction(0), 0),
            currency_code=line.currency_code,
            price_reason=line.price_reason,
            transaction_date=work.on,
            accounting_date=work.on,
            company_code=(
                place.resource["company_code"]
                if place.resource and line.transaction_type in BETWEEN
                else work.company
            ),
            project_id=work.project,
            contract_id=place.contract["id"] if place.contract else None,
            contract_line_id=place.line["id"] if place.line else None,
            role_id=work.role,
            category_id=work.category,
            task_id=work.task,
            resource_id=work.resource,
            contracting_unit_id=place.contracting["id"],
            resourcing_unit_id=place.resourcing["id"],
            subcontract_id=work.subcontract,
            custom=line.custom,
            description=work.description,
            product_id=work.product,
            product_name=work.product_name,
            unit=work.unit,
            skip_sync=False,
            billing_status="unbilled_sales_created" if line.transaction_type == "unbilled_sales" else "",
        )
        made = Made(row, [(row.source_kind, work.key), ("journal_line", line)])
        entry.live.append(made)
        self.made.append(made)
        return made

    # ------------------------------------------------------------ back

    def give_back(self, entry: Entry, event: str, by: str) -> str:
        """Reject (E4), or recall before approval (E3)."""
        if entry.state != "submitted":
            return "APR-109"
        if event == "rejected" and self.rules.others_approve(entry.work, by):
            return "ACCESS-113"
        if event == "recalled" and by != entry.submitted_by:
            return "ACCESS-109"
        self.happened(entry, event, by)
        self.force(entry, "draft" if event == "recalled" else "returned", 0, 0, None)
        entry.problem = ""
        return ""

    def ask_back(self, entry: Entry, by: str) -> str:
        """Request a recall (5.1)."""
        if entry.state != "approved":
            return "APR-111"
        if by != entry.submitted_by:
            return "ACCESS-109"
        self.happened(entry, "recall_requested", by)
        entry.state = "recall_requested"
        return ""

    def refuse(self, entry: Entry, by: str) -> str:
        """Answer a recall with no: approved as before (E11)."""
        if entry.state != "recall_requested":
            return "APR-110"
        if self.rules.others_approve(entry.work, by):
            return "ACCESS-113"
        self.happened(entry, "recall_rejected", by)
        entry.state = "approved"
        return ""

    def grant(self, entry: Entry, by: str) -> str:
        """Grant a recall: returned, all is reversed (E10)."""
        if entry.state != "recall_requested":
            return "APR-110"
        if code := self.barred(entry, by):
            return code
        self.happened(entry, "recall_approved", by)
        self.reverse(entry, cancelled=True)
        self.force(entry, "returned", 0, 0, None)
        return ""

    def cancel(self, entry: Entry, by: str) -> str:
        """Cancel the approval: submitted again with the same lines, all is reversed (E9)."""
        if entry.state != "approved":
            return "APR-111"
        if code := self.barred(entry, by):
            return code
        self.happened(entry, "approval_cancelled", by)
        self.reverse(entry, cancelled=True)
        self.again(entry)
        return ""

    def again(self, entry: Entry) -> None:
        """Submit an entry as it was."""
        assert entry.submitted_by is not None
        entry.submissions += 1
        self.force(entry, "submitted", entry.submissions, entry.lines_of, entry.submitted_by)
        self.kept.submissions[
            Submission(entry.work.key, entry.submission, entry.lines_of, entry.submitted_by)
        ] += 1

    def reverse(self, entry: Entry, *, cancelled: bool) -> None:
        """Reverse every live actual, once (2.0.2)."""
        while entry.live:
            self.reverse_one(entry.live.pop(), cancelled=cancelled)
        entry.corrected = None

    def reverse_one(self, original: Made, *, cancelled: bool) -> Made:
        """Reverse one live actual, and connect the two."""
        reversal = reverse(original, cancelled=cancelled)
        self.made.append(reversal)
        self.connected.append((reversal, "reversing", original, "original"))
        return reversal

    def happened(self, entry: Entry, event: str, by: str) -> None:
        """Note what happened to the submission in force."""
        self.kept.events[Event(entry.work.key, entry.submission, event, by)] += 1

    def reevaluate(self, project: UUID, company: str, by: str) -> Counter[str]:
        """Make the approved entries of a project anew (E22, E23); return why some stay as they were.

        What a journal corrected stays so: it is not what its entry says (6).
        """
        approved = [
            entry
            for entry in self.entries.values()
            if (entry.work.project, entry.work.company, entry.state) == (project, company, "approved")
            and entry.corrected is None
        ]
        refused = Counter[str]()
        for entry in approved:
            if code := self.rules.refusal(entry.work):
                entry.problem, refused[code] = code, refused[code] + 1
                continue
            self.happened(entry, "reevaluated", by)
            self.reverse(entry, cancelled=False)
            assert entry.submitted_by is not None
            entry.state = "returned"
            self.submit(entry, entry.submitted_by, anew=True)
            self.approve(entry, "system", entry.change)
        return refused

    # ------------------------------------------------------------ what came of it

    def books(self) -> Books:
        """Return all rows."""
        books = Books(
            lines=self.kept.lines,
            submissions=self.kept.submissions,
            approvals=self.kept.approvals,
            events=self.kept.events,
            origins=Counter(self.kept.origins),
            problems=Counter(self.kept.problems),
            retries=self.kept.retries,
        )
        for made in self.made:
            books.actuals[made.row] += 1
            books.stated[made.row] += not made.row.skip_sync
            books.origins.update(Origin(made.row, kind, key) for kind, key in made.origins)
        for first, role1, second, role2 in self.connected:
            connection = Connection.of(row_of(first), role1, row_of(second), role2)
            books.connections[connection] += 1
            travels = isinstance(connection.transaction1, Actual) and not connection.transaction1.skip_sync
            books.stated[connection] += travels
        for entry in self.entries.values():
            books.states[entry.work.key, entry.state] += 1
            if entry.state != "approved":
                books.worklist[entry.waiting()] += 1
            if entry.problem:
                books.problems[Met(entry.work.key, entry.problem)] += 1
        return books


def row_of(one: Made | Line) -> Actual | Line:
    """Return the row of what the model made."""
    return one.row if isinstance(one, Made) else one
