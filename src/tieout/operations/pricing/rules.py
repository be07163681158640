"""Words of pricing: why a price is what it is (operations spec 3.1).

Pricing itself is one set of SQL functions (``operations/sql/definitions/030_pricing.sql``), joined by the
statement that submits entries; a price that is not found is 0 with the reason, never an error.
"""

from __future__ import annotations

from enum import StrEnum


class PriceReason(StrEnum):
    """Why an actual or a journal line has its price."""

    ROLE_PRICE = "role_price"  # a line of a role price list
    NO_PRICE_LIST = "no_price_list"  # 0: no list of the unit or contract covers the date
    AMBIGUOUS_PRICE_LIST = "ambiguous_price_list"  # 0: several sales lists of the contract cover the date
    NO_ROLE_PRICE = "no_role_price"  # 0: the list has no line for the role
    NO_EXCHANGE_RATE = "no_exchange_rate"  # 0: the list's currency cannot be converted on the date
    POSTED_AMOUNT = "posted_amount"  # cost of a document born in finance, as posted there
    AT_COST = "at_cost"  # sales price of such a document: its cost, in the contract's currency
