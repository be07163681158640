"""What a row refers to and is not set up: one problem for each kind of record.

``value`` is what the row says in ``field``.
"""

from __future__ import annotations

from typing import Final

from tieout.kernel.problems import Problem


class _Unknown(Problem):
    row: int
    field: str
    value: str


class CompanyUnknown(_Unknown):
    """The company is not set up."""

    code = "LOAD-301"


class CurrencyUnknown(_Unknown):
    """The currency is not set up."""

    code = "LOAD-302"


class ProjectUnknown(_Unknown):
    """The project is not set up."""

    code = "LOAD-303"


class VendorUnknown(_Unknown):
    """The vendor is not set up."""

    code = "LOAD-304"


class CategoryUnknown(_Unknown):
    """The category is not set up."""

    code = "LOAD-305"


class ResourceUnknown(_Unknown):
    """The resource is not set up."""

    code = "LOAD-306"


class RoleUnknown(_Unknown):
    """The role is not set up."""

    code = "LOAD-307"


class AccountUnknown(_Unknown):
    """The account is not in the company's chart."""

    code = "LOAD-308"


class CustomerUnknown(_Unknown):
    """The customer is not set up."""

    code = "LOAD-309"


class UnitUnknown(_Unknown):
    """The organizational unit is not set up."""

    code = "LOAD-310"


class ContractUnknown(_Unknown):
    """The contract is not set up."""

    code = "LOAD-311"


class ContractLineUnknown(_Unknown):
    """The contract has no such line."""

    code = "LOAD-312"


class PriceListUnknown(_Unknown):
    """The price list is not set up."""

    code = "LOAD-313"


class PeriodUnknown(_Unknown):
    """The fiscal calendar has no such period."""

    code = "LOAD-314"


class ProjectProfileUnknown(_Unknown):
    """The company has no such project cost and revenue profile of the billing method."""

    code = "LOAD-318"


class DimensionUnknown(_Unknown):
    """No financial dimension has this code."""

    code = "LOAD-322"


class DimensionValueUnknown(_Unknown):
    """The financial dimension has no such value."""

    code = "LOAD-323"


class SalesTaxUnknown(_Unknown):
    """The company has no such sales tax, or no group of this name that holds one."""

    code = "LOAD-325"


class ProjectGroupUnknown(_Unknown):
    """The company has no such project group."""

    code = "LOAD-326"


class TaskUnknown(_Unknown):
    """The project has no such task."""

    code = "LOAD-330"


class QuoteUnknown(_Unknown):
    """The quote is not set up."""

    code = "LOAD-331"


class SubcontractUnknown(_Unknown):
    """The subcontract is not set up."""

    code = "LOAD-332"


class MeasureUnitUnknown(_Unknown):
    """The unit of measure is not set up."""

    code = "LOAD-360"


class ProductUnknown(_Unknown):
    """The product is not set up."""

    code = "LOAD-361"


UNKNOWN: Final[dict[str, type[_Unknown]]] = {kind.code: kind for kind in _Unknown.__subclasses__()}
"""The problem of each code of ``references.csv``."""
