"""What finance has in staging, held against the actuals: asked by the prevalidation."""
