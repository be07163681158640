"""Offers to customers: a quote that is won becomes a contract, and its projects are sold."""
