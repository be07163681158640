"""The naive model of documents born in finance: approved by arriving, refused ones tried again.

Written from the operations spec (2.6, 3.5, 4.9) and DESIGN section 5: cost is what finance posted; sales are
priced by the line of the contract's list for the category, without one at that cost, in the currency of the
contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from tests.reference.ledger.books import Actual, Approval, Met
from tests.reference.ledger.entries import Ledger
from tests.reference.ledger.kept import Made
from tests.reference.ledger.money import DIGITS, half_up
from tests.reference.writing import Row

PARENT: Final = {"expense": "expense_report", "vendor_invoice_line": "vendor_invoice"}


@dataclass
class Document:
    """One line of a posted document; ``code`` is what refused it."""

    kind: str
    row: Row
    is_approved: bool = False
    code: str = ""


class Documents:
    """Approves the documents of one firm, into the same ledger as its entries."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.firm, self.rules = ledger.firm, ledger.rules
        self.all = {
            row["id"]: Document(kind, row)
            for kind in PARENT
            for row in self.firm.tables[f"operations_{kind}"]
        }

    def approve(self, company: str, by: str) -> None:
        """Approve what arrived for a company."""
        for document in self.all.values():
            if document.row["company_code"] != company or document.is_approved:
                continue
            document.code = self.refusal(document)
            if not document.code:
                document.is_approved = True
                self.make(document)
                self.ledger.kept.approvals[Approval(document.row["id"], 0, by, None, None)] += 1

    def billing(self, row: Row) -> tuple[UUID | None, str, str]:
        """Return which contract line takes a document, its situation and billing type."""
        of_class = self.of_class(row)
        if of_class is None:
            project = self.firm.the("project", row["project_id"])
            return None, "fixed_price" if project["stage"] == "sold" else project["stage"], "not_available"
        return self.rules.referee.billing(row["project_id"], None, of_class, None, row["category_id"])

    def of_class(self, row: Row) -> str | None:
        """Return the transaction class of a document, if its category is known."""
        category = self.firm.of("category", row["category_id"])
        return str(category["transaction_class"]) if category else None

    def contract(self, line: UUID | None) -> Row | None:
        """Return the contract of a contract line."""
        return (
            self.firm.the("contract", self.firm.the("contract_line", line)["contract_id"]) if line else None
        )

    def refusal(self, document: Document) -> str:
        """Return the first code that refuses a document, or blank."""
        row = document.row
        project = self.firm.of("project", row["project_id"])
        if project is None:
            return "APR-104"
        line, situation, _ = self.billing(row)
        if situation == "closed":
            return "INT-701"
        of_class = self.of_class(row)
        if of_class in {None, "fee"} or (document.kind == "expense" and of_class != "expense"):
            return "DW-113"
        contract = self.contract(line) if situation == "time_and_materials" else None
        priced = contract and self.priced(row, contract)
        target = contract["currency_code"] if contract else row["currency_code"]
        own = self.unit_currency(row) if self.is_lent(row) else row["currency_code"]
        if None in {self.rules.digits(one) for one in (row["currency_code"], target, own)}:
            return "APR-105"
        has_price = priced and priced["method"] == "price_per_unit"
        is_sold = has_price or self.rate_into(target, row)
        return "" if is_sold and self.rate_into(own, row) else "APR-106"

    def rate_into(self, currency: str, row: Row) -> Fraction:
        """Return the rate of a document into a currency on its date, per unit; 0 if none is known."""
        rate = self.rules.pricing.rate(row["currency_code"], currency, row["transaction_date"])
        return Fraction(rate or 0) / 100

    def is_lent(self, row: Row) -> bool:
        """Return whether the project is that of another company."""
        return bool(self.firm.the("project", row["project_id"])["company_code"] != row["company_code"])

    def unit_currency(self, row: Row) -> str:
        """Return the currency of the unit that owns the project."""
        unit = self.firm.the("project", row["project_id"])["unit_id"]
        return str(self.firm.the("organizational_unit", unit)["currency_code"])

    def priced(self, row: Row, contract: Row) -> Row | None:
        """Return the line of the contract's list for a document: its category and unit (3.3, 3.5)."""
        found = self.rules.pricing.sales_list(contract, row["transaction_date"])
        if isinstance(found, str):
            return None
        for line in self.firm.tables["operations_category_price"]:
            key = line["price_list_id"], line["category_id"], line["unit"]
            if key == (found["id"], row["category_id"], row.get("unit", "each")):
                return line
        return None

    def sold(self, row: Row, contract: Row) -> tuple[str, Fraction, Fraction]:
        """Return why a document is sold as it is, the price of a piece, and what it comes to."""
        line = self.priced(row, contract)
        if line and line["method"] == "price_per_unit":
            price = Fraction(line["price"])
            return "category_price", price, Fraction(row["quantity"]) * price
        rate = self.rules.pricing.rate(
            row["currency_code"], contract["currency_code"], row["transaction_date"]
        )
        factor = Fraction(rate or 0) / 100
        if line and line["method"] == "markup_over_cost":
            factor *= 1 + Fraction(line["percent"]) / 100
        reason = str(line["method"]) if line else "at_cost"
        return reason, Fraction(row["unit_price"]) * factor, Fraction(row["amount"]) * factor

    def common(self, document: Document) -> dict[str, Any]:
        """Return what all actuals of a document share."""
        row = document.row
        line, situation, billing_type = self.billing(row)
        contract = self.contract(line)
        person = next(
            (
                one
                for one in self.firm.tables["operations_resource"]
                if one["code"] == row.get("resource_code")
            ),
            None,
        )
        return {
            "source_id": row["id"],
            "source_kind": document.kind,
            "transaction_class": self.of_class(row),
            "billing_type": billing_type if situation == "time_and_materials" else "not_available",
            "quantity": row["quantity"],
            "unit": row.get("unit", "each"),
            "tax_amount": half_up(Fraction(0), 0),
            "transaction_date": row["transaction_date"],
            "accounting_date": row["accounting_date"],
            "company_code": row["company_code"],
            "project_id": row["project_id"],
            "contract_id": contract and contract["id"],
            "contract_line_id": line,
            "role_id": None,
            "category_id": row["category_id"],
            "task_id": None,
            "resource_id": person and person["id"],
            "contracting_unit_id": self.firm.the("project", row["project_id"])["unit_id"],
            "resourcing_unit_id": person and person["unit_id"],
            "custom": "{}",
            "description": row["description"],
            "skip_sync": False,
        }

    def make(self, document: Document) -> None:
        """Make cost as posted, and on time and materials what it is sold for."""
        row = document.row
        line, situation, _ = self.billing(row)
        contract = self.contract(line)
        sells = situation == "time_and_materials"
        common = self.common(document)
        cost = self.cost(document, common)
        if sells and contract:
            currency = contract["currency_code"]
            reason, price, whole = self.sold(row, contract)
            digits = self.rules.digits(currency) or 0
            amount = half_up(whole, digits)
            terms = self.firm.the("contract_line", line)
            for customer, share, worth in self.rules.amount_shares(terms, row["quantity"], amount, digits):
                sold = common | {"quantity": half_up(share, DIGITS), "company_code": self.owner(row)}
                buyer = self.firm.of("contract_line_customer", customer) or contract
                sales = self.record(
                    document,
                    Actual(
                        **sold,
                        transaction_type="unbilled_sales",
                        price=half_up(price, DIGITS),
                        amount=half_up(worth, digits),
                        discount_amount=self.percent_of(terms, "discount", worth, digits),
                        fee_amount=self.percent_of(terms, "fee", worth, digits),
                        contract_line_customer_id=customer,
                        customer_id=buyer["customer_id"],
                        currency_code=currency,
                        price_reason=reason,
                        billing_status="unbilled_sales_created",
                    ),
                )
                self.ledger.connected.append((sales, "unbilled_sales", cost, "cost"))

    def owner(self, row: Row) -> str:
        """Return the company of the project."""
        return str(self.firm.the("project", row["project_id"])["company_code"])

    def cost(self, document: Document, common: dict[str, Any]) -> Made:
        """Make cost as posted; for the project of another company what it lends, and its cost there (2.8)."""
        row = document.row
        posted: dict[str, Any] = {
            "price": row["unit_price"],
            "amount": row["amount"],
            "currency_code": row["currency_code"],
            "price_reason": "posted_amount",
            "exchange_rate": row["exchange_rate"],
            "exchange_rate_date": row["exchange_rate_date"],
            "accounting_amount": row["accounting_amount"],
        }
        if not self.is_lent(row):
            return self.record(document, Actual(**common, **posted, transaction_type="cost"))
        own = self.unit_currency(row)
        rate = self.rate_into(own, row)
        there: dict[str, Any] = {
            "price": half_up(Fraction(row["unit_price"]) * rate, DIGITS),
            "amount": half_up(Fraction(row["amount"]) * rate, self.rules.digits(own) or 0),
            "currency_code": own,
            "price_reason": "at_cost",
        }
        lent = self.record(document, Actual(**common, **posted, transaction_type="resourcing_unit_cost"))
        sale = self.record(document, Actual(**common, **there, transaction_type="interorganizational_sales"))
        self.ledger.connected.append((sale, "interorganizational_sales", lent, "resourcing_unit_cost"))
        skipped: dict[str, Any] = common | {"company_code": self.owner(row), "skip_sync": True}
        return self.record(document, Actual(**skipped, **there, transaction_type="cost"))

    @staticmethod
    def percent_of(line: Row, name: str, amount: Fraction, digits: int) -> Decimal:
        """Return the discount or fee of a contract line on what is sold (3.9)."""
        return half_up(amount * Fraction(line.get(f"{name}_percent") or 0) / 100, digits)

    def record(self, document: Document, row: Actual) -> Made:
        """Record one actual, whose ancestors are the line and its document."""
        parent = PARENT[document.kind], document.row["document_id"]
        made = Made(row, [(document.kind, row.source_id), parent])
        self.ledger.made.append(made)
        return made

    def problems(self) -> list[Met]:
        """Return what the documents met."""
        return [Met(key, one.code) for key, one in self.all.items() if one.code]
