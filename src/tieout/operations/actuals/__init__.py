"""THE DECISION TABLE: which event makes which actuals; the append-only record of cost and revenue."""
