"""Vendor invoices and expense reports: entered, then posted to the integration accounts."""
