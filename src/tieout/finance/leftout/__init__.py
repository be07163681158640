"""Invalid staged actuals that somebody left out for good, and took back in."""
