"""SIDE 1: the work. Projects, prices, entries, approvals, and the actuals that record cost and revenue."""
