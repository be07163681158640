"""Which record travels where, in which version and order: ``maps.csv`` and one projection per map."""
