"""BETWEEN the sides: maps, delivery and resynchronization. The only package that knows both."""
