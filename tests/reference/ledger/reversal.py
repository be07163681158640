"""The reversal of an actual: all of it negated, but the price (operations spec 2.0.2; appendix A)."""

from __future__ import annotations

from tests.reference.ledger.kept import Made


def reverse(original: Made, *, cancelled: bool) -> Made:
    """Return the reversal of a live actual, which is adjusted by it; ``cancelled``: it is not made again."""
    billing = "canceled" if cancelled else None
    row = original.row
    reversal = Made(
        row._replace(
            quantity=-row.quantity,
            amount=-row.amount,
            tax_amount=-row.tax_amount,
            discount_amount=-row.discount_amount,
            fee_amount=-row.fee_amount,
            is_reversal=True,
        ),
        list(original.origins),
    )
    original.becomes(adjustment="adjusted", billing=billing)
    reversal.becomes(adjustment="unadjustable", billing=billing)
    return reversal
