"""Vendor invoice lines that the project manager verifies before they become actuals."""
