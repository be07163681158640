"""Why a row of pricing could never price: problems of one row. ``value`` is what the row says."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class _OfRow(Problem):
    row: int
    value: str


class DimensionNotReadable(_OfRow):
    """The firm's own dimensions are not written as name=value;name=value."""

    code = "LOAD-363"


class DimensionNotUsed(_OfRow):
    """A dimension cannot stand in this row."""

    code = "LOAD-364"
    reason: str


class UnitOfOtherGroup(_OfRow):
    """The unit cannot be converted into what is priced."""

    code = "LOAD-365"
    group: str
    wanted: str


class MethodIncomplete(_OfRow):
    """The pricing method lacks the figure that it works with, or a customer or vendor its company."""

    code = "LOAD-366"
    field: str


class MethodOfOtherContext(_OfRow):
    """Work is priced from its cost on a list that is no sales list."""

    code = "LOAD-375"
    price_list: str
    context: str


class UserNotOne(_OfRow):
    """A list is given to none or several at once."""

    code = "LOAD-367"
    allowed: str


class UserOfOtherContext(Problem):
    """A cost list is given to a contract, or a sales list to a unit."""

    code = "LOAD-368"
    row: int
    field: str
    context: str


class OutsideOfList(_OfRow):
    """An override begins on a day on which its list does not apply."""

    code = "LOAD-369"
    price_list: str
    first: str
    last: str


class ListReversed(_OfRow):
    """A list ends before it begins."""

    code = "LOAD-370"
    first: str
    last: str


class TaxOfProduct(Problem):
    """A usage of a product of the catalogue has a tax."""

    code = "LOAD-230"
    row: int
    field: str
    value: str
    product: str
