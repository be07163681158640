"""ABOVE the sides: facts, checks, causes. It knows facts, not systems; it imports neither side (D8)."""
