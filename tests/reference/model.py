"""The naive model of submission and approval: row by row, dictionaries, exact fractions.

Written from the operations spec (2.0 to 2.3, 3.1 to 3.4, appendix B) and DESIGN section 5, not from the SQL.
A record is named by its source and transaction type, because two implementations never share generated keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from tests.reference.world import Row, World

Key = tuple[UUID, str]  # source (entry or line), transaction type


def half_up(number: Fraction, digits: int) -> Decimal:
    """Halves away from zero."""
    scaled = abs(number) * 10**digits
    units = int(scaled + Fraction(1, 2))
    return Decimal(-units if number < 0 else units).scaleb(-digits)


@dataclass
class Books:
    """What happened, in the words of both implementations."""

    submitted_by: dict[UUID, str] = field(default_factory=dict)
    approved_by: dict[UUID, str] = field(default_factory=dict)
    journal_lines: dict[Key, Row] = field(default_factory=dict)
    actuals: dict[Key, Row] = field(default_factory=dict)
    connections: set[tuple[str, UUID, str, str]] = field(default_factory=set)
    origins: set[tuple[str, UUID, str, str, object]] = field(default_factory=set)
    outbox: set[tuple[str, UUID, str]] = field(default_factory=set)
    waiting: dict[UUID, str] = field(default_factory=dict)
    refused: dict[UUID, str] = field(default_factory=dict)  # time entries, by their last try


class Model:
    """Runs the verbs on a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.books = Books()
        self.arrived: set[UUID] = set()

    # ------------------------------------------------------------ look-ups

    def find(self, table: str, key: UUID | None) -> Row | None:
        """Return the row of a key, if there is one."""
        for row in self.world.tables[f"operations_{table}"]:
            if row["id"] == key:
                return row
        return None

    def get(self, table: str, key: UUID) -> Row:
        """Return the row of a key that is there."""
        row = self.find(table, key)
        assert row is not None
        return row

    def digits(self, currency: str) -> int | None:
        """Return the decimals of a currency, if it is known."""
        for row in self.world.tables["operations_currency"]:
            if row["code"] == currency:
                return int(row["digits"])
        return None

    def situation(self, project: Row) -> tuple[str, Row | None, Row | None]:
        """Column of the decision table (or closed), contract line and contract."""
        if project["stage"] != "sold":
            return project["stage"], None, None
        line = self.get("contract_line", project["contract_line_id"])
        return line["billing_method"], line, self.get("contract", line["contract_id"])

    # ------------------------------------------------------------ pricing

    def rate(self, source: str, target: str, day: date) -> Fraction | None:
        """Units of target for one unit of source: the last known rate."""
        if source == target:
            return Fraction(1)
        known = [
            row
            for row in self.world.tables["operations_exchange_rate"]
            if (row["from_currency"], row["to_currency"]) == (source, target)
            and row["rate_type"] == "default"
            and row["valid_from"] <= day
        ]
        if not known:
            return None
        return Fraction(max(known, key=lambda row: row["valid_from"])["rate"]) / 100

    def lists_on(self, day: date, context: str, owner: str, key: UUID) -> list[Row]:
        """Return the lists of an owner that cover the day."""
        uses = self.world.tables["operations_price_list_use"]
        used = {use["price_list_id"] for use in uses if use[owner] == key}
        return [
            row
            for row in self.world.tables["operations_price_list"]
            if row["context"] == context
            and row["id"] in used
            and row["valid_from"] is not None
            and row["valid_to"] is not None
            and row["valid_from"] <= day <= row["valid_to"]
        ]

    def price_on_list(self, price_list: Row, role: UUID, resourcing_unit: UUID) -> Fraction | None:
        """The price of the resourcing unit itself, else that of any unit."""
        for wanted in (resourcing_unit, None):
            for row in self.world.tables["operations_role_price"]:
                if (row["price_list_id"], row["role_id"], row["resourcing_unit_id"], row["unit"]) == (
                    price_list["id"],
                    role,
                    wanted,
                    "hour",
                ):
                    return Fraction(row["price"])
        return None

    def cost_price(self, unit: Row, role: UUID, resourcing_unit: UUID, day: date) -> tuple[Decimal, str]:
        """Return the cost of an hour in the currency of the unit, and why."""
        lists = self.lists_on(day, "cost", "unit_id", unit["id"])
        if not lists:
            return Decimal(0), "no_price_list"
        newest = max(lists, key=lambda row: row["created_at"])
        price = self.price_on_list(newest, role, resourcing_unit)
        if price is None:
            return Decimal(0), "no_role_price"
        rate = self.rate(newest["currency_code"], unit["currency_code"], day)
        if rate is None:
            return Decimal(0), "no_exchange_rate"
        return half_up(price * rate, 16), "role_price"

    def sales_price(self, contract: Row, role: UUID, resourcing_unit: UUID, day: date) -> tuple[Decimal, str]:
        """Return the price of an hour in the currency of the contract, and why."""
        lists = [
            row
            for row in self.lists_on(day, "sales", "contract_id", contract["id"])
            if row["currency_code"] == contract["currency_code"]
        ]
        if len(lists) != 1:
            return Decimal(0), "ambiguous_price_list" if lists else "no_price_list"
        price = self.price_on_list(lists[0], role, resourcing_unit)
        return (Decimal(0), "no_role_price") if price is None else (half_up(price, 16), "role_price")

    # ------------------------------------------------------------ time

    def wanted(self, entry: Row) -> dict[str, tuple[Decimal, str, str]]:
        """Price, reason and currency by transaction type: what approval makes of an entry."""
        project = self.get("project", entry["project_id"])
        own = self.get("organizational_unit", self.get("resource", entry["resource_id"])["unit_id"])
        unit = self.get("organizational_unit", project["unit_id"])
        situation, _, contract = self.situation(project)
        role, day = entry["role_id"], entry["date"]
        cost = (*self.cost_price(unit, role, own["id"], day), unit["currency_code"])
        wanted = {"cost": cost}
        if situation == "time_and_materials" and contract:
            price = self.sales_price(contract, role, own["id"], day)
            wanted["unbilled_sales"] = (*price, contract["currency_code"])
        sells = situation == "time_and_materials"
        if self.is_lent(entry) or (sells and own["id"] != unit["id"]):
            wanted["interorganizational_sales"] = cost
            wanted["resourcing_unit_cost"] = (
                *self.cost_price(own, role, own["id"], day),
                own["currency_code"],
            )
        return wanted

    def is_lent(self, entry: Row) -> bool:
        """Whether another company than the project's lends the resource (DESIGN section 5)."""
        resource, project = (
            self.get("resource", entry["resource_id"]),
            self.get("project", entry["project_id"]),
        )
        return bool(resource["company_code"] != project["company_code"])

    def refusal_of_time(self, entry: Row) -> str:
        """Return the code that refuses an entry, or blank."""
        project = self.get("project", entry["project_id"])
        if entry["company_code"] != project["company_code"]:
            return "APR-107"
        return "INT-701" if project["stage"] == "closed" else ""

    def submit(self, company: str, submitter: str) -> None:
        """Submit the drafts of a company."""
        for entry in self.world.tables["operations_entry"]:
            if entry["company_code"] == company and entry["id"] not in self.books.submitted_by:
                if code := self.refusal_of_time(entry) or self.price(entry):
                    self.books.refused[entry["id"]] = code
                else:
                    self.books.refused.pop(entry["id"], None)
                    self.books.submitted_by[entry["id"]] = submitter

    def price(self, entry: Row) -> str:
        """Write the journal lines that the entry lacks; return the code of a currency that is not known."""
        wanted = self.wanted(entry)
        if any(self.digits(currency) is None for _, _, currency in wanted.values()):
            return "APR-105"
        key = entry["id"]
        lines = self.books.journal_lines
        for kind, (price, reason, currency) in wanted.items():
            if (key, kind) in lines:
                continue
            lines[key, kind] = {
                "billing_type": "chargeable" if "unbilled_sales" in wanted else "not_available",
                "quantity": half_up(Fraction(entry["minutes"], 60), 16),
                "price": price,
                "amount": half_up(entry["minutes"] * Fraction(price) / 60, self.digits(currency) or 0),
                "currency_code": currency,
                "price_reason": reason,
            }
            self.books.origins.add(("journal_line", key, kind, "time_entry", key))
            if kind == "unbilled_sales":
                self.books.connections.add(("journal_line", key, "unbilled_sales", "cost"))
        return ""

    def approve_entries(self, company: str, approver: str) -> None:
        """Approve what is submitted in a company."""
        for entry in self.world.tables["operations_entry"]:
            key = entry["id"]
            submitter = self.books.submitted_by.get(key)
            if entry["company_code"] != company or submitter is None or key in self.books.approved_by:
                continue
            code = "ACCESS-103" if submitter == approver else self.refusal_of_time(entry)
            wanted = set() if code else set(self.wanted(entry))
            if any((key, kind) not in self.books.journal_lines for kind in wanted):
                code = self.price(entry)
            if code:
                self.books.refused[key] = code
                continue
            self.books.refused.pop(key, None)
            self.books.approved_by[key] = approver
            for kind in wanted:
                self.record_time(entry, kind)
            self.connect(key, wanted, lent=self.is_lent(entry))

    def record_time(self, entry: Row, kind: str) -> None:
        """Make one actual of an entry from its journal line."""
        project = self.get("project", entry["project_id"])
        _, line, contract = self.situation(project)
        key = entry["id"]
        between_units = kind in {"resourcing_unit_cost", "interorganizational_sales"}
        lent = self.is_lent(entry)
        stays = kind == "cost" if lent else between_units
        resource = self.get("resource", entry["resource_id"])
        self.books.actuals[key, kind] = self.books.journal_lines[key, kind] | {
            "transaction_class": "time",
            "exchange_rate": None,
            "accounting_amount": None,
            "transaction_date": entry["date"],
            "accounting_date": entry["date"],
            "company_code": resource["company_code"] if lent and between_units else entry["company_code"],
            "project_id": project["id"],
            "contract_id": contract and contract["id"],
            "contract_line_id": line and line["id"],
            "category_id": None,
            "role_id": entry["role_id"],
            "resource_id": entry["resource_id"],
            "contracting_unit_id": project["unit_id"],
            "resourcing_unit_id": resource["unit_id"],
            "skip_sync": stays,
        }
        self.books.origins.add(("actual", key, kind, "time_entry", key))
        self.books.origins.add(("actual", key, kind, "journal_line", kind))
        if not stays:
            self.books.outbox.add(("msdyn_actuals", key, kind))

    def connect(self, key: UUID, kinds: set[str], *, lent: bool = False) -> None:
        """Connect the sales actual to its cost, and what the lending unit sold to what it cost there."""
        if "unbilled_sales" in kinds:
            self.books.connections.add(("actual", key, "unbilled_sales", "cost"))
            self.books.outbox.add(("msdyn_transactionconnections", key, "unbilled_sales"))
        if "resourcing_unit_cost" in kinds:
            self.books.connections.add(("actual", key, "interorganizational_sales", "resourcing_unit_cost"))
            if lent:
                travels = ("msdyn_transactionconnections", key, "interorganizational_sales")
                self.books.outbox.add(travels)

    # ------------------------------------------------------------ documents born in finance

    def approve_documents(self, company: str, approver: str) -> None:
        """Approve what finance posted for a company."""
        for kind, parent in (("expense", "expense_report"), ("vendor_invoice_line", "vendor_invoice")):
            for line in self.world.tables[f"operations_{kind}"]:
                if line["company_code"] != company or line["id"] in self.books.approved_by:
                    continue
                if code := self.refusal_of_document(kind, line):
                    self.books.waiting[line["id"]] = code
                    continue
                self.books.waiting.pop(line["id"], None)
                self.books.approved_by[line["id"]] = approver
                self.record_document(kind, parent, line)

    def refusal_of_document(self, kind: str, line: Row) -> str:
        """Return the first code that refuses a line, or blank."""
        project = self.find("project", line["project_id"])
        if project is None:
            return "APR-104"
        if project["company_code"] != line["company_code"]:
            return "APR-107"
        situation, _, contract = self.situation(project)
        if situation == "closed":
            return "INT-701"
        category = self.find("category", line["category_id"])
        of_class = category["transaction_class"] if category else "fee"
        if of_class == "fee" or (kind == "expense" and of_class != "expense"):
            return "DW-113"
        sells = situation == "time_and_materials" and contract is not None
        target = contract["currency_code"] if sells and contract else line["currency_code"]
        if self.digits(line["currency_code"]) is None or self.digits(target) is None:
            return "APR-105"
        return "" if self.rate(line["currency_code"], target, line["transaction_date"]) else "APR-106"

    def record_document(self, kind: str, parent: str, line: Row) -> None:
        """Make the actuals of one line."""
        project = self.get("project", line["project_id"])
        situation, contract_line, contract = self.situation(project)
        person = next(
            (
                row
                for row in self.world.tables["operations_resource"]
                if row["code"] == line.get("resource_code")
            ),
            None,
        )
        sells = situation == "time_and_materials"
        common: dict[str, Any] = {
            "transaction_class": self.get("category", line["category_id"])["transaction_class"],
            "billing_type": "chargeable" if sells else "not_available",
            "quantity": line["quantity"],
            "transaction_date": line["transaction_date"],
            "accounting_date": line["accounting_date"],
            "company_code": line["company_code"],
            "project_id": project["id"],
            "contract_id": contract and contract["id"],
            "contract_line_id": contract_line and contract_line["id"],
            "category_id": line["category_id"],
            "role_id": None,
            "resource_id": person and person["id"],
            "contracting_unit_id": project["unit_id"],
            "resourcing_unit_id": person and person["unit_id"],
            "skip_sync": False,
        }
        rows = {
            "cost": {
                "price": line["unit_price"],
                "amount": line["amount"],
                "currency_code": line["currency_code"],
                "exchange_rate": line["exchange_rate"],
                "accounting_amount": line["accounting_amount"],
                "price_reason": "posted_amount",
            }
        }
        if sells and contract:
            currency = contract["currency_code"]
            rate = self.rate(line["currency_code"], currency, line["transaction_date"]) or Fraction(0)
            rows["unbilled_sales"] = {
                "price": half_up(Fraction(line["unit_price"]) * rate, 16),
                "amount": half_up(Fraction(line["amount"]) * rate, self.digits(currency) or 0),
                "currency_code": currency,
                "exchange_rate": None,
                "accounting_amount": None,
                "price_reason": "at_cost",
            }
        for made, values in rows.items():
            self.books.actuals[line["id"], made] = common | values
            self.books.origins.add(("actual", line["id"], made, kind, line["id"]))
            self.books.origins.add(("actual", line["id"], made, parent, line["document_id"]))
            self.books.outbox.add(("msdyn_actuals", line["id"], made))
        self.connect(line["id"], set(rows))
