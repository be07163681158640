"""What a question about prices, or the copy of a price list, can name wrongly."""

from __future__ import annotations

from tieout.kernel.problems import Problem


class PricingUnknown(Problem):
    """The project, role, resource, quote or subcontract of a question is not set up."""

    code = "LOAD-362"
    field: str
    value: str
    company: str


class PriceListUnknown(Problem):
    """There is no price list of the code."""

    code = "CFG-210"
    price_list: str


class PriceListCodeTaken(Problem):
    """The copy would have the code of a list that is there."""

    code = "CFG-211"
    price_list: str
    taken: str


class PriceListNotNamed(Problem):
    """The copy has no code or name that could be kept."""

    code = "CFG-212"
    price_list: str
    field: str
    most: int
