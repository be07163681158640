"""Import from staging: actuals that arrived become lines of project integration journals."""
