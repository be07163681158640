"""Approval: the moment a submitted entry or a posted document becomes actuals."""
