"""A small world of the operations side as plain rows: what tests load, and what the naive model reads.

Each method adds one row to a table and returns its key; :meth:`World.load` writes them to the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tests.reference.writing import Row, write

from tieout.kernel.identifiers import new_id

TABLES: Final = (
    "operations_company",
    "operations_currency",
    "operations_exchange_rate",
    "operations_organizational_unit",
    "operations_role",
    "operations_category",
    "operations_resource",
    "operations_customer",
    "operations_contract",
    "operations_contract_line",
    "operations_contract_line_customer",
    "operations_project_parameters",
    "operations_project",
    "operations_project_approver",
    "operations_vendor",
    "operations_subcontract",
    "operations_price_list",
    "operations_price_list_use",
    "operations_role_price",
    "operations_role_price_markup",
    "operations_price_override",
    "operations_category_price",
    "operations_product",
    "operations_product_price",
    "operations_entry",
    "operations_open_entry",
    "operations_expense",
    "operations_vendor_invoice_line",
)
DIGITS: Final = {"GBP": 2, "USD": 2, "JPY": 0, "BHD": 3}
_BORN: Final = datetime(2025, 1, 1, tzinfo=UTC)


class World:
    """Rows by table, in the order they were added; ``prefix`` keeps the codes of several worlds apart."""

    def __init__(self, currencies: Iterable[str] = DIGITS, prefix: str = "") -> None:
        self.prefix = prefix
        self.tables: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.batches: list[tuple[str, int]] = []
        self._loaded = dict.fromkeys(TABLES, 0)
        self._landed = 0
        for code in currencies:
            self.add("operations_currency", code=code, name=code, digits=DIGITS[code], version=1, batch_id=0)

    def add(self, table: str, **values: Any) -> UUID:
        """Add a row; return its key."""
        key = new_id()
        self.tables[table].append({"id": key, **values})
        return key

    def _code(self, table: str) -> str:
        return f"{self.prefix}{table.removeprefix('operations_')}-{len(self.tables[table]) + 1}"

    def company(self, code: str = "GB01", currency: str = "GBP") -> str:
        """Add a company; return its code."""
        self.add("operations_company", code=code, name=code, currency_code=currency, version=1, batch_id=0)
        return code

    def rate(self, pair: str, rate: str | Decimal, valid_from: date, kind: str = "default") -> UUID:
        """``rate("USDGBP", "80", day)``: 80 GBP for 100 USD from that day on."""
        return self.add(
            "operations_exchange_rate",
            rate_type=kind,
            from_currency=pair[:3],
            to_currency=pair[3:],
            valid_from=valid_from,
            rate=Decimal(rate),
            source="",
            version=1,
            batch_id=0,
        )

    def unit(self, company: str = "GB01", currency: str = "GBP") -> UUID:
        """Add an organizational unit."""
        code = self._code("operations_organizational_unit")
        return self.add(
            "operations_organizational_unit",
            code=code,
            name=code,
            company_code=company,
            currency_code=currency,
            version=1,
        )

    def role(self) -> UUID:
        """Add a role."""
        code = self._code("operations_role")
        return self.add("operations_role", code=code, name=code, version=1)

    def category(self, transaction_class: str = "expense") -> UUID:
        """Add a transaction category."""
        code = self._code("operations_category")
        return self.add(
            "operations_category", code=code, name=code, transaction_class=transaction_class, version=1
        )

    def resource(self, unit: UUID, company: str = "GB01") -> UUID:
        """Add a resource of a unit."""
        code = self._code("operations_resource")
        return self.add(
            "operations_resource",
            code=code,
            name=code,
            unit_id=unit,
            company_code=company,
            user_name="",
            version=1,
        )

    def customer(self, company: str = "GB01") -> UUID:
        """Add a customer."""
        number = self._code("operations_customer")
        return self.add(
            "operations_customer", company_code=company, account_number=number, name="", version=1
        )

    def contract(self, unit: UUID, currency: str = "GBP", company: str = "GB01") -> UUID:
        """Add a contract with a customer of its own."""
        customer = self.customer(company)
        number = self._code("operations_contract")
        return self.add(
            "operations_contract",
            number=number,
            name=number,
            customer_id=customer,
            company_code=company,
            unit_id=unit,
            currency_code=currency,
            state="draft",
            version=1,
        )

    def contract_line(self, contract: UUID, billing_method: str) -> UUID:
        """Add a line to a contract."""
        number = len(self.tables["operations_contract_line"]) + 1
        return self.add(
            "operations_contract_line",
            contract_id=contract,
            line_number=number,
            name="",
            billing_method=billing_method,
            version=1,
        )

    def project(
        self, unit: UUID, stage: str = "internal", contract_line: UUID | None = None, company: str = "GB01"
    ) -> UUID:
        """Add a project."""
        number = self._code("operations_project")
        return self.add(
            "operations_project",
            number=number,
            name=number,
            company_code=company,
            unit_id=unit,
            stage=stage,
            contract_line_id=contract_line,
            version=1,
        )

    def approver(self, project: UUID, user: str, *, active: bool = True) -> UUID:
        """Name somebody who approves the entries of a project."""
        return self.add(
            "operations_project_approver", project_id=project, user_name=user, active=active, version=1
        )

    def sold_project(
        self, unit: UUID, billing_method: str, currency: str = "GBP", company: str = "GB01"
    ) -> tuple[UUID, UUID]:
        """Return the project and its contract."""
        contract = self.contract(unit, currency, company)
        return self.project(unit, "sold", self.contract_line(contract, billing_method), company), contract

    def subcontract(
        self, company: str = "GB01", currency: str = "GBP", status: str = "confirmed", **given: Any
    ) -> UUID:
        """Add a subcontract with ``vendor``, or one of its own."""
        vendor = given.pop("vendor", None) or self.add(
            "operations_vendor",
            company_code=company,
            account_number=self._code("operations_vendor"),
            name="",
            version=1,
            batch_id=0,
        )
        number = self._code("operations_subcontract")
        values: Row = {"number": number, "name": number, "version": 1} | given
        return self.add(
            "operations_subcontract",
            **values,
            company_code=company,
            vendor_id=vendor,
            currency_code=currency,
            status=status,
        )

    def price_list(
        self,
        currency: str = "GBP",
        valid_from: date | None = date(2025, 1, 1),
        valid_to: date | None = date(2025, 12, 31),
        *,
        unit: UUID | None = None,
        contract: UUID | None = None,
        subcontract: UUID | None = None,
        vendor: UUID | None = None,
        context: str | None = None,
    ) -> UUID:
        """A cost list of a unit, sales list of a contract, purchase list of others; later ones are newer."""
        code = self._code("operations_price_list")
        key = self.add(
            "operations_price_list",
            code=code,
            name=code,
            context=context or ("cost" if unit else "purchase" if subcontract or vendor else "sales"),
            currency_code=currency,
            valid_from=valid_from,
            valid_to=valid_to,
            created_at=_BORN + timedelta(minutes=len(self.tables["operations_price_list"])),
            version=1,
        )
        if unit or contract or subcontract or vendor:
            self.price_list_use(key, unit=unit, contract=contract, subcontract=subcontract, vendor=vendor)
        return key

    def price_list_use(
        self,
        price_list: UUID,
        *,
        unit: UUID | None = None,
        contract: UUID | None = None,
        quote: UUID | None = None,
        customer: UUID | None = None,
        subcontract: UUID | None = None,
        vendor: UUID | None = None,
        company: str | None = None,
    ) -> UUID:
        """Let somebody use a list, or make it a default of a company."""
        return self.add(
            "operations_price_list_use",
            price_list_id=price_list,
            unit_id=unit,
            contract_id=contract,
            quote_id=quote,
            customer_id=customer,
            subcontract_id=subcontract,
            vendor_id=vendor,
            company_code=company,
            version=1,
        )

    def role_price(
        self, price_list: UUID, role: UUID, price: str | Decimal, unit: UUID | None = None, per: str = "hour"
    ) -> UUID:
        """Add a price to a list; without a unit it is that of any."""
        return self.add(
            "operations_role_price",
            price_list_id=price_list,
            role_id=role,
            resourcing_unit_id=unit,
            unit=per,
            price=Decimal(price),
            version=1,
        )

    def time(
        self,
        resource: UUID,
        project: UUID,
        role: UUID,
        on: date = date(2025, 3, 3),
        minutes: int = 480,
        company: str = "GB01",
        **given: Any,
    ) -> UUID:
        """Add a draft of a time entry."""
        own = {"role_id": role, "time_type": "work", "date": on, "minutes": minutes, "company_code": company}
        return self.entry("time", resource, project, **own, **given)

    def spent(self, resource: UUID, project: UUID, category: UUID, **given: Any) -> UUID:
        """Add a draft of an expense entry: one unit, at no price of its own."""
        return self.entry("expense", resource, project, **{"category_id": category, "unit": "each"} | given)

    def used(self, project: UUID, **given: Any) -> UUID:
        """Add a draft of material usage: one unit of a write-in, at no price of its own."""
        return self.entry("material", None, project, **{"product_name": "cement", "unit": "each"} | given)

    def entry(self, of_class: str, resource: UUID | None, project: UUID | None, **given: Any) -> UUID:
        """Add a draft of a class."""
        entry: Row = {
            "external_id": self._code("operations_entry"),
            "transaction_class": of_class,
            "company_code": "GB01",
            "resource_id": resource,
            "project_id": project,
            "date": date(2025, 3, 3),
            "minutes": None,
            "quantity": None if of_class == "time" else Decimal(1),
            "time_type": "",
            "role_id": None,
            "category_id": None,
            "product_id": None,
            "product_name": "",
            "subcontract_id": None,
            "unit": "",
            "price": None,
            "currency_code": "GBP" if given.get("price") is not None or given.get("tax_amount") else "",
            "tax_amount": Decimal(0),
            "description": "work",
            "entered_by": "bob",
        } | given
        key = self.add("operations_entry", **entry)
        opened = {
            "entry_id": key,
            "transaction_class": of_class,
            "company_code": entry["company_code"],
            "status": "draft",
            "minutes": entry["minutes"],
        }
        self.tables["operations_open_entry"].append(opened)
        return key

    def _line(self, table: str, amount: str | Decimal, **given: Any) -> UUID:
        number = len(self.tables[table]) + 1
        day = date(2025, 3, 3)
        values: Row = {
            "document_id": new_id(),
            "line_number": number,
            "company_code": "GB01",
            "description": "bought",
            "transaction_date": day,
            "accounting_date": day,
            "quantity": Decimal(1),
            "unit_price": Decimal(amount),
            "amount": Decimal(amount),
            "tax_amount": Decimal(0),
            "currency_code": "GBP",
            "exchange_rate": Decimal(100),
            "exchange_rate_date": day,
            "accounting_amount": Decimal(amount),
            "voucher": f"V{number}",
            "batch_id": 1,
        }
        return self.add(table, **values | given)

    def vendor_invoice_line(self, project: UUID, category: UUID, amount: str | Decimal, **given: Any) -> UUID:
        """Add a line of a posted vendor invoice."""
        return self._line(
            "operations_vendor_invoice_line", amount, project_id=project, category_id=category, **given
        )

    def expense(self, project: UUID, category: UUID, amount: str | Decimal, **given: Any) -> UUID:
        """Add a line of a posted expense report."""
        values = {"report_number": "R1", "resource_code": "nobody"} | given
        return self._line("operations_expense", amount, project_id=project, category_id=category, **values)

    def land(self, map_name: str, batch_id: int = 1) -> None:
        """State that a delivery batch of the map landed; :meth:`load` records its intake."""
        self.batches.append((map_name, batch_id))

    def load(self) -> World:
        """Write what was added since the last load; lines born in finance land with their intake."""
        write([self])
        return self

    def new_rows(self, table: str) -> list[Row]:
        """Return the rows of a table that were added since it was last asked."""
        rows = self.tables.get(table, [])
        start, self._loaded[table] = self._loaded.get(table, 0), len(rows)
        return rows[start:]

    def new_batches(self) -> list[tuple[str, int]]:
        """Return the batches that landed since they were last asked."""
        start, self._landed = self._landed, len(self.batches)
        return self.batches[start:]

    def by_id(self, table: str) -> dict[UUID, Row]:
        """Return the rows of a table by key."""
        return {row["id"]: row for row in self.tables[table]}
