"""ABOVE the sides: facts, checks, causes. It knows facts, not systems, and imports neither side (DESIGN D8)."""
