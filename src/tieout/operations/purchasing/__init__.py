"""Vendor invoices that were posted in finance, on the operations side."""
