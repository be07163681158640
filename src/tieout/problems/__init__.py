"""The permanent log of problems, and the catalogue of what can go wrong (DESIGN D12)."""
