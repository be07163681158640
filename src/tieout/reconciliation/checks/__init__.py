"""Portable SQL over fact tables, one file per check (DESIGN D9)."""
