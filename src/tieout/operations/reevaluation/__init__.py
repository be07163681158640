"""Re-evaluation: what was approved is made anew where its contract says something else (spec 2.1, E22)."""
