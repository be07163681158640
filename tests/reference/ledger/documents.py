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
        if project["company_code"] != row["company_code"]:
            return "APR-107"
        line, situation, _ = self.billing(row)
        if situation == "closed":
            return "INT-701"
        of_class = self.of_class(row)
        if of_class in {None, "fee"} or (document.kind == "expense" and of_class != "expense"):
            return "DW-113"
        contract = self.contract(line) if situation == "time_and_materials" else None
        priced = contract and self.priced(row, contract)
        target = contract["currency_code"] if contract else row["currency_code"]
        if self.rules.digits(row["currency_code"]) is None or self.rules.digits(target) is None:
            return "APR-105"
        rate = self.rules.pricing.rate(row["currency_code"], target, row["transaction_date"])
        return "" if rate or (priced and priced["method"] == "price_per_unit") else "APR-106"

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
        cost = self.record(
            document,
            Actual(
                **common,
                transaction_type="cost",
                price=row["unit_price"],
                amount=row["amount"],
                currency_code=row["currency_code"],
                price_reason="posted_amount",
                exchange_rate=row["exchange_rate"],
                exchange_rate_date=row["exchange_rate_date"],
                accounting_amount=row["accounting_amount"],
            ),
        )
        if sells and contract:
            currency = contract["currency_code"]
            reason, price, whole = self.sold(row, contract)
            digits = self.rules.digits(currency) or 0
            amount = half_up(whole, digits)
            terms = self.firm.the("contract_line", line)
            for customer, share, worth in self.rules.amount_shares(terms, row["quantity"], amount, digits):
                sold = common | {"quantity": half_up(share, DIGITS)}
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
