"""What a row refers to and is not set up, or does not fit: problems of one row that only the databases know.

``value`` is what the row says in ``field``.
"""

from __future__ import annotations

from decimal import Decimal
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


UNKNOWN: Final[dict[str, type[_Unknown]]] = {kind.code: kind for kind in _Unknown.__subclasses__()}
"""The problem of each code of ``references.csv``."""


class OtherCompany(Problem):
    """What the row refers to belongs to another company; entry, resource and project share one."""

    code = "LOAD-315"
    row: int
    field: str
    value: str
    company: str
    other: str


class RateMissing(Problem):
    """No exchange rate into the accounting currency is known on the date."""

    code = "LOAD-316"
    row: int
    company: str
    from_currency: str
    to_currency: str
    rate_date: str


class ContractLineMissing(Problem):
    """A sold project names no contract line."""

    code = "LOAD-317"
    row: int
    value: str


class OtherContent(Problem):
    """A record with the key is there and has other content."""

    code = "LOAD-210"
    row: int
    key: str
    field: str
    stored: str
    value: str


class OutOfRange(Problem):
    """A number is read, and its field cannot be so small or so large."""

    code = "LOAD-216"
    row: int
    field: str
    header: str
    value: Decimal
    allowed: str


class NotWholeMinutes(Problem):
    """Hours that are not a whole number of minutes."""

    code = "LOAD-217"
    row: int
    field: str
    header: str
    value: Decimal


class KeyDoubled(Problem):
    """A set-up record stands twice in the load, with two contents; ``first`` is the row of the first."""

    code = "LOAD-218"
    row: int
    key: str
    first: int


class DocumentPosted(Problem):
    """The line's document is posted; a posted document takes no more lines."""

    code = "LOAD-219"
    row: int
    key: str
