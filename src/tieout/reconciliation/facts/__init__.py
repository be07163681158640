"""The fact tables that collectors fill and checks read."""
